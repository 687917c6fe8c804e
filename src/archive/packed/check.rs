//! Checks a tar against its index, and one without against itself. Each byte of a tar belongs to one member:
//! its header with what stands before it that is no file, its body, and the zeros behind; the end to the last.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::unindexed::path_of;
use super::{Member, Work};
use crate::disk::open;
use crate::disk::positioned_io::{CHUNK, Part, each_part, each_read, read_at};
use crate::format::source::Source;
use crate::format::tar::{self, Entries, EntryKind, Stopped, TarStep};

/// Tars that are open at once: rows of one stand together, and each thread is
/// at most at the next.
const MAX_OPEN: usize = 64;

/// Tars that are being looked at, each opened once.
#[derive(Debug, Default)]
pub struct Checkers {
    open: Mutex<HashMap<PathBuf, Arc<Result<Checker, String>>>>,
}

impl Checkers {
    pub fn get(&self, tar: &Path) -> Arc<Result<Checker, String>> {
        let mut open = self.open.lock().unwrap_or_else(|broken| broken.into_inner());
        if let Some(checker) = open.get(tar) {
            return Arc::clone(checker);
        }
        if open.len() >= MAX_OPEN {
            open.clear();
        }
        let checker = Arc::new(Checker::open(tar));
        open.insert(tar.to_path_buf(), Arc::clone(&checker));
        checker
    }
}

/// A tar that is open beside its index.
#[derive(Debug)]
pub struct Checker {
    file: File,
    len: u64,
    path: PathBuf,
    /// Whether an index says that nothing else is in it.
    is_indexed: bool,
    /// In the order of their places.
    members: Vec<Member>,
    /// By their paths: `./a.jpg` and `a.jpg` are one file.
    by_name: HashMap<Box<str>, usize>,
}

impl Checker {
    /// Opens a tar and its index, if it has one.
    pub fn open(tar: &Path) -> Result<Checker, String> {
        let members = super::read(tar)?;
        Checker::with(tar, members)
            .map_err(|error| format!("cannot open '{}': {error}", tar.display()))
    }

    pub fn with(tar: &Path, mut members: Vec<Member>) -> io::Result<Checker> {
        let file = open::file(tar)?;
        let len = file.metadata()?.len();
        members.sort_by_key(|member| member.offset);
        let names = members.iter().enumerate();
        let by_name = names.map(|(at, member)| (path_of(&member.name).into(), at)).collect();
        let (path, is_indexed) = (tar.to_path_buf(), super::has_index(tar));
        Ok(Checker { file, len, path, is_indexed, members, by_name })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn members(&self) -> &[Member] {
        &self.members
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(&*path_of(name)).copied()
    }

    /// Looks at every byte of this member.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, at: usize) -> Result<(), String> {
        self.check_parts(at, |_| {})
    }

    /// The same, and hands each part of the body to `take`.
    pub fn check_parts(&self, at: usize, mut take: impl FnMut(&[u8])) -> Result<(), String> {
        let member = &self.members[at];
        let wrong = |error: io::Error| format!("cannot read '{}': {error}", self.path.display());
        self.check_header(member)?;
        let mut buffer = vec![0; CHUNK];
        let (offset, bytes) = (member.offset, member.bytes);
        let take = |part: &[u8], _| {
            take(part);
            Ok(())
        };
        let digest = match &member.pieces {
            None => each_part(&self.file, (offset, bytes), &mut buffer, take),
            Some(pieces) => {
                let file = self.file.try_clone().map_err(wrong)?;
                let mut part = Part::new(file, offset, bytes, Some(Arc::clone(pieces)));
                each_read(&mut part, bytes, &mut buffer, take)
            }
        };
        let digest = digest.map_err(wrong)?;
        if member.sha256.is_some_and(|known| known != digest) {
            return Err("its digest is not that of the index".to_string());
        }
        self.check_padding(member)?;
        let is_last = self.members.last().is_some_and(|last| last.offset == member.offset);
        if is_last && self.is_indexed { self.check_end(member) } else { Ok(()) }
    }

    /// Looks at every member.
    ///
    /// # Errors
    /// Names one that is wrong.
    pub fn check_all(&self, work: &Work) -> Result<(), String> {
        let act = |at: usize, _: &mut [u8]| {
            let named =
                |what| format!("'{}' in '{}': {what}", self.members[at].name, self.path.display());
            self.check(at).map_err(named)
        };
        work.each(self.members.len(), act, str::to_string)
    }

