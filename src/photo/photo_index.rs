//! When and where the photo of each row was taken, and the photos in the order of their cameras: numbers alone, at most 41
//! bytes a row, beside rows that are put aside ([`super::row_store`]).

use std::ops::Range;

use super::order::{Photo, PhotoFacts};
use super::padded::Padded;
use super::row_groups::RowGroups;
use super::row_store::{RowCursor, RowStore};
use crate::disk::walk::natural;
use crate::row::{Field, Row};
use crate::shape::FatalError;
use crate::value::geo::Position;

const HAS_CAPTURED: u8 = 1;
const HAS_TAKEN: u8 = 2;
/// The row before is of the same group and instant, and has no later name.
const FOLLOWS: u8 = 4;

/// What is known of all rows, and of their groups.
#[derive(Default)]
pub struct PhotoIndex {
    captured_ms: Padded<i64>,
    /// What the camera's clock showed.
    taken_ms: Padded<i64>,
    positions: Padded<Place>,
    marks: Vec<u8>,
    groups: RowGroups,
    last: Option<Last>,
}

/// Degrees east and north, or NaN: half the room of an `Option<Position>`.
#[derive(Clone, Copy)]
struct Place([f64; 2]);

impl Default for Place {
    fn default() -> Place {
        Place([f64::NAN; 2])
    }
}

/// The row that came last, as far as its order goes.
struct Last {
    group: Option<u32>,
    facts: PhotoFacts,
    name: String,
}

/// The photos of all groups, the groups in the order of their first rows.
#[derive(Default)]
pub struct PhotoOrder {
    /// Rows: of each group first those with a time, in the order of time, then those without.
    rows: Vec<u32>,
    groups: Vec<Group>,
}

/// A group goes by `captured_at` when all of its rows that have any time have it, else by `taken_at`: two clocks
/// are never compared.
struct Group {
    timed: Range<usize>,
    end: usize,
    is_captured: bool,
}

/// Photos of one key, in the order of time, then of natural name.
#[derive(Clone, Copy)]
pub struct GroupPhotos<'a> {
    index: &'a PhotoIndex,
    start: usize,
    rows: &'a [u32],
    /// Rows without a time.
    pub untimed: &'a [u32],
    /// Whether its clock is UTC.
    pub is_captured: bool,
}

impl PhotoIndex {
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Takes the next row. One without a key is in no group.
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

    /// Sets what a row says of time and place.
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
            self.positions.set(at, Place([position.lon_deg(), position.lat_deg()]));
        }
    }

    pub fn captured_ms(&self, at: usize) -> Option<i64> {
        (self.marks[at] & HAS_CAPTURED != 0).then(|| self.captured_ms.get(at))
    }

    fn taken_ms(&self, at: usize) -> Option<i64> {
        (self.marks[at] & HAS_TAKEN != 0).then(|| self.taken_ms.get(at))
    }

    pub fn position(&self, at: usize) -> Option<Position> {
        let Place([lon_deg, lat_deg]) = self.positions.get(at);
        Position::new(lon_deg, lat_deg).ok()
    }

    fn time_ms(&self, at: usize, is_captured: bool) -> Option<i64> {
        if is_captured { self.captured_ms(at) } else { self.taken_ms(at) }
    }

    /// The photos in their order, once. Rows are read again where names decide.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn order(&mut self, store: &RowStore) -> Result<PhotoOrder, FatalError> {
        let mut grouped = self.groups.grouped();
        // Their memory is needed for the results.
        self.groups = RowGroups::default();
        let mut groups = Vec::with_capacity(grouped.len());
        let mut cursor = RowCursor::default();
        for group in 0..grouped.len() {
            let Range { start, end } = grouped.range(group);
            let own = &mut grouped.rows[start..end];
            let is_captured = own.iter().all(|&row| {
                self.captured_ms(row as usize).is_some() || self.taken_ms(row as usize).is_none()
            });
            let time = |row: &u32| self.time_ms(*row as usize, is_captured);
            // Rows of one instant stay in the order of the input.
            own.sort_by_key(|row| time(row).map_or((true, 0), |ms| (false, ms)));
            let timed = own.partition_point(|row| time(row).is_some());
            for same in own[..timed].chunk_by_mut(|a, b| time(a) == time(b)) {
                self.sort_by_name(same, store, &mut cursor)?;
            }
            groups.push(Group { timed: start..start + timed, end, is_captured });
        }
        Ok(PhotoOrder { rows: grouped.rows, groups })
    }

    /// Sorts photos of one instant. Most stand in their order already, which was seen as they came.
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

impl PhotoOrder {
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Some photos of a group, by their places in the order of all.
    pub fn part<'a>(
        &'a self,
        index: &'a PhotoIndex,
        places: Range<usize>,
        is_captured: bool,
    ) -> GroupPhotos<'a> {
        let start = places.start;
        GroupPhotos { index, start, rows: &self.rows[places], untimed: &[], is_captured }
    }

    /// A group by its number.
    pub fn group<'a>(&'a self, index: &'a PhotoIndex, number: usize) -> GroupPhotos<'a> {
        let Group { timed, end, is_captured } = &self.groups[number];
        let untimed = &self.rows[timed.end..*end];
        let (start, rows) = (timed.start, &self.rows[timed.clone()]);
        GroupPhotos { index, start, rows, untimed, is_captured: *is_captured }
    }

    /// All groups.
    pub fn groups<'a>(&'a self, index: &'a PhotoIndex) -> impl Iterator<Item = GroupPhotos<'a>> {
        (0..self.len()).map(|number| self.group(index, number))
    }
}

impl<'a> GroupPhotos<'a> {
    /// How many have a time.
    pub fn len(self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(self) -> bool {
        self.rows.is_empty()
    }

    /// The place of the first one in the order of all.
    pub fn start(self) -> usize {
        self.start
    }

    pub fn photo(self, at: usize) -> Photo {
        let row = self.rows[at] as usize;
        let time_ms = self.index.time_ms(row, self.is_captured).unwrap_or_default();
        Photo { row, time_ms, position: self.index.position(row) }
    }

    /// The photos with a time.
    pub fn photos(self) -> impl ExactSizeIterator<Item = Photo> + Clone + 'a {
        (0..self.len()).map(move |at| self.photo(at))
    }

    /// The rows with a time, then those without.
    pub fn all_rows(self) -> impl Iterator<Item = usize> + Clone + 'a {
        self.rows.iter().chain(self.untimed).map(|&row| row as usize)
    }
}

fn name(row: &Row) -> &str {
    row.get(Field::Path).or_else(|| row.get(Field::ImgId)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
