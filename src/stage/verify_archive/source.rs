//! The rows to check: the members of all tars, the rows that the collection
//! says it has, and the loose pictures.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::FatalError;
use crate::archive::packed::is_picture;
use crate::archive::{packed, picture_index};
use crate::disk::open;
use crate::disk::positioned_io::CHUNK;
use crate::disk::walk;
use crate::disk::{Action, AtPath};
use crate::format::completeness::Whole;
use crate::format::tar::Modified;
use crate::photo::collection_manifest;
use crate::photo::tar_members::{self, Body, Members, Places, Refused, Say, Take};
use crate::row::row_format::{ReadError, Reader};
use crate::row::{Field, Row};
use crate::shape::{Opened, OwnRows};
use crate::value::provenance::Status;

/// Looks at what a place has; at the files of a stream as they come by.
pub struct Check;

impl Places for Check {
    fn of_path(&self, path: &Path, say: Say) -> Result<Option<OwnRows>, FatalError> {
        let Some(members) = Members::find(path)? else { return Ok(None) };
        let has_tars = !members.is_empty();
        let rows = if path.is_dir() {
            of_folder(path, members, Arc::clone(&say))?
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
        say: Say,
    ) -> Result<Opened, FatalError> {
        tar_members::open_stream(name, from, Arc::new(Check), say)
    }
}

fn nothing_in(folder: &Path) -> FatalError {
    let what = "there is not a tar, no picture and no list of pictures in it";
    FatalError(format!("nothing to check in '{}': {what}", folder.display()))
}

fn of_tars(members: Members, say: Say) -> OwnRows {
    let columns = members.columns().with(&Field::ImgId.into());
    let rows = members.rows(Arc::new(Check), say, |_, _| true);
    Box::new(rows.map(move |row| row.under(&columns)))
}

fn of_folder(path: &Path, members: Members, say: Say) -> Result<OwnRows, FatalError> {
    let mut columns = members.columns().with(&Field::ImgId.into());
    let listing = collection_manifest::find(path);
    if let Some(listing) = &listing {
        // Looked through twice: all rows come under the columns of any.
        let mut rows = Listing::open(listing)?;
        while let Some(row) = rows.next()? {
            columns = columns.with_all(&row);
        }
    }
    columns = columns.with(&Field::Path.into());
    let beside = match listing {
        Some(listing) => Beside::new(Some(Listing::open(&listing)?), ids(&members), path)?,
        None => Beside::new(None, HashSet::new(), path)?,
    };
    let rows = members.rows(Arc::new(Check), say, |_, _| true).chain(beside);
    Ok(Box::new(rows.map(move |row| row.under(&columns))))
}

impl Take for Check {
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

    /// What it links to was looked at.
    fn link(&self, _: &str, _: &str, _: Option<Modified>, _: bool) -> Result<Status, Refused> {
        Ok(Status::Whole)
    }
}

/// The rows of a file that lists a collection.
struct Listing {
    path: PathBuf,
    rows: Reader,
}

impl Listing {
    fn open(path: &Path) -> Result<Listing, FatalError> {
        let input = open::file(path).at_path(Action::Read, path)?;
        let rows = Reader::new(input).map_err(|error| unread(path, &error))?;
        Ok(Listing { path: path.to_path_buf(), rows })
    }

    fn next(&mut self) -> Result<Option<Row>, FatalError> {
        self.rows.next_row().transpose().map_err(|error| unread(&self.path, &error))
    }
}

/// The error of a list with a row that cannot be read.
fn unread(path: &Path, error: &ReadError) -> FatalError {
    FatalError(format!("cannot read '{}': {error}", path.display()))
}

/// What a collection has beside its tars: the rows of the listing whose
/// pictures lie loose, with their paths; those that have no picture at all;
/// then the loose pictures of which the listing knows nothing.
struct Beside {
    listing: Option<Listing>,
    held: HashSet<String>,
    /// The loose pictures by the id that their names tell, and without one.
    by_id: BTreeMap<Box<str>, Vec<PathBuf>>,
    others: Vec<PathBuf>,
    /// Rows of one id.
    waiting: Vec<Row>,
}

impl Beside {
    fn new(
        listing: Option<Listing>,
        held: HashSet<String>,
        folder: &Path,
    ) -> Result<Beside, FatalError> {
        let mut by_id: BTreeMap<Box<str>, Vec<PathBuf>> = BTreeMap::new();
        let mut others = Vec::new();
        for path in walk::files(folder) {
            let path = path.map_err(FatalError::new)?;
            match picture_index::named(&path).map(|(id, _)| Box::from(id)) {
                Some(id) if is_id(&id) => by_id.entry(id).or_default().push(path),
                Some(_) => others.push(path),
                None => {}
            }
        }
        Ok(Beside { listing, held, by_id, others, waiting: Vec::new() })
    }

    /// The rows to check for one of the listing.
    fn take(&mut self, mut row: Row) -> Vec<Row> {
        for field in [Field::Path, Field::Archive, Field::Member, Field::Bytes, Field::Sha256] {
            row.clear(field);
        }
        let Some(id) = row.get(Field::ImgId) else { return Vec::new() };
        match self.by_id.get_mut(id) {
            // A listing may have an image twice: the second time nothing is left.
            Some(paths) => with_paths(&row, std::mem::take(paths)),
            None if self.held.contains(id) => Vec::new(),
            None => vec![row],
        }
    }
}

impl Iterator for Beside {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            if let Some(row) = self.waiting.pop() {
                return Some(row);
            }
            // It was read whole a moment ago: an error now is its end.
            if let Some(row) = self.listing.as_mut().and_then(|listing| listing.next().ok()?) {
                self.waiting = self.take(row);
            } else if let Some((id, paths)) = self.by_id.pop_first() {
                self.listing = None;
                self.waiting = with_paths(&Row::from_cells(&[(Field::ImgId, &id)]), paths);
            } else {
                return with_paths(&Row::from_cells(&[]), self.others.pop()).pop();
            }
        }
    }
}

/// The ids of all members. Of a tar that cannot be read there are none: its
/// rows in the listing are missing.
fn ids(members: &Members) -> HashSet<String> {
    let of_tars = members.tars.iter().flat_map(|tar| packed::read(tar).unwrap_or_default());
    let of_streams = members.streams.iter().flat_map(|path| tar_members::rows_of_names(path));
    let rows = of_tars.map(|member| member.row).chain(of_streams);
    rows.filter_map(|row| row.get(Field::ImgId).map(str::to_string)).collect()
}

fn is_id(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

fn with_paths(row: &Row, paths: impl IntoIterator<Item = PathBuf>) -> Vec<Row> {
    let with_path = |path: PathBuf| {
        let mut row = row.clone();
        row.set(Field::Path, &path.to_string_lossy());
        row
    };
    paths.into_iter().map(with_path).collect()
}

/// What to say of a row for which nothing was found.
pub fn why_missing(row: &Row) -> String {
    match row.get(Field::Path) {
        Some(path) => format!("neither '{path}' is there nor a tar that holds it"),
        None => "no picture of this row is there".to_string(),
    }
}
