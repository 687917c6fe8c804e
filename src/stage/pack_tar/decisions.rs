//! The decisions on all rows, in a temporary file, so that 8 bytes per row are held.

mod record;

use std::path::Path;

use super::row_decision::{PackDecision, TarLocation};
use super::{FatalError, Outcome};
use crate::disk::PathError;
use crate::disk::spool::{Spool, SpoolReader};
use crate::photo::row_store::{damaged, temporary};
use crate::photo::why::remark;
use crate::row::{Field, Row};
use crate::value::provenance::Status;
use record::Tars;

/// The decisions by row.
pub struct Decisions {
    /// The offset of each row's decision in the spool plus 1; 0 if there is none yet. A changed decision is appended.
    places: Vec<u64>,
    spool: Spool,
    tars: Tars,
    record: Vec<u8>,
}

/// The size of the length that is stored before each decision.
const HEAD: usize = 4;

impl Decisions {
    /// No decisions yet, for this many rows. The temporary file will be in this folder.
    pub fn new(rows: usize, folder: &Path) -> Decisions {
        Decisions {
            places: vec![0; rows],
            spool: Spool::new(folder),
            tars: Tars::default(),
            record: Vec::new(),
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is a decision on a row.
    pub fn has(&self, row: usize) -> bool {
        self.places[row] != 0
    }

    /// Sets or replaces the decision on a row.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn set(&mut self, row: usize, decision: &PackDecision) -> Result<(), FatalError> {
        self.record.clear();
        self.record.extend_from_slice(&[0; HEAD]);
        record::write(decision, &mut self.tars, &mut self.record);
        let len = (self.record.len() - HEAD) as u32;
        self.record[..HEAD].copy_from_slice(&len.to_be_bytes());
        let place = self.spool.len() + 1;
        self.spool.append(&self.record).map_err(temporary)?;
        self.places[row] = place;
        Ok(())
    }

    /// What these decisions have in one tar is in another now. The first one must still be there.
    pub fn move_tar(&mut self, from: &Path, to: &Path) {
        self.tars.move_all(from, to);
    }

    /// The decision on a row, if there is one.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn get(
        &self,
        row: usize,
        reader: &mut SpoolReader,
    ) -> Result<Option<PackDecision>, FatalError> {
        let Some(at) = self.places[row].checked_sub(1) else { return Ok(None) };
        let record = self.record(at, reader).map_err(temporary)?;
        record.and_then(|record| record::read(record, &self.tars)).map(Some).ok_or_else(damaged)
    }

    fn record<'a>(
        &self,
        at: u64,
        reader: &'a mut SpoolReader,
    ) -> Result<Option<&'a [u8]>, PathError> {
        let head = reader.bytes(&self.spool, at, HEAD)?.try_into();
        let Ok(len) = head.map(u32::from_be_bytes) else { return Ok(None) };
        let record = reader.bytes(&self.spool, at + HEAD as u64, len as usize)?;
        Ok(Some(record).filter(|record| record.len() == len as usize))
    }

    /// The outcome of a row; `None` if the run ended before its turn.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn outcome(
        &self,
        at: usize,
        row: Row,
        reader: &mut SpoolReader,
    ) -> Result<Option<Outcome>, FatalError> {
        let decision = match self.get(at, reader)? {
            Some(PackDecision::Same(first)) => match self.get(first as usize, reader)? {
                Some(PackDecision::At(_, place)) => Some(PackDecision::At(Status::Kept, place)),
                of_first => of_first,
            },
            decision => decision,
        };
        Ok(match decision {
            Some(PackDecision::At(status, place)) => Some(place.outcome(row, status)),
            Some(PackDecision::Failed(what)) => Some(Outcome::Failed(row, what)),
            _ => None,
        })
    }
}

impl TarLocation {
    fn outcome(&self, mut row: Row, status: Status) -> Outcome {
        row.clear(Field::Path);
        row.set(Field::Archive, &self.archive.to_string_lossy());
        row.set(Field::Member, &self.member);
        row.set_display(Field::Bytes, self.bytes);
        match self.sha256 {
            Some(sha256) => row.set_display(Field::Sha256, sha256),
            None => row.clear(Field::Sha256),
        }
        row.set(Field::Status, status.word());
        self.fault.iter().for_each(|fault| remark(&mut row, fault));
        Outcome::Rows(vec![row])
    }
}

#[cfg(test)]
mod tests;
