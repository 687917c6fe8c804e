//! The rows of the files to take out: of files of one name that in the last tar.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::UnpackOptions;
use crate::archive::packed::unindexed::path_of;
use crate::photo::tar_members::{self, Members, Notify, Places};
use crate::row::{Field, Row};
use crate::shape::{FatalError, Opened, OwnRows};

impl Places for UnpackOptions {
    /// Of files of one name that in the last tar counts, which came with
    /// `pack-tar --force`; how many that concerns is said.
    fn of_path(&self, path: &Path, say: Notify) -> Result<Option<OwnRows>, FatalError> {
        let Some(members) = Members::find(path)? else { return Ok(None) };
        if members.is_empty() {
            return Err(FatalError(format!("no tar in '{}'", path.display())));
        }
        let digest = RandomState::new();
        let (last, older) = last_of(&members.tars, &digest);
        if older > 0 {
            say(&format!("newer versions in later tars are unpacked in place of {older} members"));
        }
        let columns = Arc::clone(members.columns());
        let is_wanted = move |at: usize, row: &Row| {
            name_of(row, &digest).is_none_or(|name| last.get(&name).is_none_or(|&tar| tar == at))
        };
        let rows = members.rows(Arc::new(self.clone()), say, is_wanted);
        Ok(Some(Box::new(rows.map(move |row| row.under(&columns)))))
    }

    fn of_stream(
        &self,
        name: &str,
        from: Box<dyn Read + Send>,
        say: Notify,
    ) -> Result<Opened, FatalError> {
        tar_members::open_stream(name, from, Arc::new(self.clone()), say)
    }
}

/// The last of several tars that has each name, and how many members are in
/// earlier ones. By digests of the names, 16 bytes a member, with secret keys:
/// nobody can make a name that hides a member of another tar.
fn last_of(tars: &[PathBuf], digest: &RandomState) -> (HashMap<u64, usize>, usize) {
    let (mut last, mut older) = (HashMap::new(), 0);
    for (at, tar) in tars.iter().enumerate().filter(|_| tars.len() > 1) {
        let rows = tar_members::rows_in(tar, None);
        for name in rows.iter().filter_map(|row| name_of(row, digest)) {
            older += usize::from(last.insert(name, at).is_some_and(|before| before != at));
        }
    }
    (last, older)
}

/// The digest of the path that a file is to have. What failed has none: it is
/// said whatever comes later.
fn name_of(row: &Row, digest: &RandomState) -> Option<u64> {
    let name = row.get(Field::Member).filter(|_| tar_members::fault_of(row).is_none())?;
    let path: Cow<'_, str> = path_of(name);
    Some(digest.hash_one(path))
}
