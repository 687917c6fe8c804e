//! pack-tar: pictures into tars that are the same bytes whenever they are
//! made from the same rows.
//!
//! It holds all rows to the end, since a group's pictures may stand anywhere
//! among them; the pictures themselves go through in small parts.

mod decision;
mod group;
mod naming;
mod repair;
mod volumes;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use decision::{Fate, PackedPictures};
use group::Groups;
pub use naming::By;

use crate::archive;
use crate::archive::locate::{Locator, Tars};
use crate::archive::packed::{self, Checker};
use crate::disk::atomic_file::sync_folder;
use crate::disk::locked_file::{self, Identity};
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
}

/// See the module's text.
pub struct PackTar {
    settings: PackOptions,
    rows: Vec<Arc<Row>>,
}

impl PackTar {
    pub fn new(settings: PackOptions) -> PackTar {
        PackTar { settings, rows: Vec::new() }
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
        let mut groups = Groups::default();
        let fate =
            |(at, row): (usize, &Arc<Row>)| match decision::decide(row, &held, &self.settings) {
                Fate::New(file) => group::enlist(&self.settings, at, row, file, &mut groups),
                fate => fate,
            };
        let fates = self.rows.iter().enumerate().map(fate).collect();
        Ok((fates, groups))
    }

    /// Files that lie in tars, too: a crash came before they were taken away, or
    /// nobody wanted that then. They go once their tar has been read back.
    fn take_away(&self, fates: &mut [Fate]) -> Result<(), FatalError> {
        let mut tars: HashMap<PathBuf, Option<String>> = HashMap::new();
        for fate in fates {
            let Fate::Twice(packed, file, identity) = &*fate else { continue };
            let fault = tars
                .entry(packed.archive.to_path_buf())
                .or_insert_with(|| self.read_back(&packed.archive).err().map(|fault| fault.0));
            *fate = match fault {
                None => match take_away(file, identity)? {
                    None => Fate::At(Status::Kept, packed.into()),
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
        mut row: Row,
        _: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        row.shrink();
        self.rows.push(Arc::new(row));
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let mut fates = Vec::new();
        let worked = self.work(&mut fates, notes);
        for (row, fate) in std::mem::take(&mut self.rows).into_iter().zip(&fates) {
            out.extend(fate.outcome(Arc::unwrap_or_clone(row), &fates));
        }
        worked
    }
}

/// Takes away a file that lies in a tar now, if it is still what was packed; else the reason why it stays.
fn take_away(file: &Path, packed: &Identity) -> Result<Option<String>, FatalError> {
    let shown = file.display();
    let stays = || {
        let way_out = "--force packs it too, as another picture";
        Some(format!("'{shown}' was changed since it was packed, and stays: {way_out}"))
    };
    let wrong = |error| FatalError(format!("cannot remove '{shown}': {error}"));
    let held = match locked_file::LockedFile::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        held => held.map_err(wrong)?,
    };
    if !held.identity().has_same_bytes(packed) {
        return Ok(stays());
    }
    match held.remove() {
        Err(error) if locked_file::is_change(&error) => Ok(stays()),
        removed => removed.map(|()| None).map_err(wrong),
    }
}

#[cfg(test)]
mod tests;
