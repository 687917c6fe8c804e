//! The index of a tar as rows, and recovery from a crash between writing the tar and writing the index.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{
    Member, check_all, index_of, indexed_tars, manifest, manifest_of, pending_index_of, unnamed,
};
use crate::archive::{Error, IndexError, LineError};
use crate::disk::atomic_file::Replacement;
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::row::row_format::Reader;
use crate::row::{Column, Columns, Field, Row, json, known_fields};
use crate::threads::Work;

/// Fields about where a picture is, or its status elsewhere; in an index the tar is its location.
const ELSEWHERE: [Field; 10] = [
    Field::Path,
    Field::Archive,
    Field::Member,
    Field::Offset,
    Field::Bytes,
    Field::Sha256,
    Field::Status,
    Field::Error,
    Field::Why,
    Field::RawJson,
];

/// Links that expire within days.
const SIGNED: [Field; 4] =
    [Field::Thumb256Url, Field::Thumb1024Url, Field::Thumb2048Url, Field::ThumbOriginalUrl];

/// Whether there is an index beside the tar.
pub fn has_index(tar: &Path) -> bool {
    index_of(tar).exists()
}

/// Reads the members of a tar from its index.
///
/// # Errors
/// Names the index and the faulty line; also if it is empty and the tar is not.
pub fn read_index(tar: &Path) -> Result<Vec<Member>, Error> {
    let members: Vec<_> = Members::open(&index_of(tar))?.collect::<Result<_, _>>()?;
    if members.is_empty() {
        unnamed::check_empty(tar)?;
    }
    Ok(members)
}

/// The members in the file of an index, one by one.
///
/// # Errors
/// Name the index and the faulty line; no more members come then.
pub struct Members {
    path: PathBuf,
    rows: Option<Reader>,
}

impl Members {
    /// # Errors
    /// The file cannot be opened.
    pub fn open(index: &Path) -> Result<Members, Error> {
        let named = |cause| Error::Index { path: index.to_path_buf(), cause };
        let file = open::file(index).map_err(|error| named(error.into()))?;
        let rows = Reader::new(file).map_err(|error| named(error.into()))?;
        Ok(Members { path: index.to_path_buf(), rows: Some(rows) })
    }

    fn read(&mut self) -> Option<Result<Member, IndexError>> {
        let row = match self.rows.as_mut()?.next_row()? {
            Ok(row) => row,
            Err(error) => return Some(Err(error.into())),
        };
        let line = row.line;
        Some(member(row).map_err(|cause| IndexError::Line { line, cause }))
    }
}

impl Iterator for Members {
    type Item = Result<Member, Error>;

    fn next(&mut self) -> Option<Result<Member, Error>> {
        let member = self.read()?;
        if member.is_err() {
            self.rows = None;
        }
        Some(member.map_err(|cause| Error::Index { path: self.path.clone(), cause }))
    }
}

fn member(mut row: Row) -> Result<Member, LineError> {
    let number = |field: Field| {
        let number = row.integer(field)?.and_then(|number| u64::try_from(number).ok());
        number.ok_or(LineError::Lacks(field))
    };
    let (offset, bytes) = (number(Field::Offset)?, number(Field::Bytes)?);
    let name = row.get(Field::Member).ok_or(LineError::Lacks(Field::Member))?.to_string();
    let sha256 = Some(row.get(Field::Sha256).ok_or(LineError::Lacks(Field::Sha256))?.parse()?);
    row.line = 0;
    // An earlier tool's message about a row is not passed on to those who read it here.
    let ends = [Field::Offset, Field::Member, Field::Status, Field::Error];
    ends.into_iter().for_each(|field| row.clear(field));
    let (modified, pieces, row) = (None, None, Arc::new(row));
    Ok(Member { name, offset, bytes, sha256, modified, pieces, row })
}

/// The line of a member in an index. It depends on the member alone, not on the
/// order of columns that its row happened to have.
fn line(member: &Member, bare: &Arc<Columns>, text: &mut Vec<u8>) {
    let mut row = Row::new(Arc::clone(bare));
    row.set(Field::Member, &member.name);
    row.set_display(Field::Offset, member.offset);
    row.set_display(Field::Bytes, member.bytes);
    member.sha256.iter().for_each(|sha256| row.set_display(Field::Sha256, sha256));
    for (column, text, raw) in lasting(&member.row) {
        row.set_column(column, text, raw);
    }
    json::Writer::new(&[], &[]).write(&row, text);
}

