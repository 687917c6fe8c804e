//! unpack-tar: the files of tars, and their rows, as they were before packing.
//!
//! Links are not made: a hard link becomes a file of its own, a symbolic link
//! is left out. So nothing that a tar says leads out of the folder.

mod store;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use store::{New, is_same, store};

use crate::archive::locate::{Found, Locator, Packed};
use crate::archive::packed::is_picture;
use crate::archive::packed::unindexed::path_of;
use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};
use crate::format::tar::{self, Modified};
use crate::photo::taken::taken_ms;
use crate::photo::tar_members::{self, Body, Members, Places, Refused, Say, Take};
use crate::row::{Field, Row};
use crate::shape::{
    Batch, Diagnostics, FatalError, InputHeader, Opened, Outcome, OwnRows, RowError, Shape,
};
use crate::value::provenance::Status;

/// What unpack-tar is asked to do.
#[derive(Debug, Clone)]
pub struct UnpackOptions {
    pub into: PathBuf,
    pub force: bool,
    pub dry_run: bool,
}

/// See the module's text.
pub struct UnpackTar {
    settings: UnpackOptions,
    locator: Locator,
}

impl UnpackTar {
    pub fn new(settings: UnpackOptions) -> UnpackTar {
        UnpackTar { settings, locator: Locator::default() }
    }

    fn unpack(&self, row: &mut Row) -> Result<Status, RowError> {
        if let Some(fault) = tar_members::fault_of(row) {
            return Err(fault.into());
        }
        let status = match tar_members::taken(row) {
            Some(status) => status,
            None => match self.locator.find_or_say(row)? {
                Found::Packed(packed) => self.take_out(&packed, row)?,
                Found::File(_) => return Ok(Status::Kept),
            },
        };
        let member = row.get(Field::Member).unwrap_or_default();
        let path = self.settings.into.join(&*tar::relative(member)?);
        row.set(Field::Path, path.to_str().ok_or("a path that is not UTF-8")?);
        Ok(status)
    }

    fn take_out(&self, packed: &Packed, row: &mut Row) -> Result<Status, RowError> {
        row.set(Field::Member, &packed.member);
        // The name comes from a file that anyone may have made.
        let path = self.settings.into.join(&*tar::relative(&packed.member)?);
        let open = || {
            let wrong = |error| PathError::new(Action::Open, &packed.archive, error);
            packed.open().map_err(wrong)
        };
        if path.symlink_metadata().is_ok() && !self.settings.force {
            return if is_same(&path, packed.bytes, packed.sha256, open()?) {
                Ok(Status::Kept)
            } else {
                Err(another(&path).into())
            };
        }
        if self.settings.dry_run {
            return Ok(Status::Planned);
        }
        let modified = match taken_ms(row)?.and_then(|ms| u64::try_from(ms).ok()) {
            Some(ms) => SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(ms)),
            None => packed.modified.and_then(Modified::system_time),
        };
        let Packed { bytes, sha256, .. } = *packed;
        let replaces = self.settings.force;
        Ok(store(&mut open()?, New { path: &path, bytes, modified, sha256, replaces })?)
    }

    /// Of files that are no pictures there is no row; how many is counted.
    fn outcome(&self, mut row: Row, notes: &dyn Diagnostics) -> Outcome {
        let is_own = row.line == 0;
        match self.unpack(&mut row) {
            Err(what) => Outcome::failed(row, what),
            Ok(_) if row.get(Field::Member).is_some_and(|name| is_other(name, &row, is_own)) => {
                notes.count("other files", 1);
                Outcome::Rows(Vec::new())
            }
            Ok(status) => {
                row.set(Field::Status, status.word());
                [Field::Archive, Field::Member].into_iter().for_each(|field| row.clear(field));
                Outcome::Rows(vec![row])
            }
        }
    }
}

impl Batch for UnpackTar {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape {
            needs: vec![vec![Field::Archive, Field::Path]],
            sets: [Field::Path, Field::Status].map(Into::into).to_vec(),
            drops: vec![Field::Archive, Field::Member],
            ..Shape::default()
        }
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        Ok(rows.into_iter().map(|row| self.outcome(row, notes)).collect())
    }
}

