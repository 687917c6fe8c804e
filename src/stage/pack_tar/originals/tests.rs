//! Tests of files that change while they are packed.

use std::fs;
use std::sync::Arc;

use super::*;
use crate::archive::packed::{Part, PartStore, Source, Stopped};
use crate::disk::locked_file::identity_of;
use crate::disk::locked_file::tests::CHANGES;
use crate::row::Row;
use crate::threads::Work;

fn listed(folder: &Path) -> (PathBuf, Identity) {
    let file = folder.join("a.jpg");
    fs::write(&file, "old").unwrap();
    (file.clone(), identity_of(&file).unwrap())
}

#[test]
fn a_file_that_changed_since_it_was_packed_stays_and_says_so() {
    for (what, change, then) in CHANGES {
        let folder = tempfile::tempdir().unwrap();
        let (file, packed) = listed(folder.path());
        change(&file);
        let why = take_away(&file, &packed).unwrap();
        let says = why.is_some_and(|why| why.contains("changed after it was packed, and is kept"));
        assert_eq!(says, then.is_some(), "{what}: what is gone already is no matter");
        assert_eq!(fs::read(&file).ok().as_deref(), then, "{what}");
    }
    let folder = tempfile::tempdir().unwrap();
    let (file, packed) = listed(folder.path());
    // Another hard link to the same bytes, added or removed, is not a change.
    fs::hard_link(&file, folder.path().join("b.jpg")).unwrap();
    assert_eq!(take_away(&file, &packed).unwrap(), None);
    assert!(!file.exists());
}

#[test]
fn a_file_that_changed_since_it_was_listed_is_not_packed() {
    for (what, change, _) in CHANGES {
        let folder = tempfile::tempdir().unwrap();
        let (file, identity) = listed(folder.path());
        let (name, bytes, row) =
            ("a.jpg".to_string(), identity.len(), Arc::new(Row::from_cells(&[])));
        let source = Source::File(file.clone(), identity);
        let part = Part { name, bytes, modified_s: 0, source, sha256: None, row, number: None };
        let mut parts = PartStore::new(folder.path());
        parts.push(&part).unwrap();
        change(&file);
        let tar = folder.path().join("a.tar");
        let packed = packed::replace(&tar, &parts, &Work { jobs: 1, ..Work::default() });
        assert!(matches!(packed, Err(Stopped::Parts(_))), "{what}");
        assert!(!tar.exists());
    }
}
