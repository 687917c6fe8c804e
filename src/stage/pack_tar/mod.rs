//! pack-tar: pictures into tars that are the same bytes whenever they are
//! made from the same rows.
//!
//! A group's pictures may stand anywhere among the rows: these wait in a temporary file, and the name of each
//! picture in its tar is held, and of one tar the rows. The pictures themselves go through in small parts.

mod decision;
mod group;
mod naming;
mod repair;
mod volumes;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use decision::{Fate, PackedPictures};
use group::Groups;
pub use naming::By;

use crate::archive;
use crate::archive::locate::{Locator, Tars};
use crate::archive::packed::{self, Checker};
use crate::disk::atomic_file::sync_folder;
use crate::disk::locked_file::{self, Identity};
use crate::disk::{Action, PathError};
use crate::photo::row_store::{RowCursor, RowStore};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::threads::Work;
use crate::value::provenance::Status;

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
    fates: Vec<Fate>,
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
    fn work(&mut self, fates: &mut Vec<Fate>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let PackOptions { into, dry_run, repair, repack, index, .. } = &self.settings;
        let writes = !dry_run;
        if writes {
            packed::settle(into).map_err(FatalError::new)?;
        }
        if writes && *index {
            repair::index(self, notes)?;
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
            repair::repack(self, notes)?;
        }
        if writes && into.exists() {
            sync_folder(into)
                .map_err(|error| FatalError(format!("cannot sync '{}': {error}", into.display())))
        } else {
            Ok(())
        }
    }

    /// What becomes of each row, and the groups that are to be written.
    fn plan(&self) -> Result<(Vec<Fate>, Groups), FatalError> {
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
            fates.push(match decision::decide(&row, &held, &self.settings) {
                Fate::New(file) => group::enlist(self, fates.len(), &row, &file, &mut groups)?,
                fate => fate,
            });
        }
        Ok((fates, groups))
    }

    /// Files that lie in tars, too: a crash came before they were taken away, or
    /// nobody wanted that then. They go once their tar has been read back.
    fn take_away(&self, fates: &mut [Fate]) -> Result<(), FatalError> {
        let mut tars: HashMap<PathBuf, Option<String>> = HashMap::new();
        for fate in fates {
            let Fate::Twice(twice) = &*fate else { continue };
            let (packed, file, identity) = &**twice;
            let fault = tars
                .entry(packed.archive.to_path_buf())
                .or_insert_with(|| self.read_back(&packed.archive).err().map(|fault| fault.0));
            *fate = match fault {
                None => match take_away(file, identity)? {
                    None => Fate::at(Status::Kept, packed.into()),
                    Some(why) => Fate::Failed(why),
                },
                Some(what) => Fate::Failed(format!("{what}: --repair mends it")),
            };
        }
        Ok(())
    }

    /// Before an original goes: all is on disk, and every digest matches.
    fn read_back(&self, tar: &Path) -> Result<(), FatalError> {
        let wrong = |what: archive::Error| {
            FatalError(format!("'{}' did not read back: {what}", tar.display()))
        };
        packed::sync(tar).map_err(|error| wrong(error.into()))?;
        let checker = Checker::open(tar).map_err(wrong)?;
        checker.check_all(&self.settings.work).map_err(wrong)
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

/// Takes away a file that lies in a tar now, if it is still what was packed; else the reason why it stays.
fn take_away(file: &Path, packed: &Identity) -> Result<Option<String>, FatalError> {
    let shown = file.display();
    let stays = || {
        let way_out = "--force packs it too, as another picture";
        Some(format!("'{shown}' was changed after it was packed, and is kept: {way_out}"))
    };
    let wrong = PathError::at(Action::Remove, file);
    let held = match locked_file::LockedFile::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        held => held.map_err(wrong)?,
    };
    if !held.identity().has_same_bytes(packed) {
        return Ok(stays());
    }
    match held.remove() {
        Err(error) if locked_file::is_change(&error) => Ok(stays()),
        removed => Ok(removed.map(|()| None).map_err(wrong)?),
    }
}

#[cfg(test)]
mod tests;
