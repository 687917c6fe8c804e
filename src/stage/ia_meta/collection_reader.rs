//! The data on a collection's pictures: the members of its tars, one tar at a time, and the rows of its list.

use std::path::{Path, PathBuf};

use crate::archive::packed::{self, Member};
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::photo::collection_manifest;
use crate::row::Row;
use crate::row::row_format::Reader;
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

    /// The first list that exists.
    pub fn list(&self) -> Option<PathBuf> {
        collection_manifest::find(self.folder)
    }

    /// Calls `take` for each row of that list.
    pub fn each_listed(
        &self,
        mut take: impl FnMut(&Row) -> Result<(), RowError>,
    ) -> Result<(), RowError> {
        let Some(path) = self.list() else { return Ok(()) };
        let wrong = |what: String| format!("cannot read '{}': {what}", path.display());
        let file = open::file(&path).at_path(Action::Read, &path)?;
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
