//! pack-tar: pictures into tars that are the same bytes whenever they are
//! made from the same rows.
//!
//! The pictures of a group may be anywhere among the rows. So the rows, their sorted names and the decision on each are
//! stored in temporary files, and those of the current tar in another: 11 bytes per row are held. Pictures are copied in small
//! parts.

mod add_index;
mod case_twins;
mod decisions;
mod naming;
mod originals;
mod repack;
mod repair;
mod replacement;
mod row_decision;
mod samples;
mod sidecar;
mod sorted_pictures;
mod stale_notes;
mod volumes;
mod write_tars;

use std::path::PathBuf;

use decisions::Decisions;
pub use naming::By;
use row_decision::{PackDecision, PackedPictures, Todo};

use crate::archive::deleted_originals::DeletedOriginals;
use crate::archive::packed;
use crate::disk::atomic_file::sync_folder;
use crate::disk::record_sorter::{RecordSorter, SortedRecords};
use crate::disk::spool::SpoolReader;
use crate::photo::row_store::{RowCursor, RowStore, temporary};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::threads::{Work, ordered};

/// The options of pack-tar.
#[derive(Debug, Clone)]
pub struct PackOptions {
    pub into: PathBuf,
    pub by: By,
    pub max_bytes: Option<u64>,
    pub webdataset: bool,
    /// Delete the originals, once the tar was read back.
    pub delete: bool,
    /// Where the rows of originals are noted before that, if the input is folders.
    pub deleted: Option<DeletedOriginals>,
    pub force: bool,
    pub dry_run: bool,
    /// Merge the addenda of the groups.
    pub repack: bool,
    /// Replace damaged members by pictures that were downloaded again.
    pub repair: bool,
    /// Build indexes for tars made by other programs.
    pub index: bool,
    pub min_free_bytes: u64,
    pub work: Work,
    /// The folder of the temporary file.
    pub tmp_dir: PathBuf,
}

impl PackOptions {
    fn naming(&self) -> naming::Naming {
        (self.by, self.webdataset)
    }
}

/// Number of rows output at once.
const PIECE: usize = 1024;
/// Number of rows decided on at once, which are held meanwhile.
const DECIDED: usize = 256;

/// See the module documentation.
pub struct PackTar {
    settings: PackOptions,
    rows: RowStore,
    out: Option<Outgoing>,
}

/// How far the rows have been output.
struct Outgoing {
    decisions: Decisions,
    reader: SpoolReader,
    cursor: RowCursor,
    row: usize,
    /// The error that ended the work; it is returned after the rows that were decided until then.
    fault: Option<FatalError>,
    is_stopped: bool,
}

/// The work to do.
struct Plan {
    /// The pictures to pack, by group and name.
    enlisted: SortedRecords,
    /// Rows of pictures that are in tars and also exist as files.
    twice: Vec<u32>,
    /// Rows of pictures that replace damaged ones.
    mends: Vec<u32>,
}

impl PackTar {
    pub fn new(settings: PackOptions) -> PackTar {
        let rows = RowStore::new(&settings.tmp_dir);
        PackTar { settings, rows, out: None }
    }

    /// Does all work, in an order in which an interrupted run leaves nothing that the next one cannot handle.
    fn work(
        &mut self,
        decisions: &mut Decisions,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let PackOptions { into, dry_run, repair, repack, index, tmp_dir, .. } = &self.settings;
        let writes = !dry_run;
        if writes {
            packed::settle(into).map_err(FatalError::new)?;
        }
        if writes && *repair {
            stale_notes::clear(into)?;
        }
        if *index {
            add_index::index(self, notes)?;
        }
        *decisions = Decisions::new(self.rows.len(), tmp_dir);
        let plan = self.plan(decisions)?;
        if *repair {
            repair::repair(self, &plan.mends, decisions, notes)?;
        }
        self.take_away(&plan.twice, decisions)?;
        write_tars::pack(self, &plan.enlisted, decisions, notes)?;
        if writes && *repack {
            repack::repack(self, decisions, notes)?;
        }
        if writes && into.exists() {
            sync_folder(into)
                .map_err(|error| FatalError(format!("cannot sync '{}': {error}", into.display())))
        } else {
            Ok(())
        }
    }

