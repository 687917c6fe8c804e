//! Photos of one second of a clock without fractions, which are spread evenly over it.

use crate::disk::walk::natural;
use crate::row::{Field, Row};
use crate::stage::order::{Facts, camera_key};

/// Photos in a row that one camera took within one second, as far as its clock tells.
#[derive(Debug, Default)]
pub struct Burst {
    rows: Vec<(Row, Facts)>,
}

/// Nobody's camera takes more in a second; it bounds what is held.
const MOST: usize = 1_000;

impl Burst {
    /// Takes the row; what was held before comes back when the row is not of the same second.
    pub fn push(&mut self, row: Row, facts: Facts) -> Vec<(Row, Facts)> {
        let is_same = self.rows.last().is_some_and(|(last, before)| {
            facts.taken.is_some()
                && is_whole(&row)
                && before.taken == facts.taken
                && camera_key(last) == camera_key(&row)
        });
        let done = if is_same && self.rows.len() < MOST { Vec::new() } else { self.end() };
        self.rows.push((row, facts));
        done
    }

    /// The rows held, with their times spread in the natural order of their names.
    pub fn end(&mut self) -> Vec<(Row, Facts)> {
        let mut rows = std::mem::take(&mut self.rows);
        let name = |at: usize| rows[at].0.get(Field::Path).unwrap_or_default();
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|&a, &b| natural(name(a).as_bytes(), name(b).as_bytes()));
        let count = rows.len() as i64;
        for (place, at) in order.into_iter().enumerate() {
            let facts = &mut rows[at].1;
            let late_ms = place as i64 * 1000 / count;
            facts.taken = facts.taken.and_then(|taken| taken.moved_ms(late_ms));
        }
        rows
    }
}

/// Whether the clock gave no fraction.
fn is_whole(row: &Row) -> bool {
    row.get(Field::TakenAt).is_some_and(|taken| !taken.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clocks(cells: &[(&str, &str)]) -> Vec<i64> {
        let mut burst = Burst::default();
        let mut rows = Vec::new();
        for (path, taken) in cells {
            let row = Row::of(&[(Field::Path, path), (Field::TakenAt, taken)]);
            let facts = Facts::of(&row).unwrap();
            rows.extend(burst.push(row, facts));
        }
        rows.extend(burst.end());
        rows.iter().map(|(_, facts)| facts.taken.unwrap().clock_ms() % 10_000).collect()
    }

    #[test]
    fn photos_of_one_second_are_spread_in_natural_order() {
        let second = "2024-05-01T12:00:01";
        assert_eq!(
            clocks(&[("a10", second), ("a9", second), ("b", "2024-05-01T12:00:02")]),
            [1500, 1000, 2000]
        );
    }

    #[test]
    fn fractions_and_other_folders_are_left_alone() {
        let half = "2024-05-01T12:00:01.5";
        assert_eq!(clocks(&[("a1", half), ("a2", half)]), [1500, 1500]);
        let second = "2024-05-01T12:00:01";
        assert_eq!(clocks(&[("a/1", second), ("b/1", second)]), [1000, 1000]);
    }
}
