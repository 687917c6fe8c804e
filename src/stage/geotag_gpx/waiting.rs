//! Photos whose instant depends on other photos of their camera: stored in a temporary file until all have arrived.
//! Those within one second are spread over it, and those with an uncertain zone get the zone of the majority.

use std::path::Path;

use crate::photo::camera_zone::{self, CameraZones};
use crate::photo::capture_facts::PhotoFacts;
use crate::photo::row_store::{RowCursor, RowStore};
use crate::photo::silent_reporter::Unheard;
use crate::row::Row;
use crate::shape::{Diagnostics, FatalError};

use super::subsecond::{Subseconds, is_whole};

/// Rows in input order, from the first one that has to wait for others. Holds 3 bytes per row, and also the names if
/// the photos of a camera do not come in the order of their names.
pub struct WaitingRows {
    /// Whether every row is stored.
    holds_all: bool,
    /// Whether the zone is given, so that it is certain for all photos.
    has_zone: bool,
    rows: RowStore,
    zones: CameraZones,
    subseconds: Subseconds,
    cursor: RowCursor,
    /// The number of rows already output.
    done: usize,
}

impl WaitingRows {
    /// The temporary file is in `folder`.
    pub fn new(holds_all: bool, has_zone: bool, folder: &Path) -> WaitingRows {
        WaitingRows {
            holds_all,
            has_zone,
            rows: RowStore::new(folder),
            zones: CameraZones::default(),
            subseconds: Subseconds::default(),
            cursor: RowCursor::default(),
            done: 0,
        }
    }

    /// Stores the row, or returns it if neither it nor an earlier row has to wait.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn push(
        &mut self,
        row: Row,
        facts: PhotoFacts,
    ) -> Result<Option<(Row, PhotoFacts)>, FatalError> {
        let is_unsure = || !self.has_zone && camera_zone::is_unsure(&row);
        let waits = self.holds_all || is_whole(&row, &facts) || is_unsure();
        if self.rows.is_empty() && !waits {
            return Ok(Some((row, facts)));
        }
        if !self.has_zone {
            self.zones.see(&row);
        }
        self.rows.push(&row)?;
        Ok(None)
    }

    /// Called when all rows have arrived: decides the zone and the second of each.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn settle(&mut self) -> Result<(), FatalError> {
        if !self.has_zone {
            self.zones.decide_by(&self.rows)?;
        }
        let mut subseconds = Subseconds::default();
        self.each(|number, row, facts| subseconds.push(number, row, facts))?;
        if subseconds.needs_names() {
            self.each(|number, row, facts| subseconds.push_named(number, row, facts))?;
        }
        subseconds.finish();
        self.subseconds = subseconds;
        Ok(())
    }

    /// Each row as it will be output.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn each(&self, mut take: impl FnMut(usize, &Row, &PhotoFacts)) -> Result<(), FatalError> {
        let mut cursor = RowCursor::default();
        for number in 0.. {
            let Some(row) = cursor.next(&self.rows)? else { break };
            let (row, facts) = self.settled(number, row, &Unheard);
            take(number, &row, &facts);
        }
        Ok(())
    }

    fn settled(&self, number: usize, mut row: Row, notes: &dyn Diagnostics) -> (Row, PhotoFacts) {
        self.zones.apply(&mut row, notes);
        // The row was valid when it was added, and values set since are valid.
        let mut facts = PhotoFacts::from_row(&row).unwrap_or_default();
        self.subseconds.apply(number, &mut facts);
        (row, facts)
    }

    /// The next row; `None` after the last one.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn next(
        &mut self,
        notes: &dyn Diagnostics,
    ) -> Result<Option<(Row, PhotoFacts)>, FatalError> {
        let Some(row) = self.cursor.next(&self.rows)? else { return Ok(None) };
        self.done += 1;
        Ok(Some(self.settled(self.done - 1, row, notes)))
    }

    /// Whether there are rows that have not been output.
    pub fn goes_on(&self) -> bool {
        self.done < self.rows.len()
    }
}

#[cfg(test)]
mod tests;