    /// Between the member before and this one stands its header, behind
    /// folders and links that have no bytes.
    fn check_header(&self, member: &Member) -> Result<(), String> {
        let before = self.members.partition_point(|other| other.offset < member.offset);
        let before = before.checked_sub(1).map(|before| &self.members[before]);
        let start = before.map_or(0, |before| padded_end(before).unwrap_or(u64::MAX));
        let elsewhere = || Err("it does not stand where the index says".to_string());
        let mut entries = Entries::starting_at(Places::new(&self.file, self.len), start);
        loop {
            let entry = match entries.step().map_err(|error| error.to_string())? {
                TarStep::Entry(entry) => entry,
                TarStep::Joined(_) => continue,
                TarStep::Stopped(Stopped::FatalError(fault)) => {
                    return Err(format!("its header is damaged: {fault}"));
                }
                TarStep::Stopped(_) => return elsewhere(),
            };
            // Bytes that have several names stand under the first.
            let is_known = self.find(&entry.name).is_some();
            match entry.kind {
                EntryKind::Unread(why) if entry.name == member.name => return Err(why.to_string()),
                EntryKind::File | EntryKind::Sparse(_) if entry.body_at == member.offset => {
                    return if is_known && entry.size == member.bytes {
                        Ok(())
                    } else {
                        Err(format!("its header is that of '{}'", entry.name))
                    };
                }
                // An older file of a name.
                EntryKind::File | EntryKind::Sparse(_)
                    if is_known && entry.body_at < member.offset => {}
                EntryKind::File | EntryKind::Sparse(_) => return elsewhere(),
                _ if entry.body_at > member.offset => return elsewhere(),
                _ => {}
            }
        }
    }

    /// Behind the body there are zeros up to the next block.
    fn check_padding(&self, member: &Member) -> Result<(), String> {
        let end = stored_end(member).ok_or("it is longer than any file")?;
        let len = end.next_multiple_of(tar::BLOCK).min(self.len.max(end)) - end;
        let mut bytes = vec![0; len as usize];
        let read = read_at(&self.file, &mut bytes, end).map_err(|error| error.to_string())?;
        if read == bytes.len() && bytes.iter().all(|&byte| byte == 0) {
            Ok(())
        } else {
            Err("what stands behind it is not empty".to_string())
        }
    }

    /// Behind the last member a tar that was made here ends.
    fn check_end(&self, last: &Member) -> Result<(), String> {
        let start = padded_end(last).unwrap_or(self.len);
        let mut entries = Entries::starting_at(Places::new(&self.file, self.len), start);
        loop {
            match entries.step().map_err(|error| error.to_string())? {
                TarStep::Stopped(Stopped::End(_))
                    if self.len.is_multiple_of(tar::BLOCK)
                        && self.len - start >= 2 * tar::BLOCK =>
                {
                    return Ok(());
                }
                TarStep::Stopped(Stopped::FatalError(_)) => {
                    return Err("what stands behind it is not empty".to_string());
                }
                TarStep::Stopped(_) => return Err("the tar is cut short behind it".to_string()),
                TarStep::Entry(entry)
                    if !matches!(entry.kind, EntryKind::File | EntryKind::Sparse(_)) => {}
                TarStep::Entry(_) | TarStep::Joined(_) => {
                    return Err("the tar holds more behind it than is known of".to_string());
                }
            }
        }
    }
}

/// Where the stored bytes of a member end.
fn stored_end(member: &Member) -> Option<u64> {
    let stored = member.pieces.as_ref().map(|pieces| pieces.iter().map(|piece| piece.len).sum());
    member.offset.checked_add(stored.unwrap_or(member.bytes))
}

fn padded_end(member: &Member) -> Option<u64> {
    stored_end(member)?.checked_next_multiple_of(tar::BLOCK)
}

/// A file that is read where it is asked, and that others read at the same time.
struct Places<'a> {
    file: &'a File,
    len: u64,
    bytes: Vec<u8>,
}

impl Places<'_> {
    fn new(file: &File, len: u64) -> Places<'_> {
        Places { file, len, bytes: Vec::new() }
    }
}

impl Source for Places<'_> {
    fn at(&mut self, at: u64, n: usize) -> io::Result<&[u8]> {
        let len = self.len.saturating_sub(at).min(n as u64);
        self.bytes.resize(len as usize, 0);
        let read = read_at(self.file, &mut self.bytes, at)?;
        Ok(&self.bytes[..read])
    }

    fn size(&self) -> u64 {
        self.len
    }
}
