//! Writes a tar atomically, with many threads writing parts at once: all offsets are computed from the lengths before
//! the first byte is copied.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::index;
use super::part_store::PartStore;
use super::written_members::WrittenMembers;
use crate::archive::PartError;
use crate::disk::atomic_file::{Replacement, sync_folder};
use crate::disk::locked_file::{Identity, is_being_written};
use crate::disk::open;
use crate::disk::positioned_io::{buffer_of, digest_of, each_part, write_at};
use crate::disk::spool::Spool;
use crate::disk::{Action, PathError};
use crate::format::completeness::Whole;
use crate::format::tar::{self, NameError};
use crate::row::Row;
use crate::threads::panics::Panic;
use crate::threads::{Work, ordered};
use crate::value::digest::Digest;

/// The number of parts that may be copied before the first of them is done.
const WINDOW: usize = 256;
/// After this many parts that cannot be read it stops.
const MAX_LOST: usize = 10_000;

/// The source of a member.
#[derive(Debug, Clone)]
pub struct Part {
    pub name: String,
    pub bytes: u64,
    /// Seconds since 1970.
    pub modified_s: i64,
    pub source: Source,
    /// The expected digest, where it is known.
    pub sha256: Option<Digest>,
    pub row: Arc<Row>,
    /// The number that the caller gives to a picture; a file beside one has none.
    pub number: Option<u32>,
}

/// The source of a part's bytes.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file, as it was when it was listed.
    File(PathBuf, Identity),
    /// A tar, and the offset in it.
    Packed(PathBuf, u64),
    /// Text that is made for the tar.
    Memory(Vec<u8>),
}

/// Parts that cannot be read, by their number in the tar.
pub type Lost = Vec<(usize, PartError)>;

/// Why the tar could not be made.
#[derive(Debug)]
pub enum Stopped {
    /// These parts cannot be read, at least one; the tar can be made without them. There may be more of them.
    Parts(Lost),
    /// The tar itself cannot be written.
    Tar(PathError),
    /// The temporary file of the parts cannot be read or written.
    Temporary(PathError),
    Interrupted,
    Bug(Panic),
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stopped::Parts(lost) => lost.first().map_or(Ok(()), |(_, what)| what.fmt(f)),
            Stopped::Tar(error) | Stopped::Temporary(error) => error.fmt(f),
            Stopped::Interrupted => f.write_str("interrupted"),
            Stopped::Bug(bug) => bug.fmt(f),
        }
    }
}

impl From<Panic> for Stopped {
    fn from(bug: Panic) -> Stopped {
        Stopped::Bug(bug)
    }
}

impl Part {
    fn header(&self) -> Result<Vec<u8>, NameError> {
        let (name, modified_s) = (self.name.clone(), self.modified_s);
        tar::header(&tar::NewMember { name, size: self.bytes, modified_s })
    }

    /// The digest of what was read at this path, if it is the expected one.
    fn check_digest(&self, path: &Path, found: Digest) -> Result<Digest, PartError> {
        let path = path.to_path_buf();
        match (&self.source, self.sha256.filter(|&wanted| wanted != found)) {
            (_, None) => Ok(found),
            (Source::File(..), Some(stated)) => Err(PartError::OtherDigest { path, found, stated }),
            (_, Some(_)) => Err(PartError::Damaged { name: self.name.clone(), tar: path }),
        }
    }

    /// The bytes that it occupies in a tar, without its header.
    pub fn padded(&self) -> u64 {
        self.bytes + tar::padding_len(self.bytes)
    }
}

/// Writes the tar of these parts, in this order, with its index and manifest, replacing an existing one. [`sync`] waits
/// for the disk.
pub fn replace<'a>(
    path: &Path,
    parts: &'a PartStore,
    work: &Work,
) -> Result<WrittenMembers<'a>, Stopped> {
    let wrong = |error: io::Error| unwritten(path, error);
    let mut file = Replacement::create(path).map_err(wrong)?;
    let len = stored_len(parts)?;
    file.file_mut().set_len(len).map_err(wrong)?;
    let written = fill(file.file_mut(), path, parts, work)?;
    file.add_written(len);
    let members = |parts| written.of(parts).map(|member| Ok(member.map_err(io::Error::other)?.1));
    index::prepare(path, members(parts.parts())).map_err(wrong)?;
    file.finish(Some(len), false).map_err(wrong)?;
    index::confirm(path, members(parts.parts_without_rows())).map_err(wrong)?;
    Ok(written)
}

/// Waits until a tar, its index and its name are on disk.
pub fn sync(tar: &Path) -> io::Result<()> {
    for path in [tar, &super::index_of(tar), &super::manifest_of(tar)] {
        open::file(path)?.sync_all()?;
    }
    tar.parent().map_or(Ok(()), |folder| {
        if folder.as_os_str().is_empty() {
            sync_folder(Path::new("."))
        } else {
            sync_folder(folder)
        }
    })
}

/// The length of the tar.
fn stored_len(parts: &PartStore) -> Result<u64, Stopped> {
    let placed = Placed::new(parts).last().transpose()?;
    let end = placed.map_or(0, |placed| placed.body_at + placed.part.padded());
    Ok(end + tar::end_len(end))
}

