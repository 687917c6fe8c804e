//! Tests of cached responses as lines of a file.

use super::*;
use crate::row::Field;

fn row(id: &str) -> Row {
    Row::from_cells(&[(Field::ImgId, id)])
}

/// The response after it was written as a line, with this body, and parsed again.
fn through_line(answer: &CacheEntry, body: &str) -> Option<CacheEntry> {
    let line = Head::new("a key \"\n", answer, body.len()).line();
    let head = Head::parse(&line).unwrap();
    assert_eq!((head.key.as_str(), head.bytes), ("a key \"\n", body.len()));
    head.answer(body)
}

#[test]
fn each_kind_of_answer_comes_back_from_its_line() {
    let next = || vec!["z14/1".to_string(), "ä".to_string()];
    let kinds = [
        CacheEntry { next: next(), ..CacheEntry::default() },
        CacheEntry { filtered: true, ..CacheEntry::default() },
        CacheEntry { end: Some(End::Gone), ..CacheEntry::default() },
        CacheEntry { end: Some(End::Empty), ..CacheEntry::default() },
        CacheEntry { end: Some(End::Incomplete), ..CacheEntry::default() },
    ];
    for answer in kinds {
        assert_eq!(through_line(&answer, ""), Some(answer));
    }
    let body = "{\"id\":\"1\"}\n{\"id\":\"2\"}\n";
    let rows = CacheEntry { rows: vec![row("1"), row("2")], ..CacheEntry::default() };
    let back = through_line(&rows, body).unwrap();
    let ids: Vec<_> = back.rows.iter().map(|row| row.get(Field::ImgId)).collect();
    assert_eq!(ids, [Some("1"), Some("2")]);
    let on = CacheEntry { rows: vec![row("1")], goes_on: true, ..CacheEntry::default() };
    assert!(through_line(&on, "{\"id\":\"1\"}\n").unwrap().goes_on);
}

#[test]
fn an_answer_with_other_rows_than_its_line_says_is_none() {
    let answer = CacheEntry { rows: vec![row("1"), row("2")], ..CacheEntry::default() };
    assert!(through_line(&answer, "{\"id\":\"1\"}\n").is_none(), "one row is missing");
    assert!(through_line(&answer, "{\"id\":\"1\"}\n{\"id\":\"2\n").is_none(), "one row is cut");
}

#[test]
fn a_line_that_is_cut_or_of_another_kind_is_no_head() {
    let line = Head::new("key", &CacheEntry::default(), 7).line();
    for end in 0..line.len() {
        assert!(Head::parse(&line[..end]).is_none(), "{end} bytes");
    }
    for line in [
        "{}\n",
        "{\"key\":1,\"answer\":\"rows\",\"rows\":0,\"bytes\":0}\n",
        "{\"key\":\"k\",\"answer\":\"rows\",\"rows\":-1,\"bytes\":0}\n",
    ] {
        assert!(Head::parse(line.as_bytes()).is_none(), "{line}");
    }
}

#[test]
fn an_output_holds_answers_of_rows_but_no_list_that_was_cut() {
    let rows = || CacheEntry { rows: vec![row("1")], ..CacheEntry::default() };
    let head = |answer: &CacheEntry| Head::new("key", answer, 0);
    assert!(head(&rows()).is_in_output());
    assert!(!head(&CacheEntry::default()).is_in_output());
    assert!(!head(&CacheEntry { goes_on: true, ..rows() }).is_in_output());
    assert!(!head(&CacheEntry { end: Some(End::Incomplete), ..rows() }).is_in_output());
    let settled = head(&rows()).settled();
    assert!(settled.is_settled() && Head::parse(&settled.line()).unwrap().is_settled());
}

#[test]
fn a_failure_and_a_finding_leave_nothing_to_keep() {
    let why = || "why".to_string();
    assert_eq!(CacheEntry::from_outcome(&Outcome::Failed(row("1"), why())), None);
    assert_eq!(CacheEntry::from_outcome(&Outcome::Found(row("1"), why())), None);
    let cut = Outcome::Cut(Cut { rows: vec![row("1")], list: row("1"), why: why() });
    let kept = CacheEntry::from_outcome(&cut).unwrap();
    assert_eq!((kept.rows.len(), kept.end), (1, Some(End::Incomplete)));
    assert!(CacheEntry::from_outcome(&Outcome::Next(row("1"))).unwrap().goes_on);
    let ended = CacheEntry::from_outcome(&Outcome::Ended(row("1"), End::Gone)).unwrap();
    assert_eq!((ended.rows.len(), ended.end), (0, Some(End::Gone)));
}
