//! Tests of moving files into folders and back.

use super::*;

const LIST: &str = "list.jsonl";

fn entry(how: How, from: PathBuf, folder: &str, name: &str) -> Entry {
    Entry { how, from, folder: folder.into(), name: name.into() }
}

fn photo(root: &Path, name: &str) -> PathBuf {
    fs::write(root.join(name), name).unwrap();
    root.join(name)
}

/// The stop flag, which is never set in these tests.
static GO: AtomicBool = AtomicBool::new(false);

/// Files one photo, in a run of its own.
fn filed(into: &Path, entry: Entry) -> u64 {
    let mut filing = Filing::open(into, LIST).unwrap();
    filing.add(vec![entry]).unwrap();
    filing.work(&GO).unwrap()
}

#[test]
fn what_was_moved_copied_or_linked_is_taken_back() {
    for how in How::ALL {
        let root = tempfile::tempdir().unwrap();
        let from = photo(root.path(), "a\n b.jpg");
        let into = root.path().join("into");
        assert_eq!(filed(&into, entry(how, from.clone(), "s", "a\n b.jpg")), 1);
        assert_eq!(fs::read(into.join("s/a\n b.jpg")).unwrap(), b"a\n b.jpg");
        assert_eq!(from.exists(), how != How::Move);
        assert_eq!(Filing::open(&into, LIST).unwrap().work(&GO).unwrap(), 0);
        assert_eq!(Filing::open(&into, LIST).unwrap().undo(&GO).unwrap(), (1, vec![]));
        assert!(from.exists() && !into.exists());
    }
}

#[test]
fn two_files_of_one_name_are_refused_before_anything_is_done() {
    let root = tempfile::tempdir().unwrap();
    let (a, b) = (photo(root.path(), "a.jpg"), photo(root.path(), "b.jpg"));
    let into = root.path().join("into");
    let mut filing = Filing::open(&into, LIST).unwrap();
    let both = vec![entry(How::Move, a.clone(), "s", "x"), entry(How::Move, b, "s", "x")];
    assert!(filing.add(both).unwrap_err().to_string().contains("nothing was done"));
    assert!(a.exists() && !into.exists());
}

#[test]
fn a_folder_of_others_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let a = photo(root.path(), "a.jpg");
    fs::create_dir_all(root.path().join("into/s")).unwrap();
    let mut filing = Filing::open(&root.path().join("into"), LIST).unwrap();
    assert!(filing.add(vec![entry(How::Move, a, "s", "a.jpg")]).is_err());
}

#[test]
fn a_copy_that_was_changed_stays() {
    let root = tempfile::tempdir().unwrap();
    let a = photo(root.path(), "a.jpg");
    let into = root.path().join("into");
    filed(&into, entry(How::Copy, a, "s", "a.jpg"));
    fs::write(into.join("s/a.jpg"), "tagged").unwrap();
    let (done, left) = Filing::open(&into, LIST).unwrap().undo(&GO).unwrap();
    assert_eq!((done, left.len()), (0, 1));
    assert!(into.join("s/a.jpg").exists() && into.join(LIST).exists());
}

#[test]
fn a_copy_that_never_reached_the_disk_is_made_again() {
    let root = tempfile::tempdir().unwrap();
    let a = photo(root.path(), "a.jpg");
    let into = root.path().join("into");
    fs::create_dir_all(into.join(".s.part")).unwrap();
    fs::write(into.join(".s.part/a.jpg"), "").unwrap();
    assert_eq!(filed(&into, entry(How::Move, a.clone(), "s", "a.jpg")), 1);
    assert_eq!(fs::read(into.join("s/a.jpg")).unwrap(), b"a.jpg");
    assert!(!a.exists());
}

