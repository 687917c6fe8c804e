//! The sequences of an index: images, lines, and which ones intersect a window.

use std::io;

use super::layout::{self, SequenceRecord, Table};
use super::tables::hash;
use super::{Image, Index, boxes, kind, z_order};

impl Index {
    /// The number of sequences.
    pub fn sequences_len(&self) -> usize {
        self.tables.len::<SequenceRecord>(Table::Sequences) as usize
    }

    /// The record of a sequence, by name.
    fn find_sequence(&self, name: &str) -> io::Result<Option<SequenceRecord>> {
        self.find_key(Table::SequenceIds, hash(kind::SEQUENCE, name), |number| {
            let sequence = self.sequence(number)?;
            let is_it = self.sequence_name(&sequence)? == name;
            Ok(is_it.then_some(sequence))
        })
    }

    /// The images of a sequence in capture order, including gone ones.
    pub fn images_of_sequence(&self, name: &str) -> io::Result<Vec<Image>> {
        match self.find_sequence(name)? {
            Some(sequence) => {
                self.range(sequence.first..sequence.first.saturating_add(sequence.count))
            }
            None => Ok(Vec::new()),
        }
    }

    pub fn sequence(&self, number: u32) -> io::Result<SequenceRecord> {
        self.tables.one(&self.storage, Table::Sequences, number.into())
    }

    pub fn sequence_name(&self, sequence: &SequenceRecord) -> io::Result<String> {
        self.text_at(sequence.name_at, sequence.name_len.into())
    }

    /// The numbers of the images that belong to no sequence; they come last.
    pub fn without_sequence(&self) -> io::Result<std::ops::Range<u32>> {
        let last = self.sequences_len().checked_sub(1).map(|last| self.sequence(last as u32));
        let last = last.transpose()?;
        let first = last.map_or(0, |last| last.first.saturating_add(last.count));
        Ok(first..self.len() as u32)
    }

    /// The line of a sequence in world units, or the coarser line for low zooms.
    pub fn line(
        &self,
        sequence: &SequenceRecord,
        is_computed: bool,
        is_coarse: bool,
    ) -> io::Result<Vec<(u32, u32)>> {
        let (at, coarse, fine) = if !is_computed {
            (sequence.line_at, sequence.coarse_len, sequence.line_len)
        } else {
            (sequence.computed_line_at, sequence.computed_coarse_len, sequence.computed_line_len)
        };
        let bytes = if is_coarse {
            self.storage.read(at, coarse.into())?
        } else {
            self.storage.read(at.saturating_add(coarse.into()), fine.into())?
        };
        Ok(z_order::unpack(&bytes))
    }

    /// The boxes of the sequences that intersect a window, by sequence; one that crosses the antimeridian has several.
    pub fn sequences_in(
        &self,
        window: &layout::BoxRecord,
        is_computed: bool,
    ) -> io::Result<Vec<layout::BoxRecord>> {
        let table = if is_computed { Table::ComputedBoxes } else { Table::Boxes };
        boxes::search(&self.tables, &self.storage, table, window)
    }
}