/// The fields of a row that an index keeps, in one order: known fields in table order, then others by name.
pub fn lasting(row: &Row) -> Vec<(&Column, &str, bool)> {
    let left_out = |field| ELSEWHERE.contains(&field) || SIGNED.contains(&field);
    let mut cells: Vec<_> = row.filled().collect();
    cells.retain(|(column, ..)| !column.field.is_some_and(left_out));
    let known =
        |column: &Column| column.field.map_or(known_fields::TABLE.len(), |field| field as usize);
    cells.sort_by(|(a, ..), (b, ..)| known(a).cmp(&known(b)).then_with(|| a.name.cmp(&b.name)));
    cells
}

/// Writes the index under its temporary name, before the tar gets its name.
pub fn prepare<M: Borrow<Member>>(
    tar: &Path,
    members: impl Iterator<Item = io::Result<M>>,
) -> io::Result<()> {
    let mut file = BufWriter::new(Replacement::create(&pending_index_of(tar))?);
    let mut text = Vec::new();
    // Shared by all: the wider lists that rows derive from it are built once.
    let bare = Columns::from_fields(&[]);
    for member in members {
        text.clear();
        line(member?.borrow(), &bare, &mut text);
        file.write_all(&text)?;
    }
    file.into_inner()?.finish(None, false)
}

/// Renames the index and writes the manifest, after the tar has its own name. The old manifest is removed first: after a crash
/// there is none, which [`settle`] writes, and never one of another tar.
pub fn confirm<M: Borrow<Member>>(
    tar: &Path,
    members: impl Iterator<Item = io::Result<M>>,
) -> io::Result<()> {
    unless_gone(fs::remove_file(manifest_of(tar)))?;
    fs::rename(pending_index_of(tar), index_of(tar))?;
    manifest::write(tar, members)
}

fn unless_gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Removes a tar with its index and its manifest. The index gets its temporary name first: a crash never leaves an index
/// whose tar is gone, and [`settle`] takes back or removes what is left.
///
/// # Errors
/// One of them cannot be removed.
pub fn remove(tar: &Path) -> io::Result<()> {
    unless_gone(fs::rename(index_of(tar), pending_index_of(tar)))?;
    let files = [manifest_of(tar), tar.to_path_buf(), pending_index_of(tar)];
    files.iter().try_for_each(|file| unless_gone(fs::remove_file(file)))
}

/// The lines that the manifest of a tar has by its index.
///
/// # Errors
/// The index cannot be read.
pub fn manifest_lines(tar: &Path) -> Result<BTreeSet<String>, Error> {
    let members = Members::open(&index_of(tar))?;
    members.filter_map(|member| member.map(|member| manifest::line(&member)).transpose()).collect()
}

/// Recovers from a crash between tar and index: a pending index is used if it belongs to the tar that is there. Then
/// writes missing manifests.
pub fn settle(folder: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.at_path(Action::ReadFolder, folder)?,
    };
    for entry in entries {
        let path = entry.at_path(Action::ReadFolder, folder)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let tar = name.strip_prefix('.').and_then(|name| name.strip_suffix(".jsonl.new"));
        if let Some(tar) = tar {
            settle_one(&path.with_file_name(tar), &path)?;
        }
    }
    for tar in indexed_tars(folder).at_path(Action::ReadFolder, folder)? {
        if !manifest_of(&tar).exists() {
            manifest::write(&tar, members_of(&index_of(&tar))?)
                .at_path(Action::ReadFolder, folder)?;
        }
    }
    Ok(())
}

fn settle_one(tar: &Path, waiting: &Path) -> Result<(), Error> {
    let work = Work { jobs: 1, ..Work::default() };
    let settled = if check_all(tar, waiting, &work).is_ok_and(|members| members > 0) {
        confirm(tar, members_of(waiting)?)
    } else {
        fs::remove_file(waiting)
    };
    Ok(settled.at_path(Action::Settle, tar)?)
}

fn members_of(index: &Path) -> Result<impl Iterator<Item = io::Result<Member>>, Error> {
    Ok(Members::open(index)?.map(|member| member.map_err(io::Error::other)))
}

#[cfg(test)]
mod tests;
