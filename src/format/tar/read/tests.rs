use super::*;
use crate::format::tar::Modified;
use crate::format::tar::write::{end_len, header, padding_len};
use crate::format::tar::{NewMember, RECORD};

/// All entries, the offsets where other tars were joined, and why reading stopped.
fn read(bytes: &[u8]) -> (Vec<TarEntry>, Vec<u64>, Stopped) {
    let (mut entries, mut joined) = (Vec::new(), Vec::new());
    let mut reader = Entries::new(bytes);
    loop {
        match reader.step().unwrap() {
            TarStep::Entry(entry) => entries.push(entry),
            TarStep::Joined(at) => joined.push(at),
            TarStep::Stopped(stopped) => return (entries, joined, stopped),
        }
    }
}

fn sample() -> Vec<u8> {
    let long = format!("{}/{}.jpg", "f".repeat(120), "n".repeat(120));
    let mut bytes = Vec::new();
    for (name, body) in [("a/1.jpg", &b"one"[..]), (&long, &[1; 600]), ("b/2.jpg", &[2; 512])] {
        let member =
            NewMember { name: name.into(), size: body.len() as u64, modified_s: 1_000_000_000 };
        bytes.extend(header(&member).unwrap());
        bytes.extend_from_slice(body);
        bytes.resize(bytes.len() + padding_len(member.size) as usize, 0);
    }
    bytes.resize(bytes.len() + end_len(bytes.len() as u64) as usize, 0);
    bytes
}

/// A tar with entries of these kinds, each with its name and link target.
fn links(entries: &[(tar::EntryType, &str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for &(kind, name, link) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        match kind.is_file() {
            true => {
                header.set_size(3);
                builder.append_data(&mut header, name, &b"abc"[..]).unwrap();
            }
            false if link.is_empty() => {
                header.set_size(0);
                builder.append_data(&mut header, name, &b""[..]).unwrap();
            }
            false => {
                header.set_size(0);
                builder.append_link(&mut header, name, link).unwrap();
            }
        }
    }
    builder.into_inner().unwrap()
}

#[test]
fn what_was_written_is_read() {
    let (entries, joined, stopped) = read(&sample());
    let found: Vec<_> = entries.iter().map(|entry| (entry.name.len(), entry.size)).collect();
    assert_eq!(found, [(7, 3), (245, 600), (7, 512)]);
    assert_eq!((entries[1].header_at, entries[1].body_at), (1024, 1024 + 3 * 512));
    assert_eq!((joined.len(), stopped), (0, Stopped::End(RECORD)));
    assert_eq!(entries[0].modified, Some(Modified { s: 1_000_000_000, ns: 0 }));
}

#[test]
fn long_names_links_and_folders_of_gnu_tar_are_read() {
    use tar::EntryType::{Directory, Fifo, Link, Regular, Symlink};
    let long = "x".repeat(180) + ".jpg";
    let bytes = links(&[
        (Directory, "folder/", ""),
        (Regular, &long, ""),
        (Link, "again.jpg", &long),
        (Symlink, "s.jpg", "../1.jpg"),
        (Fifo, "7.jpg", ""),
    ]);
    let (entries, _, stopped) = read(&bytes);
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.clone()).collect();
    assert_eq!(
        kinds,
        [
            EntryKind::Folder,
            EntryKind::File,
            EntryKind::HardLink(long.clone()),
            EntryKind::SymbolicLink("../1.jpg".into()),
            EntryKind::Special("a FIFO"),
        ]
    );
    assert_eq!(entries[1].name, long);
    assert_eq!(&bytes[entries[1].body_at as usize..][..3], b"abc");
    assert!(matches!(stopped, Stopped::End(_)));
}