    /// Decides on the rows that need not be packed, and collects the work for the others.
    fn plan(&self, decisions: &mut Decisions) -> Result<Plan, FatalError> {
        let tmp_dir = &self.settings.tmp_dir;
        let held = PackedPictures::new(&self.settings)?;
        let mut by_key = RecordSorter::new(tmp_dir);
        let (mut twice, mut mends) = (Vec::new(), Vec::new());
        let mut cursor = RowCursor::default();
        let (mut rows, mut first) = (Vec::new(), 0);
        while self.next_rows(&mut cursor, first, &mut rows)? {
            for (at, (row, todo)) in (first..).zip(rows.iter().zip(self.decide(&rows, &held)?)) {
                let decision = match todo {
                    Todo::Pack(file) => {
                        sorted_pictures::enlist(&self.settings, at, row, &file, &mut by_key)?
                    }
                    Todo::Settled(decision) => Some(decision),
                };
                // Row numbers fit into four bytes.
                match &decision {
                    Some(PackDecision::Twice(_)) => twice.push(at as u32),
                    Some(PackDecision::Mend(_)) => mends.push(at as u32),
                    _ => {}
                }
                decision.map_or(Ok(()), |decision| decisions.set(at, &decision))?;
            }
            first += rows.len();
        }
        // Their memory is reused.
        drop(held);
        let by_key = by_key.finish().map_err(temporary)?;
        let enlisted = sorted_pictures::settle(self, by_key, decisions)?;
        Ok(Plan { enlisted, twice, mends })
    }

    /// Reads the next rows, from this number on, as many as are decided on at once; false if there are no more.
    fn next_rows(
        &self,
        cursor: &mut RowCursor,
        first: usize,
        rows: &mut Vec<Row>,
    ) -> Result<bool, FatalError> {
        rows.clear();
        while rows.len() < DECIDED && first + rows.len() < self.rows.len() {
            rows.extend(cursor.next(&self.rows)?);
        }
        Ok(!rows.is_empty())
    }

    /// Decides on rows, on many threads: files of pictures that are in tars are read.
    fn decide(&self, rows: &[Row], held: &PackedPictures) -> Result<Vec<Todo>, FatalError> {
        let act = |row: &Row| Ok(row_decision::decide(row, held, &self.settings));
        let stopped = || FatalError("interrupted".to_string());
        ordered::each(&self.settings.work, rows.iter(), act, stopped)
    }
}

impl Scan for PackTar {
    fn shape(&self, _: &InputHeader) -> Shape {
        let place = [Field::Archive, Field::Member, Field::Bytes, Field::Sha256];
        let sets = place.into_iter().chain([Field::Status, Field::Why]);
        let mut needs = vec![Field::Path, Field::Archive];
        needs.extend(self.settings.index.then_some(Field::ImgId));
        Shape {
            needs: vec![needs],
            sets: sets.map(Into::into).collect(),
            drops: vec![Field::Path],
            ..Shape::default()
        }
    }

    fn push(
        &mut self,
        row: Row,
        _: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        self.rows.push(&row)
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let mut outgoing = match self.out.take() {
            Some(outgoing) => outgoing,
            None => {
                let mut decisions = Decisions::new(0, &self.settings.tmp_dir);
                let fault = self.work(&mut decisions, notes).err();
                let (reader, cursor) = Default::default();
                Outgoing { decisions, reader, cursor, row: 0, fault, is_stopped: false }
            }
        };
        outgoing.is_stopped |= self.settings.work.stop.is_set();
        let end = (outgoing.row + PIECE).min(outgoing.decisions.len());
        while outgoing.row < end
            && let Some(row) = outgoing.cursor.next(&self.rows)?
        {
            let Outgoing { decisions, reader, row: at, .. } = &mut outgoing;
            out.extend(decisions.outcome(*at, row, reader)?);
            *at += 1;
        }
        let is_last = outgoing.row == outgoing.decisions.len();
        let fault = if is_last { outgoing.fault.take() } else { None };
        self.out = Some(outgoing);
        fault.map_or(Ok(()), Err)
    }

    fn goes_on(&self) -> bool {
        self.out.as_ref().is_some_and(|outgoing| outgoing.row < outgoing.decisions.len())
    }

    /// A stop during the work ends it with an error; the rows of finished tars are output before it.
    fn goes_on_when_stopped(&self) -> bool {
        self.goes_on() && self.out.as_ref().is_some_and(|out| out.is_stopped || out.fault.is_some())
    }
}

#[cfg(test)]
mod tests;
