//! Reads the tag values of a block, and collects those that are unreadable.

use std::fmt::Display;

use super::Dir;
use super::invalid_gps_value::GpsError;
use super::tags::Tag;
use super::tree::{IfdEntry, Tree};
use super::value::Raw;
use crate::format::Malformed;
use crate::format::source::Source;

/// Values by tag. Tags that are present but unreadable are recorded, never ignored.
pub(super) struct TagReader {
    pub tree: Tree,
    pub unread: Vec<Tag>,
    values: Vec<(Tag, Raw)>,
}

impl TagReader {
    /// Reads the values of the tags that are present.
    pub fn new(source: &mut impl Source, tree: Tree, wanted: &[Tag]) -> std::io::Result<TagReader> {
        let mut reading = TagReader { tree, unread: Vec::new(), values: Vec::new() };
        let unordered: Vec<Dir> = reading
            .tree
            .directories
            .iter()
            .filter(|of| !of.is_ascending())
            .map(|of| of.dir)
            .collect();
        for &tag in wanted {
            let Some(entry) = reading.tree.entry(tag) else { continue };
            let Some(raw) = reading.tree.raw(source, &entry)? else {
                reading.fault(tag, "cannot be read");
                continue;
            };
            if unordered.contains(&tag.dir) {
                reading.compare_others(source, tag, &raw)?;
            }
            reading.values.push((tag, raw));
        }
        Ok(reading)
    }

    /// Reports further entries of a tag with other values.
    fn compare_others(
        &mut self,
        source: &mut impl Source,
        tag: Tag,
        raw: &Raw,
    ) -> std::io::Result<()> {
        let Some(directory) = self.tree.directory(tag.dir) else { return Ok(()) };
        let entries = directory.entries.iter().filter(|entry| entry.tag == tag.number);
        let others: Vec<IfdEntry> = entries.skip(1).copied().collect();
        for other in others {
            if self.tree.raw(source, &other)?.is_none_or(|other| !raw.same(&other)) {
                self.remark(tag, "comes again with another value, the first is used");
            }
        }
        Ok(())
    }

    pub fn raw(&self, tag: Tag) -> Option<&Raw> {
        self.values.iter().find(|(known, _)| *known == tag).map(|(_, raw)| raw)
    }

    /// Text that is not blank.
    pub fn words(&mut self, tag: Tag) -> Option<String> {
        let text = self.raw(tag)?.text();
        if text.is_none() {
            self.fault(tag, "is not text");
        }
        text.filter(|text| !text.is_empty())
    }

    /// The first letter of a text, in upper case.
    pub fn letter(&mut self, tag: Tag) -> Option<char> {
        Some(self.words(tag)?.chars().next()?.to_ascii_uppercase())
    }

    /// A whole number.
    pub fn uint(&mut self, tag: Tag) -> Option<u32> {
        let number = self.raw(tag)?.uint(0);
        if number.is_none() {
            self.fault(tag, "is not a whole number");
        }
        number
    }

    /// A fraction; `None` for 0/0, which cameras write for unknown values.
    pub fn number(&mut self, tag: Tag) -> Option<f64> {
        let number = part(self.raw(tag)?, 0);
        self.or_fault(tag, number)
    }

    pub fn or_fault<T>(&mut self, tag: Tag, read: Result<Option<T>, impl Display>) -> Option<T> {
        read.unwrap_or_else(|what| {
            self.fault(tag, what);
            None
        })
    }

    pub fn fault(&mut self, tag: Tag, what: impl Display) {
        self.unread.push(tag);
        self.remark(tag, what);
    }

    /// Reports something odd about a tag that could be read.
    pub fn remark(&mut self, tag: Tag, what: impl Display) {
        let at = self.tree.entry(tag).map_or(0, |entry| entry.at);
        self.tree.faults.push(Malformed::at_byte(at as usize, format!("{} {what}", tag.name)));
    }
}

/// The `index`th fraction of a value; `None` for 0/0, which cameras write for unknown values.
pub(super) fn part(raw: &Raw, index: usize) -> Result<Option<f64>, GpsError> {
    match raw.fraction(index).ok_or(GpsError::NotANumber)? {
        (0, 0) => Ok(None),
        (above, 0) => Err(GpsError::DividedByZero(above)),
        (above, below) => Ok(Some(above as f64 / below as f64)),
    }
}
