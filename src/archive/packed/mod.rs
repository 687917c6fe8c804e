//! Tars of pictures, each with an index: a row for each member, with its name, offset, length and digest, so that one
//! picture can be read alone.
//!
//! `A.tar` has the index `A.tar.jsonl` and the manifest `A.tar.sha256`, which
//! `sha256sum -c` understands where the tar was unpacked.

mod adopt;
mod check;
mod headers;
mod index;
pub mod manifest;
mod part_store;
pub mod sniff;
pub mod unindexed;
pub mod unnamed;
mod write;
mod written_members;

pub use adopt::add_index;
pub use check::{Checker, Checkers, check_all, is_at};
pub use headers::name_at;
pub use index::{Members, has_index, lasting, manifest_lines, read_index, remove, settle};
pub use part_store::PartStore;
pub use unindexed::{Contents, UnreadableFile};
pub use write::{Lost, Part, Source, Stopped, replace, sync};
pub use written_members::WrittenMembers;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::format::tar::{Modified, Piece};
use crate::row::{Field, Row};
use crate::value::digest::Digest;

use super::Error;
use crate::disk::pictures::is_named_so;
use crate::disk::walk;

/// One member, from the index, or from the tar itself where there is no index.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    /// The offset of its bytes.
    pub offset: u64,
    pub bytes: u64,
    /// Known only from an index.
    pub sha256: Option<Digest>,
    /// Known only from the tar itself, where there is no index.
    pub modified: Option<Modified>,
    /// The stored pieces of a sparse file.
    pub pieces: Option<Arc<[Piece]>>,
    /// What else is known of the picture; empty for a sidecar.
    pub row: Arc<Row>,
}

impl Member {
    /// Whether it is a picture, and not a file beside one.
    pub fn is_picture(&self) -> bool {
        is_picture(&self.name, &self.row)
    }

    /// Where its stored bytes end; `None` if that is beyond any file.
    pub fn stored_end(&self) -> Option<u64> {
        let pieces = self.pieces.as_ref();
        let stored = pieces.map(|pieces| pieces.iter().map(|piece| piece.len).sum());
        self.offset.checked_add(stored.unwrap_or(self.bytes))
    }

    /// The row of this member as one of a pipe.
    pub fn as_row(&self, tar: &Path) -> Row {
        let mut row = Row::clone(&self.row);
        row.set(Field::Archive, &tar.to_string_lossy());
        row.set(Field::Member, &self.name);
        row.set_display(Field::Bytes, self.bytes);
        self.sha256.iter().for_each(|sha256| row.set_display(Field::Sha256, sha256));
        row
    }
}

/// Whether a member is a picture: by its name, otherwise by its row.
pub fn is_picture(name: &str, row: &Row) -> bool {
    let name = Path::new(name);
    let is_hidden = name.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let is_json = name.extension().is_some_and(|ending| ending == "json");
    let is_known =
        || [Field::ImgId, Field::SeqId, Field::Lon].iter().any(|&f| row.get(f).is_some());
    !is_json && !is_hidden && (is_named_so(name) || is_known())
}

/// The members of a tar, from its index, otherwise from its own headers.
///
/// # Errors
/// Names what cannot be read; for an index, with the line.
pub fn read(tar: &Path) -> Result<Vec<Member>, Error> {
    if has_index(tar) {
        return read_index(tar);
    }
    let contents = unindexed::scan(tar)?;
    match contents.fault {
        Some(fault) if contents.members.is_empty() => {
            Err(Error::NotATar { tar: tar.to_path_buf(), fault })
        }
        _ => Ok(contents.members),
    }
}

/// The members, from the tar itself while another process is about to replace its index.
///
/// # Errors
/// As [`read`].
pub fn read_now(tar: &Path) -> Result<Vec<Member>, Error> {
    if is_pending(tar) { Ok(unindexed::scan(tar)?.members) } else { read(tar) }
}

/// The same, one by one: those of an index are not held.
///
/// # Errors
/// As [`read`]. The members before a faulty line of an index were taken.
pub fn each_member(tar: &Path, mut take: impl FnMut(Member)) -> Result<(), Error> {
    if has_index(tar) {
        let mut is_empty = true;
        for member in Members::open(&index_of(tar))? {
            take(member?);
            is_empty = false;
        }
        return if is_empty { unnamed::check_empty(tar) } else { Ok(()) };
    }
    read(tar)?.into_iter().for_each(take);
    Ok(())
}

