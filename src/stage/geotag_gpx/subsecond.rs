//! Photos whose instant goes by those of the same camera, held until all are known: those of one second are spread evenly
//! over it, and those that are unsure of their zone take that of most others.

use std::collections::HashMap;

use crate::disk::walk::natural;
use crate::photo::camera_key::camera_key;
use crate::photo::camera_zone;
use crate::photo::order::PhotoFacts;
use crate::row::{Field, Row};
use crate::shape::Diagnostics;

use super::instant::is_known;

/// Rows in the order of the input, from the first that has to wait for others.
#[derive(Debug, Default)]
pub struct PendingRows {
    /// Whether the zone is given, so that no photo is unsure of it.
    has_zone: bool,
    rows: Vec<(Row, PhotoFacts)>,
}

impl PendingRows {
    pub fn new(has_zone: bool) -> PendingRows {
        PendingRows { has_zone, rows: Vec::new() }
    }

    /// Takes the row, or gives it back when neither it nor one before it has to wait.
    pub fn push(&mut self, row: Row, facts: PhotoFacts) -> Option<(Row, PhotoFacts)> {
        let waits = is_whole(&row, &facts) || !self.has_zone && camera_zone::is_unsure(&row);
        if self.rows.is_empty() && !waits {
            return Some((row, facts));
        }
        self.rows.push((row, facts));
        None
    }

    /// The rows held. Photos of one camera that follow each other in natural order of their names, and in one second,
    /// have times that rise.
    pub fn end(&mut self, notes: &dyn Diagnostics) -> Vec<(Row, PhotoFacts)> {
        let mut rows = std::mem::take(&mut self.rows);
        if !self.has_zone {
            camera_zone::settle(
                &mut rows.iter_mut().map(|(row, _)| row).collect::<Vec<_>>(),
                notes,
            );
            for (row, facts) in &mut rows {
                // What is set was read before, so it can be read again.
                *facts = PhotoFacts::from_row(row).unwrap_or(*facts);
            }
        }
        let mut cameras: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (row, facts)) in rows.iter().enumerate() {
            if is_whole(row, facts) {
                cameras.entry(camera_key(row)).or_default().push(at);
            }
        }
        for mut photos in cameras.into_values() {
            let name = |at: usize| rows[at].0.get(Field::Path).unwrap_or_default().as_bytes();
            photos.sort_by(|&a, &b| natural(name(a), name(b)));
            // In the hour that comes twice a clock shows a time again, long after.
            let taken = |at: usize| rows[at].1.taken;
            let seconds: Vec<_> = photos.chunk_by(|&a, &b| taken(a) == taken(b)).collect();
            seconds.into_iter().for_each(|second| spread(&mut rows, second));
        }
        rows
    }
}

fn spread(rows: &mut [(Row, PhotoFacts)], second: &[usize]) {
    for (place, &at) in (0..).zip(second) {
        let facts = &mut rows[at].1;
        let late_ms = place * 1000 / second.len() as i64;
        facts.taken = facts.taken.and_then(|taken| taken.moved_ms(late_ms));
    }
}

/// Whether the instant goes by a clock that gave no fraction.
fn is_whole(row: &Row, facts: &PhotoFacts) -> bool {
    !is_known(row, facts) && row.get(Field::TakenAt).is_some_and(|taken| !taken.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Silent;

    impl Diagnostics for Silent {
        fn once(&self, _: &str) {}
        fn warn(&self, _: &str) {}
        fn count(&self, _: &'static str, _: u64) {}
    }

    /// The last seconds of the clocks, in milliseconds; how many rows did not have to wait.
    fn clocks(cells: &[(&str, &str)]) -> (Vec<i64>, usize) {
        let mut held = PendingRows::new(true);
        let mut rows = Vec::new();
        for (path, taken) in cells {
            let row = Row::from_cells(&[(Field::Path, path), (Field::TakenAt, taken)]);
            let facts = PhotoFacts::from_row(&row).unwrap();
            rows.extend(held.push(row, facts));
        }
        let at_once = rows.len();
        rows.extend(held.end(&Silent));
        let clock = |(_, facts): &(Row, PhotoFacts)| facts.taken.unwrap().clock_ms() % 10_000;
        (rows.iter().map(clock).collect(), at_once)
    }

    #[test]
    fn photos_of_one_second_are_spread_in_natural_order_wherever_they_stand() {
        let (first, second) = ("2024-05-01T12:00:01", "2024-05-01T12:00:02");
        let rows = [("a10", first), ("a11", second), ("a9", first), ("a8", first)];
        assert_eq!(clocks(&rows).0, [1666, 2000, 1333, 1000]);
    }

    #[test]
    fn cameras_that_alternate_have_seconds_of_their_own() {
        let second = "2024-05-01T12:00:01";
        let rows = [("a/1", second), ("b/1", second), ("a/2", second), ("b/2", second)];
        assert_eq!(clocks(&rows).0, [1000, 1000, 1500, 1500]);
    }

    #[test]
    fn fractions_are_left_alone_and_do_not_wait() {
        let half = "2024-05-01T12:00:01.5";
        assert_eq!(clocks(&[("a1", half), ("a2", half)]), (vec![1500, 1500], 2));
    }
}
