//! The rows to check: the members of all tars, the rows in the lists of the collection, and the loose pictures.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::FatalError;
use super::loose_pictures::Beside;
use crate::archive::packed::{self, is_picture, manifest};
use crate::disk::positioned_io::CHUNK;
use crate::format::completeness::Whole;
use crate::format::tar::Modified;
use crate::photo::collection_manifest;
use crate::photo::tar_members::{self, Body, Members, Notify, Places, Refused, TarVisitor};
use crate::row::{Field, Row};
use crate::shape::{Opened, OwnRows};
use crate::value::provenance::Status;

/// Checks the pictures of a folder or tar; the files of a stream are checked as they pass.
pub struct Check {
    /// The folder of the temporary file with the names of pictures.
    pub tmp_dir: PathBuf,
}

/// Checks the files of a tar that is read from start to end.
struct CheckFiles;

impl Places for Check {
    fn of_path(&self, path: &Path, say: Notify) -> Result<Option<OwnRows>, FatalError> {
        let Some(members) = Members::find(path)? else { return Ok(None) };
        let has_tars = !members.is_empty();
        let rows = if path.is_dir() {
            of_folder(path, members, Arc::clone(&say), &self.tmp_dir)?
        } else {
            of_tars(members, Arc::clone(&say))
        };
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            if has_tars {
                say(&format!("'{}': no files in it", path.display()));
            } else {
                return Err(nothing_in(path));
            }
        }
        Ok(Some(Box::new(rows)))
    }

    fn of_stream(
        &self,
        name: &str,
        from: Box<dyn Read + Send>,
        say: Notify,
    ) -> Result<Opened, FatalError> {
        tar_members::open_stream(name, from, Arc::new(CheckFiles), say)
    }
}

fn nothing_in(folder: &Path) -> FatalError {
    let what = "there is not a tar, no picture and no list of pictures in it";
    FatalError(format!("nothing to check in '{}': {what}", folder.display()))
}

fn of_tars(members: Members, say: Notify) -> OwnRows {
    let columns = members.columns().with(&Field::ImgId.into());
    let manifests = other_manifests(&members.tars);
    let rows = manifests.into_iter().chain(members.rows(Arc::new(CheckFiles), say, |_, _| true));
    Box::new(rows.map(move |row| row.under(&columns)))
}

fn of_folder(
    path: &Path,
    members: Members,
    say: Notify,
    tmp_dir: &Path,
) -> Result<OwnRows, FatalError> {
    let mut columns = members.columns().with(&Field::ImgId.into());
    let lists = collection_manifest::all(path);
    let named = |words: &str| say(&format!("'{}': {words}", path.display()));
    let beside = Beside::new(path, &members, &lists, &mut columns, tmp_dir, named)?;
    columns = columns.with(&Field::Path.into());
    let manifests = other_manifests(&members.tars);
    let rows = members.rows(Arc::new(CheckFiles), say, |_, _| true).chain(beside);
    let rows = manifests.into_iter().chain(rows);
    Ok(Box::new(rows.map(move |row| row.under(&columns))))
}

/// A row with an error for each tar whose manifest is not that of its index. Nothing is said of its pictures.
fn other_manifests(tars: &[PathBuf]) -> Vec<Row> {
    let is_other = |tar: &Path| {
        packed::has_index(tar)
            && match (manifest::lines(tar), packed::manifest_lines(tar)) {
                (Ok(Some(lines)), Ok(by_index)) => lines != by_index,
                // There is none, or the index is checked with its members.
                _ => false,
            }
    };
    let row = |tar: &PathBuf| {
        let manifest = packed::manifest_of(tar);
        let fault = format!(
            "'{}' does not agree with the index: delete it, and pack-tar makes it anew",
            manifest.display()
        );
        Row::from_cells(&[(Field::Archive, &*tar.to_string_lossy()), (Field::Error, &fault)])
    };
    tars.iter().filter(|tar| is_other(tar)).map(row).collect()
}

impl TarVisitor for CheckFiles {
    fn file(&self, path: &str, body: &mut Body<'_>, _: bool) -> Result<Status, Refused> {
        let mut whole = Whole::default();
        let mut buffer = vec![0; CHUNK];
        loop {
            match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(len) => whole.push(&buffer[..len]),
                Err(error) => return Err(Refused::Failed(error.to_string())),
            }
        }
        let fault = whole.fault_of(path).filter(|_| is_picture(path, &Row::from_cells(&[])));
        fault.map_or(Ok(Status::Whole), |fault| Err(Refused::Failed(fault)))
    }

    /// The target of the link was already checked.
    fn link(&self, _: &str, _: &str, _: Option<Modified>, _: bool) -> Result<Status, Refused> {
        Ok(Status::Whole)
    }
}

/// The message for a row without a picture.
pub fn why_missing(row: &Row) -> String {
    match row.get(Field::Path) {
        Some(path) => format!("neither '{path}' is there nor a tar that holds it"),
        None => "no picture of this row is there".to_string(),
    }
}