#[test]
fn a_tar_cut_anywhere_gives_the_members_before_the_cut_and_says_where() {
    let bytes = sample();
    for end in 0..=4608 {
        let (entries, _, stopped) = read(&bytes[..end]);
        let whole = entries.iter().filter(|entry| entry.kind == EntryKind::File).count();
        let expected = [515, 3160, 4608].iter().filter(|&&body_end| body_end <= end).count();
        assert_eq!(whole, expected, "cut at {end}");
        let between = matches!(end, 515..=1024 | 3160..=3584 | 4608);
        let is_inside = matches!(stopped, Stopped::Cut(_) | Stopped::Malformed(_));
        assert_eq!(is_inside, !between, "cut at {end}: {stopped:?}");
        assert!(stopped.fault().is_some(), "cut at {end}");
    }
    // From the first empty block on, the tar is complete.
    for end in 4608 + 512..=bytes.len() {
        assert_eq!(read(&bytes[..end]).2.fault(), None, "cut at {end}");
    }
}

#[test]
fn a_tar_joined_to_another_is_read_on_and_what_is_none_is_said() {
    let one = sample();
    let (entries, joined, stopped) = read(&[&one[..], &one].concat());
    assert_eq!((entries.len(), joined), (6, vec![RECORD]));
    assert_eq!(stopped, Stopped::End(2 * RECORD));
    let (entries, _, stopped) = read(&[&one[..], b"<html>"].concat());
    assert!(entries.len() == 3 && stopped.fault().unwrap().contains("10246"), "{stopped:?}");
    let (entries, _, stopped) = read(&[&one[..], &[7; 1024]].concat());
    assert!(entries.len() == 3 && stopped.fault().unwrap().contains("10240"), "{stopped:?}");
    // Empty blocks in the middle, as a bad disk range leaves them.
    let (entries, joined, _) = read(&[&one[..1024], &[0; 512], &one[1024..]].concat());
    assert_eq!((entries.len(), joined), (3, vec![1536]));
    for none in [&b""[..], b"id,lon\n", &[7; 600]] {
        assert!(read(none).2.fault().is_some(), "{none:?}");
    }
    assert_eq!(read(&[0; 10240]).2, Stopped::End(RECORD));
}

#[test]
fn a_stream_gives_the_same_as_a_file() {
    let bytes = [&sample()[..], &sample()].concat();
    for end in [0, 300, 515, 1030, 2000, 4608, 10240, 12000, 20480] {
        let mut stream = Entries::new(crate::format::source::Forward::new(&bytes[..end]));
        let mut names = Vec::new();
        let stopped = loop {
            match stream.step().unwrap() {
                // The end of a stream is unknown until it is reached.
                TarStep::Entry(entry) => names.push(entry.name),
                TarStep::Joined(_) => {}
                TarStep::Stopped(stopped) => break stopped,
            }
        };
        let (entries, _, of_file) = read(&bytes[..end]);
        assert_eq!(stopped, of_file, "cut at {end}");
        assert_eq!(names.len(), entries.len(), "cut at {end}");
    }
}

#[test]
fn what_a_name_or_a_record_lacks_costs_its_member_alone() {
    let mut bytes = sample();
    let sum: u64 = 0xe9 - u64::from(bytes[2]);
    bytes[2] = 0xe9;
    let stated = crate::format::tar::number(&bytes[148..156]).unwrap() as u64 + sum;
    bytes[148..155].copy_from_slice(format!("{stated:06o}\0").as_bytes());
    let (entries, _, stopped) = read(&bytes);
    assert_eq!((entries[0].name.as_str(), entries.len()), ("a/\\xe9.jpg", 3));
    assert_eq!(entries[0].kind, EntryKind::Unread(EntryError::NameNotUtf8));
    assert!(matches!(stopped, Stopped::End(_)));
}

#[test]
fn random_changes_do_no_harm() {
    let mut random = fastrand::Rng::with_seed(7);
    let sample = sample();
    for _ in 0..5_000 {
        let mut bytes = sample.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        let _ = read(&bytes);
    }
}
