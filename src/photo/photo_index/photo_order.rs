//! The photos of all groups in time order.

use std::ops::Range;

use super::PhotoIndex;
use crate::photo::capture_facts::Photo;

/// The photos of all groups, with the groups in the order of their first rows.
#[derive(Default)]
pub struct PhotoOrder {
    /// Row numbers: for each group first the rows with a time, in time order, then those without.
    pub(super) rows: Vec<u32>,
    pub(super) groups: Vec<Group>,
}

/// A group is sorted by `captured_at`, or by `taken_at` if more of its rows have that: times of two clocks are never
/// compared, and a few rows without the one do not take it from all others.
pub(super) struct Group {
    pub(super) timed: Range<usize>,
    pub(super) end: usize,
    pub(super) is_captured: bool,
}

/// Photos of one key, in time order, then in natural order of names.
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

impl PhotoOrder {
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Some photos of a group, by their positions in the overall order.
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
    /// The number of photos with a time.
    pub fn len(self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(self) -> bool {
        self.rows.is_empty()
    }

    /// The position of the first photo in the overall order.
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
