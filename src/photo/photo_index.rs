//! When and where the photo of each row was taken, and the photos in the order of their cameras: only numbers, at
//! most 41 bytes a row. The rows themselves are in a [`super::row_store`].

mod photo_order;

use std::ops::Range;

use super::capture_facts::PhotoFacts;
use super::row_groups::RowGroups;
use super::row_store::{RowCursor, RowStore};
use super::sparse_column::Padded;
use crate::disk::walk::natural;
use crate::row::{Field, Row};
use crate::shape::FatalError;
use crate::value::geo::Position;
use photo_order::Group;
pub use photo_order::{GroupPhotos, PhotoOrder};

/// Why a photo with a time is not among the others of its group.
pub const OTHER_CLOCK: &str = "no time on the clock that its camera's other photos have";

const HAS_CAPTURED: u8 = 1;
const HAS_TAKEN: u8 = 2;
/// The previous row has the same group and instant, and no later name.
const FOLLOWS: u8 = 4;

/// Times and positions of all rows, and their groups.
#[derive(Default)]
pub struct PhotoIndex {
    captured_ms: Padded<i64>,
    /// The time of the camera's clock.
    taken_ms: Padded<i64>,
    positions: Padded<LonLat>,
    marks: Vec<u8>,
    groups: RowGroups,
    last: Option<Last>,
}

/// Degrees east and north, or NaN: half the size of an `Option<Position>`.
#[derive(Clone, Copy)]
struct LonLat([f64; 2]);

impl Default for LonLat {
    fn default() -> LonLat {
        LonLat([f64::NAN; 2])
    }
}

/// What determines the order of the last row added.
struct Last {
    group: Option<u32>,
    facts: PhotoFacts,
    name: String,
}

impl PhotoIndex {
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Adds the next row. A row without a key is in no group.
    pub fn push(&mut self, row: &Row, facts: &PhotoFacts, key: Option<String>) {
        let at = self.marks.len();
        let group = self.groups.push(key);
        self.marks.push(0);
        self.set_facts(at, facts);
        let name = name(row);
        let follows = self.last.as_ref().is_some_and(|last| {
            let is_same = last.group == group && last.facts.same_time(facts);
            is_same && natural(last.name.as_bytes(), name.as_bytes()).is_le()
        });
        self.marks[at] |= if follows { FOLLOWS } else { 0 };
        let mut last = self.last.take().map(|last| last.name).unwrap_or_default();
        last.clear();
        last.push_str(name);
        self.last = Some(Last { group, facts: *facts, name: last });
    }

    /// Sets the time and position of a row.
    pub fn set_facts(&mut self, at: usize, facts: &PhotoFacts) {
        self.marks[at] &= !(HAS_CAPTURED | HAS_TAKEN);
        if let Some(ms) = facts.captured_ms {
            self.captured_ms.set(at, ms);
            self.marks[at] |= HAS_CAPTURED;
        }
        if let Some(taken) = facts.taken {
            self.taken_ms.set(at, taken.clock_ms());
            self.marks[at] |= HAS_TAKEN;
        }
        if let Some(position) = facts.position {
            self.positions.set(at, LonLat([position.lon_deg(), position.lat_deg()]));
        }
    }

    pub fn captured_ms(&self, at: usize) -> Option<i64> {
        (self.marks[at] & HAS_CAPTURED != 0).then(|| self.captured_ms.get(at))
    }

    /// Whether a photo has a time of either clock.
    pub fn has_time(&self, at: usize) -> bool {
        self.marks[at] & (HAS_CAPTURED | HAS_TAKEN) != 0
    }

    fn taken_ms(&self, at: usize) -> Option<i64> {
        (self.marks[at] & HAS_TAKEN != 0).then(|| self.taken_ms.get(at))
    }

    pub fn position(&self, at: usize) -> Option<Position> {
        let LonLat([lon_deg, lat_deg]) = self.positions.get(at);
        Position::new(lon_deg, lat_deg).ok()
    }

    fn time_ms(&self, at: usize, is_captured: bool) -> Option<i64> {
        if is_captured { self.captured_ms(at) } else { self.taken_ms(at) }
    }

    /// Sorts the photos, once. Rows are read back if names decide.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn order(&mut self, store: &RowStore) -> Result<PhotoOrder, FatalError> {
        let mut grouped = self.groups.grouped();
        // Frees their memory, which is needed for the results.
        self.groups = RowGroups::default();
        let mut groups = Vec::with_capacity(grouped.len());
        let mut cursor = RowCursor::default();
        for group in 0..grouped.len() {
            let Range { start, end } = grouped.range(group);
            let own = &mut grouped.rows[start..end];
            let timed = |is_captured| {
                own.iter().filter(|&&row| self.time_ms(row as usize, is_captured).is_some()).count()
            };
            let is_captured = timed(true) >= timed(false);
            let time = |row: &u32| self.time_ms(*row as usize, is_captured);
            // Rows of the same instant stay in input order.
            own.sort_by_key(|row| time(row).map_or((true, 0), |ms| (false, ms)));
            let timed = own.partition_point(|row| time(row).is_some());
            for same in own[..timed].chunk_by_mut(|a, b| time(a) == time(b)) {
                self.sort_by_name(same, store, &mut cursor)?;
            }
            groups.push(Group { timed: start..start + timed, end, is_captured });
        }
        Ok(PhotoOrder { rows: grouped.rows, groups })
    }

    /// Sorts photos of the same instant. Most are in order already, which was recorded when they were added.
    fn sort_by_name(
        &self,
        rows: &mut [u32],
        store: &RowStore,
        cursor: &mut RowCursor,
    ) -> Result<(), FatalError> {
        let follows =
            |pair: &[u32]| pair[0] + 1 == pair[1] && self.marks[pair[1] as usize] & FOLLOWS != 0;
        if rows.windows(2).all(follows) {
            return Ok(());
        }
        let named = |&row: &u32| Ok((name(&cursor.get(store, row as usize)?).to_string(), row));
        let mut names = rows.iter().map(named).collect::<Result<Vec<_>, FatalError>>()?;
        names.sort_by(|a, b| natural(a.0.as_bytes(), b.0.as_bytes()).then(a.1.cmp(&b.1)));
        names.iter().zip(rows).for_each(|((_, row), place)| *place = *row);
        Ok(())
    }
}

fn name(row: &Row) -> &str {
    row.get(Field::Path).or_else(|| row.get(Field::ImgId)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
