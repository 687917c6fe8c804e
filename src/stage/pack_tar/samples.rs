//! The pictures of each tar in turn, with their rows.

use std::sync::Arc;

use super::FatalError;
use super::PackTar;
use super::decisions::Decisions;
use super::row_decision::PackDecision;
use super::sidecar::sidecar;
use super::sorted_pictures::Enlisted;
use super::volumes::{self, Cut, Filling};
use crate::archive::packed::Part;
use crate::disk::record_sorter::{RecordCursor, SortedRecords};
use crate::photo::row_store::{RowCursor, damaged, temporary};
use crate::row::Columns;

/// A picture with its sidecars.
pub struct Sample {
    pub part: Part,
    pub sidecar: Option<Part>,
}

/// The samples of all groups, by their names.
pub struct Samples<'a> {
    tool: &'a PackTar,
    enlisted: &'a SortedRecords,
    cursor: RecordCursor,
    rows: RowCursor,
    /// The columns of rows without values, which sidecars share.
    bare: Arc<Columns>,
    /// The next one, with its group.
    next: Option<(String, Sample)>,
}

impl<'a> Samples<'a> {
    pub fn new(tool: &'a PackTar, enlisted: &'a SortedRecords) -> Samples<'a> {
        let (cursor, rows) = Default::default();
        Samples { tool, enlisted, cursor, rows, bare: Columns::from_fields(&[]), next: None }
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

    /// Passes on the samples of the next tar of this group; returns their number.
    ///
    /// # Errors
    /// Of the temporary file, or of `take`.
    pub fn each_of_tar(
        &mut self,
        group: &str,
        decisions: &mut Decisions,
        mut take: impl FnMut(Sample, &mut Decisions) -> Result<(), FatalError>,
    ) -> Result<usize, FatalError> {
        let (is_webdataset, max_bytes) =
            (self.tool.settings.webdataset, self.tool.settings.max_bytes);
        let mut filling = Filling::new(Cut { max_bytes, is_webdataset });
        let mut count = 0;
        while self.group(decisions)? == Some(group) {
            let is_fitting = |(_, sample): &mut (_, Sample)| filling.takes(sample.stored_bytes());
            let Some((_, sample)) = self.next.take_if(is_fitting) else { break };
            take(sample, decisions)?;
            count += 1;
        }
        Ok(count)
    }

    fn sample(&self, part: Part) -> Sample {
        let sidecar = self.tool.settings.webdataset.then(|| sidecar(&part, &self.bare));
        Sample { part, sidecar }
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
                Ok(part) => return Ok(Some((group.to_string(), self.sample(part)))),
                Err(what) => decisions.set(at, &PackDecision::Failed(what.to_string()))?,
            }
        }
        Ok(None)
    }
}

impl Sample {
    /// The files in the tar.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        [Some(&self.part), self.sidecar.as_ref()].into_iter().flatten()
    }

    /// The size of its parts in a tar.
    fn stored_bytes(&self) -> u64 {
        self.parts().map(|part| volumes::stored_bytes(part.bytes)).sum()
    }
}