/// A sidecar, say. Who names a file in a row of his own gets it back.
fn is_other(name: &str, row: &Row, is_own: bool) -> bool {
    name.ends_with(".json") || is_own && !is_picture(name, row)
}

fn another(path: &Path) -> String {
    format!("'{}' is another file (--force replaces it)", path.display())
}

/// Takes out the files of a stream as they come by.
impl Take for UnpackOptions {
    fn file(&self, path: &str, body: &mut Body<'_>, again: bool) -> Result<Status, Refused> {
        let (bytes, modified) = (body.size, body.modified);
        self.put(path, bytes, modified, again, body)
    }

    fn link(
        &self,
        path: &str,
        target: &str,
        modified: Option<Modified>,
        again: bool,
    ) -> Result<Status, Refused> {
        if self.dry_run {
            return Ok(Status::Planned);
        }
        let target = self.into.join(target);
        let opened = open::file(&target).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (bytes, mut file) = opened
            .at_path(Action::Open, &target)
            .map_err(|error| Refused::Failed(error.to_string()))?;
        self.put(path, bytes, modified, again, &mut file)
    }
}

impl UnpackOptions {
    fn put(
        &self,
        path: &str,
        bytes: u64,
        modified: Option<Modified>,
        again: bool,
        from: &mut impl Read,
    ) -> Result<Status, Refused> {
        let path = self.into.join(path);
        if path.symlink_metadata().is_ok() && !self.force && !again {
            return if is_same(&path, bytes, None, from) {
                Ok(Status::Kept)
            } else {
                Err(Refused::Other(another(&path)))
            };
        }
        if self.dry_run {
            return Ok(Status::Planned);
        }
        let modified = modified.and_then(Modified::system_time);
        let replaces = self.force || again;
        store(from, New { path: &path, bytes, modified, sha256: None, replaces })
            .map_err(|error| Refused::Failed(error.to_string()))
    }
}

impl Places for UnpackOptions {
    /// Of files of one name that in the last tar counts, which came with
    /// `pack-tar --force`; how many that concerns is said.
    fn of_path(&self, path: &Path, say: Say) -> Result<Option<OwnRows>, FatalError> {
        let Some(members) = Members::find(path)? else { return Ok(None) };
        if members.is_empty() {
            return Err(FatalError(format!("no tar in '{}'", path.display())));
        }
        let (last, older) = last_of(&members.tars);
        if older > 0 {
            say(&format!("newer versions in later tars are unpacked in place of {older} members"));
        }
        let columns = Arc::clone(members.columns());
        let is_wanted = move |at: usize, row: &Row| {
            name_of(row).is_none_or(|name| last.get(&name).is_none_or(|&tar| tar == at))
        };
        let rows = members.rows(Arc::new(self.clone()), say, is_wanted);
        Ok(Some(Box::new(rows.map(move |row| row.under(&columns)))))
    }

    fn of_stream(
        &self,
        name: &str,
        from: Box<dyn Read + Send>,
        say: Say,
    ) -> Result<Opened, FatalError> {
        tar_members::open_stream(name, from, Arc::new(self.clone()), say)
    }
}

/// The last of several tars that has each name, and how many members are in
/// earlier ones. By digests of the names: 16 bytes a member.
fn last_of(tars: &[PathBuf]) -> (HashMap<u64, usize>, usize) {
    let (mut last, mut older) = (HashMap::new(), 0);
    for (at, tar) in tars.iter().enumerate().filter(|_| tars.len() > 1) {
        for name in tar_members::rows_in(tar, None).iter().filter_map(name_of) {
            older += usize::from(last.insert(name, at).is_some_and(|before| before != at));
        }
    }
    (last, older)
}

/// The digest of the path that a file is to have. What failed has none: it is
/// said whatever comes later.
fn name_of(row: &Row) -> Option<u64> {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let name = row.get(Field::Member).filter(|_| tar_members::fault_of(row).is_none())?;
    let path: Cow<'_, str> = path_of(name);
    Some(hasher.hash_one(path))
}
