//! The rows of a run that can only be processed once all have arrived: stored in a temporary file, with an index of
//! their times and positions, and read back in order, piece by piece.

use std::path::Path;

use super::camera_zone::CameraZones;
use super::capture_facts::PhotoFacts;
use super::photo_index::{PhotoIndex, PhotoOrder};
use super::row_store::{RowCursor, RowStore};
use super::silent_reporter::Unheard;
use crate::row::Row;
use crate::shape::{Diagnostics, Error, FatalError, Outcome, RowError};

/// Number of rows output at once.
const PIECE: usize = 1024;

/// All rows of a run.
pub struct Ride {
    rows: RowStore,
    pub index: PhotoIndex,
    zones: CameraZones,
    /// Rows with an unreadable time or position.
    wrong: Vec<u32>,
    keeps_places: bool,
    out: Outgoing,
}

/// Why rows fail if groups are output one by one.
const TORN: &str =
    "the zone of its camera's clock goes by the photos of several sequences: leave out --sorted";

/// How far the rows have been output.
#[derive(Default)]
struct Outgoing {
    cursor: RowCursor,
    row: usize,
    /// How many of the unreadable rows have been output.
    wrong: usize,
}

impl Ride {
    /// The temporary file is in `folder`. Without `keeps_places`, positions are left out of the index.
    pub fn new(folder: &Path, keeps_places: bool) -> Ride {
        Ride {
            rows: RowStore::new(folder),
            index: PhotoIndex::default(),
            zones: CameraZones::default(),
            wrong: Vec::new(),
            keeps_places,
            out: Outgoing::default(),
        }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds the next row. A row without a key, or an unreadable one, is in no group.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn push(&mut self, row: &Row, key: Option<String>) -> Result<(), FatalError> {
        match PhotoFacts::with_instant(row) {
            Ok(facts) => self.index.push(row, &self.kept(facts), key),
            Err(_) => {
                self.wrong.push(self.rows.len() as u32);
                self.index.push(row, &PhotoFacts::default(), None);
            }
        }
        self.zones.see(row);
        self.rows.push(row)
    }

    fn kept(&self, facts: PhotoFacts) -> PhotoFacts {
        PhotoFacts { position: facts.position.filter(|_| self.keeps_places), ..facts }
    }

    /// Gives the clock of each camera one zone.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn settle_zones(&mut self) -> Result<(), FatalError> {
        self.zones.decide_by(&self.rows)?;
        if !self.zones.change_rows {
            return Ok(());
        }
        let (mut cursor, mut at, mut wrong) =
            (RowCursor::default(), 0, self.wrong.iter().peekable());
        while let Some(mut row) = cursor.next(&self.rows)? {
            let is_wrong = wrong.next_if(|&&row| row as usize == at).is_some();
            self.zones.apply(&mut row, &Unheard);
            if let Some(facts) = PhotoFacts::with_instant(&row).ok().filter(|_| !is_wrong) {
                self.index.set_facts(at, &self.kept(facts));
            }
            at += 1;
        }
        Ok(())
    }

    /// All rows have been output: starts again for others.
    pub fn begin_anew(&mut self) {
        self.rows.clear();
        self.zones.begin_anew();
        (self.index, self.out) = Default::default();
        self.wrong.clear();
    }

    /// The groups in order, removed from the index.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn order(&mut self) -> Result<PhotoOrder, FatalError> {
        self.index.order(&self.rows)
    }

    /// A row as it was added.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn get(&self, cursor: &mut RowCursor, row: usize) -> Result<Row, FatalError> {
        cursor.get(&self.rows, row)
    }

    /// All rows as they will be output, as far as their clocks are concerned.
    ///
    /// # Errors
    /// If the temporary file cannot be read, or from `take`.
    pub fn each(
        &self,
        mut take: impl FnMut(usize, Row) -> Result<(), FatalError>,
    ) -> Result<(), FatalError> {
        let (mut cursor, mut at) = (RowCursor::default(), 0);
        while let Some(mut row) = cursor.next(&self.rows)? {
            self.zones.apply(&mut row, &Unheard);
            take(at, row)?;
            at += 1;
        }
        Ok(())
    }

    /// The next rows in input order, each as changed by `change`.
    ///
    /// # Errors
    /// If the temporary file cannot be read, or if `change` ends the run.
    pub fn pass_on(
        &mut self,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
        mut change: impl FnMut(&Ride, usize, &mut Row) -> Result<(), Error>,
    ) -> Result<(), FatalError> {
        let mut outgoing = std::mem::take(&mut self.out);
        for _ in 0..PIECE {
            let Some(mut row) = outgoing.cursor.next(&self.rows)? else { break };
            let at = outgoing.row;
            outgoing.row += 1;
            let is_wrong = self.wrong.get(outgoing.wrong) == Some(&(at as u32));
            outgoing.wrong += usize::from(is_wrong);
            let wrong = is_wrong.then(|| PhotoFacts::with_instant(&row).err()).flatten();
            self.zones.apply(&mut row, notes);
            let torn = self.zones.is_torn.then(|| RowError::from(TORN).into());
            let changed = torn.map_or_else(|| change(self, at, &mut row), Err);
            out.push(
                match changed.and(wrong.map_or(Ok(()), |wrong| Err(RowError::from(wrong).into()))) {
                    Ok(()) => Outcome::Rows(vec![row]),
                    Err(what) => what.fail(row)?,
                },
            );
        }
        self.out = outgoing;
        Ok(())
    }

    /// Whether there are rows that have not been output.
    pub fn goes_on(&self) -> bool {
        self.out.row > 0 && self.out.row < self.rows.len()
    }
}

#[cfg(test)]
mod tests;
