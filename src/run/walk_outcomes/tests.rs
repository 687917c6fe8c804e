//! Tests of what a walk caches and passes on.

use super::*;
use crate::shape::End;

fn rows(count: usize) -> Vec<Row> {
    (0..count).map(|at| Row::from_cells(&[(Field::ImgId, &at.to_string())])).collect()
}

fn cut(count: usize) -> Outcome {
    Outcome::Cut(Cut { rows: rows(count), list: Row::from_cells(&[]), why: "cut".into() })
}

/// How many rows each outcome has.
fn counts(out: &[Outcome]) -> Vec<usize> {
    out.iter()
        .map(|outcome| match outcome {
            Outcome::Rows(rows) | Outcome::Cut(Cut { rows, .. }) => rows.len(),
            _ => 0,
        })
        .collect()
}

#[test]
fn a_limit_cuts_within_an_outcome_and_counts_what_has_passed() {
    let mut out = vec![Outcome::Rows(rows(3)), Outcome::Filtered, cut(3), Outcome::Rows(rows(3))];
    assert!(!limited(&mut out, None, 1_000_000));
    assert!(!limited(&mut out, Some(100), 90));
    assert_eq!(counts(&out), [3, 0, 3, 3]);
    assert!(limited(&mut out, Some(100), 95));
    assert_eq!(counts(&out), [3, 0, 2, 0]);
    assert!(limited(&mut out, Some(100), 101), "more than the limit has passed");
    assert_eq!(counts(&out), [0, 0, 0, 0]);
}

#[test]
fn nothing_is_empty_but_a_failure_and_a_filter_are_something() {
    let row = || Row::from_cells(&[]);
    assert!(is_empty(&Outcome::Rows(Vec::new())) && is_empty(&cut(0)));
    assert!(is_empty(&Outcome::Ended(row(), End::Gone)));
    assert!(!is_empty(&Outcome::Rows(rows(1))) && !is_empty(&cut(1)));
    assert!(!is_empty(&Outcome::Filtered) && !is_empty(&Outcome::Failed(row(), "why".into())));
}

#[test]
fn a_place_is_kept_only_when_all_of_it_was_had() {
    let step = |outcomes| WalkStep { outcomes, next: vec!["next".into()] };
    let kept = |outcomes| answer_of(&step(outcomes));
    let all = kept(vec![Outcome::Rows(rows(2)), Outcome::Filtered, Outcome::Rows(rows(1))]);
    let all = all.unwrap();
    assert_eq!((all.rows.len(), all.end, all.next), (3, None, vec!["next".to_string()]));
    let row = || Row::from_cells(&[(Field::SeqId, "s")]);
    let ended = kept(vec![Outcome::Ended(row(), End::Gone)]).unwrap();
    assert_eq!((ended.rows.len(), ended.end), (1, Some(End::Gone)));
    let failed = || Outcome::Failed(row(), "why".into());
    assert!(kept(vec![Outcome::Rows(rows(1)), failed()]).is_none());
    assert!(kept(vec![cut(1)]).is_none(), "a list that was cut is asked for again");
    assert!(kept(vec![Outcome::Rows(rows(1)), Outcome::Ended(row(), End::Gone)]).is_none());
    assert!(kept(vec![]).is_some_and(|answer| answer.rows.is_empty()));
}

#[test]
fn a_place_that_fails_or_leads_round_is_named_in_its_row() {
    let step = failed("z14/1/2", "no answer".into());
    assert!(step.next.is_empty());
    let [Outcome::Failed(row, what)] = &step.outcomes[..] else { panic!("{:?}", step.outcomes) };
    assert_eq!((row.get(Field::Path), what.as_str()), (Some("z14/1/2"), "no answer"));
    let Outcome::Cut(cut) = round("z14/1/2") else { panic!("no cut") };
    assert_eq!((cut.list.get(Field::Path), cut.rows.len()), (Some("z14/1/2"), 0));
}

#[test]
fn a_picture_that_comes_again_is_dropped_whatever_node_it_is_from() {
    let rows = |ids: &[&str]| -> Vec<Row> {
        ids.iter().map(|id| Row::from_cells(&[(Field::ImgId, *id)])).collect()
    };
    let mut seen = KnownIds::default();
    let mut first = Outcome::Rows(rows(&["1", "2", "x"]));
    let mut again = Outcome::Rows(rows(&["x", "3", "1"]));
    assert_eq!(drop_repeated(&mut first, &mut seen), 0);
    assert_eq!(drop_repeated(&mut again, &mut seen), 2);
    assert!(matches!(again, Outcome::Rows(rows) if rows[0].get(Field::ImgId) == Some("3")));
    let sequence = || Outcome::Rows(vec![Row::from_cells(&[(Field::SeqId, "s")])]);
    assert_eq!(drop_repeated(&mut sequence(), &mut seen), 0);
    assert_eq!(drop_repeated(&mut sequence(), &mut seen), 0);
}
