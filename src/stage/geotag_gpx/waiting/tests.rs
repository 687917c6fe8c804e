use super::*;
use crate::row::Field;

/// The last seconds of the clocks, in milliseconds, and the number of rows that did not have to wait.
fn clocks(cells: &[(&str, &str)]) -> (Vec<i64>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut held = WaitingRows::new(false, true, folder.path());
    let mut rows = Vec::new();
    for (path, taken) in cells {
        let row = Row::from_cells(&[(Field::Path, path), (Field::TakenAt, taken)]);
        let facts = PhotoFacts::from_row(&row).unwrap();
        rows.extend(held.push(row, facts).unwrap());
    }
    let at_once = rows.len();
    held.settle().unwrap();
    while let Some(row) = held.next(&Unheard).unwrap() {
        rows.push(row);
    }
    assert!(!held.goes_on());
    let clock = |(_, facts): &(Row, PhotoFacts)| facts.taken.unwrap().clock_ms() % 10_000;
    (rows.iter().map(clock).collect(), at_once)
}

const FIRST: &str = "2024-05-01T12:00:01";
const SECOND: &str = "2024-05-01T12:00:02";

#[test]
fn photos_of_one_second_are_spread_in_natural_order_wherever_they_stand() {
    let rows = [("a10", FIRST), ("a11", SECOND), ("a9", FIRST), ("a8", FIRST)];
    assert_eq!(clocks(&rows).0, [1666, 2000, 1333, 1000]);
    let rows = [("a8", FIRST), ("a9", FIRST), ("a10", FIRST), ("a11", SECOND)];
    assert_eq!(clocks(&rows).0, [1000, 1333, 1666, 2000]);
}

#[test]
fn a_name_that_comes_late_changes_the_seconds_before_it() {
    // With the first three alone, a2 would be half a second late.
    let rows = [("a1", FIRST), ("a2", FIRST), ("a3", SECOND), ("a0", FIRST), ("a00", FIRST)];
    assert_eq!(clocks(&rows).0, [1500, 1750, 2000, 1000, 1250]);
}

#[test]
fn a_second_that_the_clock_shows_again_is_another_one() {
    let rows = [("a1", FIRST), ("a2", SECOND), ("a3", FIRST)];
    assert_eq!(clocks(&rows).0, [1000, 2000, 1000]);
    let rows = [("a3", FIRST), ("a2", SECOND), ("a1", FIRST)];
    assert_eq!(clocks(&rows).0, [1000, 2000, 1000]);
}

#[test]
fn cameras_that_alternate_have_seconds_of_their_own() {
    let rows = [("a/1", FIRST), ("b/1", FIRST), ("a/2", FIRST), ("b/2", FIRST)];
    assert_eq!(clocks(&rows).0, [1000, 1000, 1500, 1500]);
}

#[test]
fn fractions_are_left_alone_and_do_not_wait() {
    let half = "2024-05-01T12:00:01.5";
    assert_eq!(clocks(&[("a1", half), ("a2", half)]), (vec![1500, 1500], 2));
}
