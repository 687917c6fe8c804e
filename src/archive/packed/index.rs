//! The index of a tar as rows, and recovery from a crash between writing the tar and writing the index.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Checker, Member, index_of, indexed_tars, manifest_of};
use crate::archive::{Error, IndexError, LineError};
use crate::disk::atomic_file;
use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};
use crate::row::row_format::Reader;
use crate::row::{Column, Columns, Field, Row, json, known_fields};

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
/// Names the index and the faulty line.
pub fn read_index(tar: &Path) -> Result<Vec<Member>, Error> {
    read_file(&index_of(tar))
}

/// The same, one by one.
///
/// # Errors
/// As [`read_index`]. The members before the faulty line were taken.
pub fn each_member(tar: &Path, take: impl FnMut(Member)) -> Result<(), Error> {
    each_in_file(&index_of(tar), take)
}

fn read_file(path: &Path) -> Result<Vec<Member>, Error> {
    let mut members = Vec::new();
    each_in_file(path, |member| members.push(member))?;
    Ok(members)
}

fn each_in_file(path: &Path, take: impl FnMut(Member)) -> Result<(), Error> {
    take_members(path, take).map_err(|cause| Error::Index { path: path.to_path_buf(), cause })
}

fn take_members(path: &Path, mut take: impl FnMut(Member)) -> Result<(), IndexError> {
    let mut rows = Reader::new(open::file(path)?)?;
    while let Some(row) = rows.next_row() {
        let row = row?;
        let line = row.line;
        take(member(row).map_err(|cause| IndexError::Line { line, cause })?);
    }
    Ok(())
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

/// The manifest: `DIGEST  NAME` per line, as `sha256sum -c` reads it.
fn manifest(members: &[Member]) -> Vec<u8> {
    let known = members.iter().filter_map(|member| Some((member.sha256?, &member.name)));
    known.map(|(sha256, name)| format!("{sha256}  {name}\n")).collect::<String>().into_bytes()
}

/// The temporary name of an index until its tar has its own name.
fn pending(tar: &Path) -> PathBuf {
    let name = tar.file_name().unwrap_or_default().to_string_lossy();
    tar.with_file_name(format!(".{name}.jsonl.new"))
}

/// Writes the index under its temporary name, before the tar gets its name.
pub fn prepare(tar: &Path, members: &[Member]) -> io::Result<()> {
    let mut file = BufWriter::new(atomic_file::Replacement::create(&pending(tar))?);
    let mut text = Vec::new();
    // Shared by all: the wider lists that rows derive from it are built once.
    let bare = Columns::from_fields(&[]);
    for member in members {
        text.clear();
        line(member, &bare, &mut text);
        file.write_all(&text)?;
    }
    file.into_inner()?.finish(None, false)
}

/// Renames the index and writes the manifest, after the tar has its own name.
pub fn confirm(tar: &Path, members: &[Member]) -> io::Result<()> {
    fs::rename(pending(tar), index_of(tar))?;
    atomic_file::write(&manifest_of(tar), &manifest(members))
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
            atomic_file::write(&manifest_of(&tar), &manifest(&read_index(&tar)?))
                .at_path(Action::ReadFolder, folder)?;
        }
    }
    Ok(())
}

fn settle_one(tar: &Path, waiting: &Path) -> Result<(), PathError> {
    let members = read_file(waiting).unwrap_or_default();
    let checker = Checker::with(tar, members.clone());
    let fits = !members.is_empty()
        && checker.is_ok_and(|checker| (0..members.len()).all(|at| checker.check(at).is_ok()));
    if fits {
        confirm(tar, &members).at_path(Action::Settle, tar)
    } else {
        fs::remove_file(waiting).at_path(Action::Settle, tar)
    }
}