/// A part with its header, and the offset of its body.
struct Placed {
    at: usize,
    part: Part,
    header: Vec<u8>,
    body_at: u64,
}

impl Placed {
    /// The parts of a tar, without their rows.
    fn new(parts: &PartStore) -> impl Iterator<Item = Result<Placed, Stopped>> {
        let mut end = 0;
        parts.parts_without_rows().enumerate().map(move |(at, part)| {
            let part = part.map_err(Stopped::Temporary)?;
            let header = part.header().map_err(|what| Stopped::Parts(vec![(at, what.into())]))?;
            let body_at = end + header.len() as u64;
            end = body_at + part.padded();
            Ok(Placed { at, part, header, body_at })
        })
    }
}

/// Copies the parts to their offsets; returns where they are. The gaps between them are zero already. After a part that
/// cannot be read it goes on, so that a tar with many of them is not begun anew for each.
fn fill<'a>(
    file: &File,
    path: &Path,
    parts: &'a PartStore,
    work: &Work,
) -> Result<WrittenMembers<'a>, Stopped> {
    let act = |placed: Result<Placed, Stopped>| {
        let placed = placed?;
        match copy(file, &placed).map_err(|stop| stop.name(placed.at, path)) {
            Err(Stopped::Parts(lost)) => Ok(Err(lost)),
            copied => Ok(Ok((placed.part.number, copied?))),
        }
    };
    let (mut places, mut faults, mut all_lost) =
        (Spool::new(parts.folder()), HashMap::new(), Vec::new());
    let take = |copied: Result<(Option<u32>, Copied), Lost>| match copied {
        Ok((number, Copied { body_at, sha256, fault })) => {
            faults.extend(number.zip(fault));
            let place = [&body_at.to_be_bytes()[..], &sha256.0].concat();
            places.append(&place).map_err(Stopped::Temporary)
        }
        Err(lost) => {
            all_lost.extend(lost);
            if all_lost.len() < MAX_LOST { Ok(()) } else { Err(Stopped::Parts(Vec::new())) }
        }
    };
    let end =
        ordered::each_taken(work, Placed::new(parts), WINDOW, act, take, || Stopped::Interrupted);
    match end {
        Ok(()) | Err(Stopped::Parts(_)) if !all_lost.is_empty() => Err(Stopped::Parts(all_lost)),
        end => end.map(|()| WrittenMembers { parts, places, faults }),
    }
}

fn unwritten(tar: &Path, error: io::Error) -> Stopped {
    Stopped::Tar(PathError { action: Action::Write, path: tar.to_path_buf(), error })
}

enum Stop {
    Read(PartError),
    Write(io::Error),
}

impl Stop {
    fn name(self, at: usize, tar: &Path) -> Stopped {
        match self {
            Stop::Read(what) => Stopped::Parts(vec![(at, what)]),
            Stop::Write(error) => unwritten(tar, error),
        }
    }
}

/// What was copied.
struct Copied {
    body_at: u64,
    sha256: Digest,
    /// What is wrong with a picture that was a file. It is packed all the same: it may be the only copy.
    fault: Option<String>,
}

fn copy(tar: &File, placed: &Placed) -> Result<Copied, Stop> {
    let Placed { part, header, body_at, .. } = placed;
    let body_at = *body_at;
    write_at(tar, header, body_at - header.len() as u64).map_err(Stop::Write)?;
    let (path, from) = match &part.source {
        Source::Memory(bytes) => {
            write_at(tar, bytes, body_at).map_err(Stop::Write)?;
            return Ok(Copied { body_at, sha256: digest_of(bytes), fault: None });
        }
        Source::File(path, _) => (path, 0),
        Source::Packed(path, offset) => (path, *offset),
    };
    let wrong = |error: io::Error| {
        let path = path.clone();
        Stop::Read(PathError { action: Action::Read, path, error }.into())
    };
    let file = open::file(path).map_err(wrong)?;
    let is_as_listed = || match &part.source {
        Source::File(_, listed) => {
            let is_listed = |meta| Identity::new(&meta).has_same_bytes(listed);
            Ok(!is_being_written(&file) && file.metadata().map(is_listed)?)
        }
        _ => Ok(true),
    };
    let changed = || PartError::Changed(path.clone());
    if !is_as_listed().map_err(wrong)? {
        return Err(Stop::Read(changed()));
    }
    let (mut unwritten, mut whole) = (None, Whole::default());
    let digest = each_part(&file, (from, part.bytes), &mut buffer_of(part.bytes), |bytes, at| {
        whole.push(bytes);
        write_at(tar, bytes, body_at + at).map_err(|error| {
            unwritten = Some(error);
            io::Error::other("not written")
        })
    });
    match (digest, unwritten) {
        (_, Some(error)) => Err(Stop::Write(error)),
        (Err(error), None) => Err(wrong(error)),
        (Ok(_), None) if !is_as_listed().map_err(wrong)? => Err(Stop::Read(changed())),
        (Ok(digest), None) => {
            let sha256 = part.check_digest(path, digest).map_err(Stop::Read)?;
            let is_file = matches!(part.source, Source::File(..));
            Ok(Copied { body_at, sha256, fault: whole.fault_of(&part.name).filter(|_| is_file) })
        }
    }
}
