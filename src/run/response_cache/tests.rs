use super::*;
use crate::row::Row;
use crate::shape::End;
use std::fs;

const BY_IMAGE: Use = Use { identity: "a", force: false, recheck: false, key: Some(Field::ImgId) };

fn answer(id: &str) -> CacheEntry {
    CacheEntry {
        rows: vec![Row::from_cells(&[(Field::ImgId, id), (Field::Make, "A")])],
        ..CacheEntry::default()
    }
}

#[test]
fn answers_come_back_by_key_after_a_torn_end() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("m.csv");
    let (mut answers, _) = ResponseCache::open(&output, &BY_IMAGE).unwrap();
    answers.put("1", &answer("1")).unwrap();
    answers.put("2", &CacheEntry { end: Some(End::Gone), ..CacheEntry::default() }).unwrap();
    answers.put("3", &answer("3")).unwrap();
    drop(answers);
    let path = beside(&output, ".", ".answers");
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(file.metadata().unwrap().len() - 3).unwrap();
    let (mut answers, note) = ResponseCache::open(&output, &BY_IMAGE).unwrap();
    assert_eq!((answers.get("1"), note), (Some(answer("1")), None));
    assert_eq!(answers.get("2").unwrap().end, Some(End::Gone));
    assert_eq!(answers.get("3"), None);
}

#[test]
fn other_arguments_and_force_begin_anew_and_recheck_asks_for_the_gone() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("m.csv");
    let gone = CacheEntry { end: Some(End::Gone), ..CacheEntry::default() };
    ResponseCache::open(&output, &BY_IMAGE).unwrap().0.put("2", &gone).unwrap();
    let (mut answers, _) =
        ResponseCache::open(&output, &Use { recheck: true, ..BY_IMAGE }).unwrap();
    assert_eq!(answers.get("2"), None);
    drop(answers);
    let (mut answers, note) =
        ResponseCache::open(&output, &Use { identity: "b", ..BY_IMAGE }).unwrap();
    assert!(answers.get("2").is_none() && note.unwrap().contains("arguments"));
}

const BY_SEQUENCE: Use = Use { key: Some(Field::SeqId), ..BY_IMAGE };

fn row(sequence: &str, id: &str) -> Row {
    Row::from_cells(&[(Field::SeqId, sequence), (Field::ImgId, id)])
}

/// A complete output, of rows that requested a (twice), b, and c, which is gone.
fn complete(folder: &Path) -> PathBuf {
    let output = folder.join("m.csv");
    let (mut answers, _) = ResponseCache::open(&output, &BY_SEQUENCE).unwrap();
    let two = CacheEntry { rows: vec![row("a", "1"), row("a", "2")], ..CacheEntry::default() };
    answers.put("a", &two).unwrap();
    answers.put("b", &CacheEntry { rows: vec![row("b", "3")], ..CacheEntry::default() }).unwrap();
    answers.put("c", &CacheEntry { end: Some(End::Gone), ..CacheEntry::default() }).unwrap();
    fs::write(&output, "seq_id,img_id\na,1\na,2\na,1\na,2\nb,3\n").unwrap();
    answers.settle(Some(&output)).unwrap();
    output
}

#[test]
fn a_complete_file_serves_as_answers_one_for_each_key_as_often_as_it_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let output = complete(folder.path());
    for _ in 0..3 {
        let (mut answers, note) = ResponseCache::open(&output, &BY_SEQUENCE).unwrap();
        assert_eq!((answers.get("a").unwrap().rows.len(), note), (2, None));
        assert_eq!(answers.get("b").unwrap().rows, [row("b", "3")]);
        assert_eq!(answers.get("c").unwrap().end, Some(End::Gone));
        assert_eq!(answers.get("d"), None);
        answers.settle(Some(&output)).unwrap();
    }
}

#[test]
fn a_file_that_was_not_written_so_is_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let output = complete(folder.path());
    let other = Use { identity: "b", ..BY_SEQUENCE };
    let asked = |how: &Use| {
        let (mut answers, note) = ResponseCache::open(&output, how).unwrap();
        assert_eq!(answers.get("b"), None);
        note.unwrap_or_default()
    };
    let written = fs::read(beside(&output, ".", ".answers")).unwrap();
    fs::write(&output, "seq_id,img_id\na,1\na,2\nb,4\n").unwrap();
    assert!(asked(&BY_SEQUENCE).contains("was changed since"), "another content");
    fs::write(beside(&output, ".", ".answers"), written).unwrap();
    assert!(asked(&other).contains("arguments"), "other flags");
    fs::remove_file(beside(&output, ".", ".answers")).unwrap();
    assert!(asked(&BY_SEQUENCE).contains("is not from this command"), "a file of others");
}

#[test]
fn a_second_run_at_the_same_time_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("m.csv");
    let _first = ResponseCache::open(&output, &BY_IMAGE).unwrap();
    assert!(ResponseCache::open(&output, &BY_IMAGE).err().unwrap().0.contains("another run"));
}

#[test]
fn a_list_stays_when_it_is_complete_and_is_no_other_commands() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    let source = Use { key: None, ..BY_IMAGE };
    for cut in [0, 10, 30, 60] {
        let text = head("a").into_bytes();
        fs::write(&list, &text[..cut]).unwrap();
        assert!(ResponseCache::open_list(&list, &source).unwrap().1.is_none(), "{cut}");
    }
    let (mut answers, _) = ResponseCache::open_list(&list, &source).unwrap();
    answers.put("place", &answer("1")).unwrap();
    drop(answers);
    let (mut answers, note) = ResponseCache::open_list(&list, &source).unwrap();
    assert_eq!(answers.get("place"), Some(answer("1")));
    assert!(note.unwrap().contains("has 1 answers"));
    drop(answers);
    let other = Use { identity: "b", ..source };
    let refused = |how: &Use| ResponseCache::open_list(&list, how).map(|_| ()).unwrap_err().0;
    assert!(refused(&other).contains("another command"));
    let (mut answers, note) =
        ResponseCache::open_list(&list, &Use { force: true, ..other }).unwrap();
    assert_eq!((answers.get("place"), note), (None, None));
    drop(answers);
    for text in ["img_id,lon\n1,2\n", "img_id", "{\"id\":\"1\"}\n"] {
        fs::write(&list, text).unwrap();
        assert!(refused(&Use { force: true, ..BY_IMAGE }).contains("is not a list"), "{text}");
        assert_eq!(fs::read_to_string(&list).unwrap(), text);
    }
}