/// The members of a tar with what a tar made by other programs has beside them.
///
/// # Errors
/// A tar or an index cannot be opened, or an index is faulty.
pub fn contents(tar: &Path) -> Result<Contents, Error> {
    if has_index(tar) {
        let members = read_index(tar)?;
        Ok(Contents { unnamed: unnamed::find(tar, &members)?, members, ..Contents::default() })
    } else {
        Ok(unindexed::scan(tar)?)
    }
}

/// The tars of a folder, addenda after the tars that they add to.
pub fn tars(folder: &Path) -> io::Result<Vec<PathBuf>> {
    named(folder, |path| is_tar(&path).then_some(path))
}

fn named(folder: &Path, tar_of: impl Fn(PathBuf) -> Option<PathBuf>) -> io::Result<Vec<PathBuf>> {
    let mut tars = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(tars),
        entries => entries?,
    };
    for entry in entries {
        tars.extend(tar_of(entry?.path()));
    }
    Ok(in_order(tars))
}

/// The tars of a folder and its subfolders; then those that are missing, though their index is there; then compressed ones.
pub fn tars_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut tars, mut lost, mut compressed) = (Vec::new(), Vec::new(), Vec::new());
    for entry in walk::all(folder) {
        let path = entry?.path;
        if is_tar(&path) {
            tars.push(path);
        } else if sniff::is_compressed_tar(&path) {
            compressed.push(path);
        } else {
            lost.extend(lost_tar(&path, &["jsonl"]));
        }
    }
    Ok([tars, lost, compressed].into_iter().flat_map(in_order).collect())
}

/// The tars of a folder that are missing, though their index or their manifest is there.
pub fn lost_tars(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut tars = named(folder, |path| lost_tar(&path, &["jsonl", "sha256"]))?;
    tars.dedup();
    Ok(tars)
}

/// The missing tar of a file with one of these endings after its name.
fn lost_tar(path: &Path, endings: &[&str]) -> Option<PathBuf> {
    let is_beside = endings.iter().any(|&ending| path.extension().is_some_and(|it| it == ending));
    let tar = is_beside.then(|| path.with_extension(""))?;
    Some(tar).filter(|tar| is_tar(tar) && !tar.exists())
}

/// By folder, addenda after the tars that they add to.
fn in_order(mut tars: Vec<PathBuf>) -> Vec<PathBuf> {
    tars.sort_by_cached_key(|tar| (tar.parent().map(Path::to_path_buf), numbered(tar)));
    tars
}

/// The tars of a folder that have an index.
pub fn indexed_tars(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut tars = tars(folder)?;
    tars.retain(|tar| has_index(tar));
    Ok(tars)
}

/// The tars of a folder that have none, made by other programs.
pub fn unindexed_tars(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut tars = tars(folder)?;
    tars.retain(|tar| !has_index(tar));
    Ok(tars)
}

/// Whether the name is that of a tar.
pub fn is_tar(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tar"))
}

/// The index of a tar.
pub fn index_of(tar: &Path) -> PathBuf {
    with_ending(tar, ".jsonl")
}

/// The manifest of a tar.
pub fn manifest_of(tar: &Path) -> PathBuf {
    with_ending(tar, ".sha256")
}

/// The temporary name of an index until its tar has its own name.
fn pending_index_of(tar: &Path) -> PathBuf {
    let name = tar.file_name().unwrap_or_default().to_string_lossy();
    tar.with_file_name(format!(".{name}.jsonl.new"))
}

/// Whether a tar is about to get its name, or has it already and its index does not.
fn is_pending(tar: &Path) -> bool {
    pending_index_of(tar).exists()
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    name.into()
}

/// The stem of a picture in a WebDataset shard: the part before the first dot is the key of a sample.
pub fn plain_stem(stem: &str) -> String {
    stem.replace('.', "_")
}

/// Whether the name is that of a WebDataset shard: `pictures-000000.tar`.
pub fn is_shard(tar: &Path) -> bool {
    let stem = tar.file_stem().unwrap_or_default().to_string_lossy();
    let is_number =
        |number: &str| number.len() >= 6 && number.bytes().all(|byte| byte.is_ascii_digit());
    stem.rsplit_once('-').is_some_and(|(_, number)| is_number(number))
}

/// The group and the number in a tar's name: `2024-01-15` and 1 of `2024-01-15.1.tar`.
pub fn numbered(tar: &Path) -> (String, u32) {
    let stem = tar.file_stem().unwrap_or_default().to_string_lossy();
    let addendum =
        stem.rsplit_once('.').and_then(|(group, number)| Some((group, number.parse().ok()?)));
    addendum.map_or((stem.to_string(), 0), |(group, number)| (group.to_string(), number))
}
