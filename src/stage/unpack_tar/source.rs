//! The rows of the files to take out: of files of one name that in the last tar.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::UnpackOptions;
use super::versions::Versions;
use crate::photo::tar_members::{self, Members, Notify, Places};
use crate::row::Row;
use crate::shape::{FatalError, Opened, OwnRows};

impl Places for UnpackOptions {
    /// Of files of one name that in the last tar counts, which came with
    /// `pack-tar --force`; how many that concerns is said. Different pictures of one name fail.
    fn of_path(&self, path: &Path, say: Notify) -> Result<Option<OwnRows>, FatalError> {
        let Some(members) = Members::find(path)? else { return Ok(None) };
        if members.is_empty() {
            return Err(FatalError(format!("no tar in '{}'", path.display())));
        }
        let versions = Arc::new(Versions::of(&members.tars));
        if versions.older > 0 {
            let older = versions.older;
            say(&format!("newer versions in later tars are unpacked in place of {older} members"));
        }
        let columns = Arc::clone(members.columns());
        let wanted = Arc::clone(&versions);
        let is_wanted = move |at: usize, row: &Row| wanted.is_wanted(at, row);
        let rows = members.rows(Arc::new(self.clone()), say, is_wanted);
        let rows = rows.map(move |row| versions.checked(row).under(&columns));
        Ok(Some(Box::new(rows)))
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
