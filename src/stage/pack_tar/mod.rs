//! pack-tar: pictures into tars that are the same bytes whenever they are
//! made from the same rows.
//!
//! A group's pictures may stand anywhere among the rows: these wait in a temporary file, and the name of each
//! picture in its tar is held, and of one tar the rows. The pictures themselves go through in small parts.

mod add_index;
mod group;
mod naming;
mod originals;
mod repack;
mod repair;
mod row_decision;
mod sidecar;
mod volumes;
mod write_tars;

use std::path::PathBuf;

use group::Groups;
pub use naming::By;
use row_decision::{PackDecision, PackedPictures};

use crate::archive::locate::{Locator, Tars};
use crate::archive::packed;
use crate::disk::atomic_file::sync_folder;
use crate::photo::row_store::{RowCursor, RowStore};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::threads::Work;

/// What pack-tar is asked to do.
#[derive(Debug, Clone)]
pub struct PackOptions {
    pub into: PathBuf,
    pub by: By,
    pub max_bytes: Option<u64>,
    pub webdataset: bool,
    /// Take the originals away, once the tar was read back.
    pub delete: bool,
    pub force: bool,
    pub dry_run: bool,
    /// Join the addenda of the groups.
    pub repack: bool,
    /// Put pictures fetched anew in place of damaged members.
    pub repair: bool,
    /// Give tars of others an index.
    pub index: bool,
    pub min_free_bytes: u64,
    pub work: Work,
    /// Where rows wait.
    pub tmp_dir: PathBuf,
}

/// Rows that go out at once.
const PIECE: usize = 1024;

/// See the module's text.
pub struct PackTar {
    settings: PackOptions,
    rows: RowStore,
    out: Option<Outgoing>,
}

/// How far the rows have gone out.
struct Outgoing {
    fates: Vec<PackDecision>,
    cursor: RowCursor,
    row: usize,
}

impl PackTar {
    pub fn new(settings: PackOptions) -> PackTar {
        let rows = RowStore::new(&settings.tmp_dir);
        PackTar { settings, rows, out: None }
    }

    /// All that is done, in an order in which a run that breaks off leaves
    /// nothing that the next one does not understand.
    fn work(
        &mut self,
        fates: &mut Vec<PackDecision>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let PackOptions { into, dry_run, repair, repack, index, .. } = &self.settings;
        let writes = !dry_run;
        if writes {
            packed::settle(into).map_err(FatalError::new)?;
        }
        if writes && *index {
            add_index::index(self, notes)?;
        }
        let (planned, groups) = self.plan()?;
        *fates = planned;
        if writes && *repair {
            repair::repair(self, fates, notes)?;
        }
        self.take_away(fates)?;
        for (name, group) in groups {
            group.pack(&name, self, fates, notes)?;
        }
        if writes && *repack {
            repack::repack(self, notes)?;
        }
        if writes && into.exists() {
            sync_folder(into)
                .map_err(|error| FatalError(format!("cannot sync '{}': {error}", into.display())))
        } else {
            Ok(())
        }
    }

    /// What becomes of each row, and the groups that are to be written.
    fn plan(&self) -> Result<(Vec<PackDecision>, Groups), FatalError> {
        let PackOptions { into, repair, .. } = &self.settings;
        let all = repair.then(|| Tars::read_all(into)).transpose().map_err(FatalError::new)?;
        let sound = Tars::read(into).map_err(FatalError::new)?;
        let held = PackedPictures {
            sound,
            all,
            elsewhere: Locator::default(),
            ..PackedPictures::default()
        };
        let (mut groups, mut fates) = (Groups::default(), Vec::with_capacity(self.rows.len()));
        let mut cursor = RowCursor::default();
        while let Some(row) = cursor.next(&self.rows)? {
            fates.push(match row_decision::decide(&row, &held, &self.settings) {
                PackDecision::New(file) => {
                    group::enlist(self, fates.len(), &row, &file, &mut groups)?
                }
                fate => fate,
            });
        }
        Ok((fates, groups))
    }
}

impl Scan for PackTar {
    fn shape(&self, _: &InputHeader) -> Shape {
        let sets = [Field::Archive, Field::Member, Field::Bytes, Field::Sha256, Field::Status];
        let mut needs = vec![Field::Path, Field::Archive];
        needs.extend(self.settings.index.then_some(Field::ImgId));
        Shape {
            needs: vec![needs],
            sets: sets.map(Into::into).to_vec(),
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
        let (mut outgoing, worked) = match self.out.take() {
            Some(outgoing) => (outgoing, Ok(())),
            None => {
                let mut fates = Vec::new();
                let worked = self.work(&mut fates, notes);
                (Outgoing { fates, cursor: RowCursor::default(), row: 0 }, worked)
            }
        };
        // A run that is at its end does not come back for the next piece.
        let is_last = worked.is_err() || self.settings.work.stop.is_set();
        let piece = if is_last { usize::MAX } else { PIECE };
        let end = outgoing.row.saturating_add(piece).min(outgoing.fates.len());
        while outgoing.row < end
            && let Some(row) = outgoing.cursor.next(&self.rows)?
        {
            out.extend(outgoing.fates[outgoing.row].outcome(row, &outgoing.fates));
            outgoing.row += 1;
        }
        self.out = Some(outgoing);
        worked
    }

    fn goes_on(&self) -> bool {
        self.out.as_ref().is_some_and(|outgoing| outgoing.row < outgoing.fates.len())
    }
}