#[test]
fn what_a_kill_left_is_taken_back_and_its_half_copy_away() {
    let root = tempfile::tempdir().unwrap();
    let (a, b) = (photo(root.path(), "a.jpg"), photo(root.path(), "b.jpg"));
    let into = root.path().join("into");
    let mut filing = Filing::open(&into, LIST).unwrap();
    let both =
        vec![entry(How::Copy, a.clone(), "s", "a.jpg"), entry(How::Copy, b.clone(), "s", "b.jpg")];
    filing.add(both).unwrap();
    filing.save().unwrap();
    fs::create_dir(into.join(".s.part")).unwrap();
    fs::copy(&a, into.join(".s.part/a.jpg")).unwrap();
    fs::write(into.join(".s.part/.b.jpg.part"), "half").unwrap();
    drop(filing);
    assert_eq!(Filing::open(&into, LIST).unwrap().undo(&GO).unwrap(), (1, vec![]));
    assert!(a.exists() && b.exists() && !into.exists());
}

#[test]
fn two_at_once_are_refused() {
    let root = tempfile::tempdir().unwrap();
    let _first = Filing::open(root.path(), LIST).unwrap();
    assert!(Filing::open(root.path(), LIST).unwrap_err().to_string().contains("another process"));
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_copied_and_never_moved() {
    let root = tempfile::tempdir().unwrap();
    photo(root.path(), "a.jpg");
    let link = root.path().join("b.jpg");
    std::os::unix::fs::symlink("a.jpg", &link).unwrap();
    let mut filing = Filing::open(&root.path().join("into"), LIST).unwrap();
    for how in [How::Move, How::Link] {
        let refused = filing.add(vec![entry(how, link.clone(), "s", "b.jpg")]).unwrap_err();
        assert!(refused.to_string().contains("symbolic link"), "{refused}");
    }
    filing.add(vec![entry(How::Copy, link, "s", "b.jpg")]).unwrap();
    filing.work(&GO).unwrap();
    assert_eq!(fs::read(root.path().join("into/s/b.jpg")).unwrap(), b"a.jpg");
}

#[test]
fn an_interrupted_run_goes_on_later() {
    let root = tempfile::tempdir().unwrap();
    let a = photo(root.path(), "a.jpg");
    let into = root.path().join("into");
    let mut filing = Filing::open(&into, LIST).unwrap();
    filing.add(vec![entry(How::Move, a.clone(), "s", "a.jpg")]).unwrap();
    assert!(
        filing.work(&AtomicBool::new(true)).unwrap_err().to_string().starts_with("interrupted")
    );
    drop(filing);
    assert!(a.exists() && !into.join("s").exists());
    assert_eq!(Filing::open(&into, LIST).unwrap().work(&GO).unwrap(), 1);
    assert!(!a.exists() && into.join("s/a.jpg").exists());
}

#[test]
fn an_original_that_changed_since_it_was_copied_stays() {
    for (what, change, then) in crate::disk::locked_file::tests::CHANGES {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (root.path().join("a.jpg"), root.path().join("b.jpg"));
        fs::write(&from, "old").unwrap();
        fs::write(&to, "old").unwrap();
        change(&from);
        let settled = move_file::settle(&entry(How::Move, from.clone(), "s", "a.jpg"), &to);
        assert_eq!(settled.is_err(), then.is_some(), "{what}");
        assert_eq!(fs::read(&from).ok().as_deref(), then, "{what}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_moved_to_another_disk_comes_back_and_nothing_stays_there() {
    use std::os::unix::fs::MetadataExt;

    let root = tempfile::tempdir().unwrap();
    let Ok(disk) = tempfile::tempdir_in("/dev/shm") else { return };
    let device = |folder: &tempfile::TempDir| fs::metadata(folder.path()).unwrap().dev();
    if device(&root) == device(&disk) {
        return; // One disk is all there is.
    }
    let from = photo(root.path(), "a.jpg");
    let into = disk.path().join("into");
    assert_eq!(filed(&into, entry(How::Move, from.clone(), "s", "a.jpg")), 1);
    assert!(!from.exists());
    assert_eq!(Filing::open(&into, LIST).unwrap().undo(&GO).unwrap(), (1, vec![]));
    assert_eq!(fs::read(&from).unwrap(), b"a.jpg");
    assert!(!into.exists());
}
