//! Reads lists of images by user, organization and camera.

use std::io;
use std::ops::Range;

use super::layout::{List, Number, Table};
use super::tables::{hash, partition};
use super::{Image, Index};

impl Index {
    /// The list of a name: a range of the postings, newest first. It is empty for an unknown name.
    pub fn list(&self, kind: u8, name: &str) -> io::Result<Range<u64>> {
        let hash = hash(kind, name);
        let is_before = |list: &List| list.hash < hash;
        let at = partition(&self.tables, &self.storage, Table::Lists, is_before)?;
        if at == self.tables.len::<List>(Table::Lists) {
            return Ok(0..0);
        }
        let list: List = self.tables.one(&self.storage, Table::Lists, at)?;
        let count = if list.hash == hash { list.count } else { 0 };
        Ok(list.first..list.first.saturating_add(count.into()))
    }

    /// The part of a list captured between two times; the newest come first, and those without a time last.
    pub fn within_times(
        &self,
        list: Range<u64>,
        from_ms: Option<i64>,
        to_ms: Option<i64>,
    ) -> io::Result<Range<u64>> {
        let first = |is_before: &dyn Fn(i64) -> bool| -> io::Result<u64> {
            let (mut low, mut high) = (list.start, list.end);
            while low < high {
                let middle = low + (high - low) / 2;
                let image = self.posted(middle..middle + 1)?.pop();
                if image.is_some_and(|image| is_before(image.record.captured_ms)) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            Ok(low)
        };
        let start = to_ms.map_or(Ok(list.start), |to| first(&|ms| ms > to))?;
        let end = from_ms.map_or(Ok(list.end), |from| first(&|ms| ms >= from))?;
        Ok(start..end.max(start))
    }

    /// The images at these positions of the postings.
    pub fn posted(&self, range: Range<u64>) -> io::Result<Vec<Image>> {
        let numbers: Vec<Number> = self.tables.get(&self.storage, Table::Postings, range)?;
        numbers.iter().map(|number| self.image(number.number)).collect()
    }
}
