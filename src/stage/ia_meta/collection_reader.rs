//! The data on a collection's pictures: the members of its tars, one tar at a time, and the rows of its lists.

use std::path::{Path, PathBuf};

use crate::archive::packed::{self, Member};
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::photo::collection_manifest;
use crate::query::known::KnownIds;
use crate::row::row_format::Reader;
use crate::row::{Field, Row};
use crate::service::retry::Stop;
use crate::shape::RowError;

/// The indexes of a tar and of a member in it.
pub type At = (u32, u32);

/// A collection being read, until the run is stopped.
pub struct CollectionReader<'a> {
    pub folder: &'a Path,
    /// All tars, with addenda after the tars that they extend.
    pub tars: Vec<PathBuf>,
    stop: &'a Stop,
}

impl<'a> CollectionReader<'a> {
    pub fn open(folder: &'a Path, stop: &'a Stop) -> Result<CollectionReader<'a>, RowError> {
        let tars = packed::tars(folder).at_path(Action::ReadFolder, folder)?;
        Ok(CollectionReader { folder, tars, stop })
    }

    /// Whether each tar has an index. Of members without an index, only the names are known.
    pub fn is_indexed(&self) -> bool {
        !self.tars.is_empty() && self.tars.iter().all(|tar| packed::has_index(tar))
    }

    /// Calls `take` for each member.
    pub fn each_member(
        &self,
        mut take: impl FnMut(At, &Member) -> Result<(), RowError>,
    ) -> Result<(), RowError> {
        for (tar, path) in self.tars.iter().enumerate() {
            self.go_on()?;
            for (at, member) in packed::read(path)?.iter().enumerate() {
                take((tar as u32, at as u32), member)
                    .map_err(|what| format!("'{}': {what}", member.name))?;
            }
        }
        Ok(())
    }

    /// The lists that exist.
    pub fn lists(&self) -> Vec<PathBuf> {
        collection_manifest::all(self.folder)
    }

    /// Calls `take` for each row of the first list, and for the rows of later lists with an id that no list before has.
    /// Returns the number of those. Uses 16 bytes of memory per id if there are several lists.
    pub fn each_listed(
        &self,
        mut take: impl FnMut(&Row) -> Result<(), RowError>,
    ) -> Result<u64, RowError> {
        let (lists, mut listed, mut added) = (self.lists(), KnownIds::default(), 0);
        if let [list] = &lists[..] {
            return self.each_row(list, take).map(|()| 0);
        }
        for (number, path) in lists.iter().enumerate() {
            self.each_row(path, |row| {
                let is_new = row.get(Field::ImgId).is_some_and(|id| listed.insert(id));
                added += u64::from(number > 0 && is_new);
                if number == 0 || is_new { take(row) } else { Ok(()) }
            })?;
        }
        Ok(added)
    }

    fn each_row(
        &self,
        path: &Path,
        mut take: impl FnMut(&Row) -> Result<(), RowError>,
    ) -> Result<(), RowError> {
        let wrong = |what: String| format!("cannot read '{}': {what}", path.display());
        let file = open::file(path).at_path(Action::Read, path)?;
        let mut rows = Reader::new(file).map_err(|error| wrong(error.to_string()))?;
        while let Some(row) = rows.next_row() {
            self.go_on()?;
            let row = row.map_err(|error| wrong(error.to_string()))?;
            take(&row).map_err(|what| wrong(format!("line {}: {what}", row.line)))?;
        }
        Ok(())
    }

    fn go_on(&self) -> Result<(), RowError> {
        if self.stop.is_set() { Err("stopped before it was described".into()) } else { Ok(()) }
    }
}
