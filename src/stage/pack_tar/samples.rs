//! The pictures of each tar in turn, with their rows.

use super::FatalError;
use super::PackTar;
use super::decisions::Decisions;
use super::row_decision::PackDecision;
use super::sidecar::sidecar;
use super::sorted_pictures::{Enlisted, New};
use super::volumes::{self, Cut, Filling};
use crate::archive::packed::Part;
use crate::disk::record_sorter::{RecordCursor, SortedRecords};
use crate::photo::row_store::{RowCursor, damaged, temporary};

/// A picture with its sidecars.
pub struct Sample {
    pub row: u32,
    pub part: Part,
    pub sidecar: Option<Part>,
}

/// The samples of all groups, by their names.
pub struct Samples<'a> {
    tool: &'a PackTar,
    enlisted: &'a SortedRecords,
    cursor: RecordCursor,
    rows: RowCursor,
    /// The next one, with its group.
    next: Option<(String, Sample)>,
}

impl<'a> Samples<'a> {
    pub fn new(tool: &'a PackTar, enlisted: &'a SortedRecords) -> Samples<'a> {
        let (cursor, rows) = Default::default();
        Samples { tool, enlisted, cursor, rows, next: None }
    }

    /// The group of the next sample; `None` after the last one.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn group(&mut self, decisions: &mut Decisions) -> Result<Option<&str>, FatalError> {
        if self.next.is_none() {
            self.next = self.read(decisions)?;
        }
        Ok(self.next.as_ref().map(|(group, _)| &**group))
    }

    /// The samples of the next tar of this group.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn of_tar(
        &mut self,
        group: &str,
        decisions: &mut Decisions,
    ) -> Result<Vec<Sample>, FatalError> {
        let (is_webdataset, max_bytes) =
            (self.tool.settings.webdataset, self.tool.settings.max_bytes);
        let mut filling = Filling::new(Cut { max_bytes, is_webdataset });
        let mut samples = Vec::new();
        while self.group(decisions)? == Some(group) {
            let is_fitting = |(_, sample): &mut (_, Sample)| filling.takes(sample.stored_bytes());
            match self.next.take_if(is_fitting) {
                Some((_, sample)) => samples.push(sample),
                None => break,
            }
        }
        Ok(samples)
    }

    fn read(&mut self, decisions: &mut Decisions) -> Result<Option<(String, Sample)>, FatalError> {
        while let Some(record) = self.cursor.next(self.enlisted).map_err(temporary)? {
            let Enlisted { group, new, .. } = Enlisted::from_record(record).ok_or_else(damaged)?;
            let at = new.row as usize;
            // Another row has its name.
            if decisions.has(at) {
                continue;
            }
            let row = self.rows.get(&self.tool.rows, at)?;
            match new.part(&self.tool.settings, group, row) {
                Ok(part) => return Ok(Some((group.to_string(), self.tool.sample(new, part)))),
                Err(what) => decisions.set(at, &PackDecision::Failed(what.to_string()))?,
            }
        }
        Ok(None)
    }
}

impl PackTar {
    fn sample(&self, new: New, part: Part) -> Sample {
        let sidecar = self.settings.webdataset.then(|| sidecar(&part));
        Sample { row: new.row, part, sidecar }
    }
}

impl Sample {
    /// The size of its parts in a tar.
    fn stored_bytes(&self) -> u64 {
        let parts = [Some(&self.part), self.sidecar.as_ref()].into_iter().flatten();
        parts.map(|part| volumes::stored_bytes(part.bytes)).sum()
    }
}
