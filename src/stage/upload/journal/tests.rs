use super::*;

#[test]
fn what_was_noted_is_known_after_a_kill_for_two_days() {
    let folder = tempfile::tempdir().unwrap();
    let open = |now_ms| Journal::open(folder.path(), "abc", now_ms);
    let journal = open(0).unwrap();
    journal.note("a.jpg", "A", 0).unwrap();
    journal.note("b.jpg", "B", 1000).unwrap();
    assert!(matches!(open(0), Err(Error::Busy)));
    drop(journal);
    let path = folder.path().join("abc.jsonl");
    let mut text = fs::read(&path).unwrap();
    text.truncate(text.len() - 5);
    fs::write(&path, text).unwrap();
    let journal = open(1000).unwrap();
    assert_eq!(
        (journal.handle("a.jpg"), journal.handle("b.jpg")),
        (Some("A"), None),
        "one line was cut"
    );
    journal.note("c.jpg", "C", 2000).unwrap();
    journal.note_refusal(2000).unwrap();
    assert_eq!(journal.refusals(), 0, "of earlier runs");
    drop(journal);
    let journal = open(TRUST_MS).unwrap();
    assert_eq!((journal.handle("a.jpg"), journal.handle("c.jpg")), (None, Some("C")));
    assert_eq!(journal.refusals(), 1);
    journal.remove().unwrap();
    assert!(!path.exists());
}
