use super::*;
use crate::archive::packed::{add_index, read};
use crate::threads::Work;

/// An indexed tar of these files, with a hard link to the first.
fn tar_of(folder: &Path, names: &[&str]) -> std::path::PathBuf {
    let path = folder.join("a.tar");
    let mut builder = ::tar::Builder::new(File::create(&path).unwrap());
    for (at, name) in names.iter().enumerate() {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(3);
        builder.append_data(&mut header, name, format!("{at:03}").as_bytes()).unwrap();
    }
    let mut link = ::tar::Header::new_gnu();
    link.set_entry_type(::tar::EntryType::Link);
    link.set_size(0);
    builder.append_link(&mut link, "link.jpg", names[0]).unwrap();
    builder.finish().unwrap();
    add_index(&path, |_| None, &Work { jobs: 1, ..Work::default() }).unwrap();
    path
}

#[test]
fn a_member_is_where_its_header_is_also_with_a_long_name_or_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{}/b.jpg", "n".repeat(2000));
    let tar = tar_of(folder.path(), &["a.jpg", "\u{e9}.jpg", &long]);
    let (file, members) = (File::open(&tar).unwrap(), read(&tar).unwrap());
    assert_eq!(members.len(), 4);
    let is_at = |name: &str, place| is_at(&file, &tar, name, place).unwrap();
    for member in &members {
        let place = (member.offset, member.bytes);
        assert!(is_at(&member.name, place), "{}", member.name);
        assert!(!is_at(&member.name, (member.offset, 2)), "{}", member.name);
        assert!(!is_at(&member.name, (member.offset + tar::BLOCK, 3)), "{}", member.name);
        for other in members.iter().filter(|other| other.offset != member.offset) {
            assert!(!is_at(&other.name, place), "{} for {}", member.name, other.name);
        }
    }
    assert!(!is_at("a.jpg", (0, 3)) && !is_at("a.jpg", (1 << 60, 3)));
}

#[test]
fn the_records_of_pack_tar_for_a_long_name_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let (name, path) = ("m".repeat(180), folder.path().join("a.tar"));
    let header = tar::header(&tar::NewMember { name: name.clone(), size: 3, modified_s: 0 });
    let header = header.unwrap();
    std::fs::write(&path, [&header[..], &[7; 512], &[0; 1024]].concat()).unwrap();
    let file = File::open(&path).unwrap();
    let place = (header.len() as u64, 3);
    assert!(is_at(&file, &path, &name, place).unwrap());
    assert!(!is_at(&file, &path, &name[1..], place).unwrap());
}
