//! The result for each row: its sequence, the photo that it duplicates, and its new path.

use super::filed_rows::FiledRows;
use crate::photo::deferred_rows::Ride;
use crate::photo::photo_index::OTHER_CLOCK;
use crate::photo::row_store::RowCursor;
use crate::photo::sparse_column::Padded;
use crate::photo::why::{explain, no_longer};
use crate::row::{Column, Field, Row};
use crate::shape::FatalError;
use crate::value::provenance::CutBy;

/// The results for the rows.
#[derive(Default)]
pub struct Found {
    /// The name of each sequence, and why it starts.
    pub sequences: Vec<(String, CutBy)>,
    /// The number of each row's sequence, from 1; 0 for a row that is not changed.
    pub of_rows: Vec<u32>,
    /// For duplicates, the row of the other photo, from 1.
    pub twins: Padded<u32>,
    pub places: FiledRows,
}

/// Instead of a sequence: the photo has no time.
pub const NO_TIME: u32 = u32::MAX;

pub const DUPLICATE_OF: &str = "duplicate_of";

impl Found {
    /// Writes the result for one row.
    pub fn tell(
        &self,
        ride: &Ride,
        cursor: &mut RowCursor,
        at: usize,
        row: &mut Row,
    ) -> Result<(), FatalError> {
        self.tell_sequence(at, row);
        if let Some(twin) = (self.twins.get(at) as usize).checked_sub(1) {
            let twin = ride.get(cursor, twin)?;
            let of = twin.get(Field::Path).or_else(|| twin.get(Field::ImgId)).unwrap_or("unnamed");
            row.set_column(&Column::named(DUPLICATE_OF), of, false);
        }
        Ok(())
    }

    pub fn tell_sequence(&self, at: usize, row: &mut Row) {
        match self.of_rows[at] {
            0 => {}
            NO_TIME => explain(row, OTHER_CLOCK),
            number => {
                let (name, cut_by) = &self.sequences[number as usize - 1];
                row.set(Field::SeqId, name);
                row.set(Field::CutBy, cut_by.word());
                no_longer(row, OTHER_CLOCK);
            }
        }
    }
}
