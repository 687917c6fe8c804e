//! Checks a tar against its index; without an index, checks that the tar is consistent in itself. Every byte is
//! assigned to one member: preceding records that are not files, header, body and padding; the end of the archive to
//! the last member.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::Member;
use super::unindexed::path_of;
use crate::archive::{Error, MemberFault};
use crate::disk::open;
use crate::disk::positioned_io::{CHUNK, Part, each_part, each_read, read_at};
use crate::disk::{Action, AtPath};
use crate::format::source::Source;
use crate::format::tar::{self, Entries, EntryKind, Stopped, TarStep};
use crate::threads::{Work, ordered};

/// The number of tars open at once: rows of one tar are adjacent, and each thread is at most at the next.
const MAX_OPEN: usize = 64;
/// This many members they may have together before the least recently used tar is closed: over 1 KB each.
const MAX_MEMBERS: usize = 2_000;

/// Tars being checked, each opened once. The last two stay open, however large they are.
#[derive(Debug, Default)]
pub struct Checkers {
    /// The most recently used one is last.
    open: Mutex<Vec<Opened>>,
}

type Opened = (PathBuf, Arc<Result<Checker, Error>>);

impl Checkers {
    pub fn get(&self, tar: &Path) -> Arc<Result<Checker, Error>> {
        let mut open = self.open.lock().unwrap_or_else(|broken| broken.into_inner());
        let opened = match open.iter().rposition(|(path, _)| path == tar) {
            Some(at) => open.remove(at),
            None => {
                make_room(&mut open);
                (tar.to_path_buf(), Arc::new(Checker::open(tar)))
            }
        };
        let checker = Arc::clone(&opened.1);
        open.push(opened);
        checker
    }
}

fn make_room(open: &mut Vec<Opened>) {
    let members =
        |(_, checker): &Opened| checker.as_ref().as_ref().map_or(0, |it| it.members.len());
    while open.len() >= MAX_OPEN
        || open.len() > 1 && open.iter().map(members).sum::<usize>() >= MAX_MEMBERS
    {
        open.remove(0);
    }
}

/// An open tar with its index.
#[derive(Debug)]
pub struct Checker {
    file: File,
    len: u64,
    path: PathBuf,
    /// Whether an index states that nothing else is in it.
    is_indexed: bool,
    /// In the order of their offsets.
    members: Vec<Member>,
    /// By their paths: `./a.jpg` and `a.jpg` are one file.
    by_name: HashMap<Box<str>, usize>,
}

impl Checker {
    /// Opens a tar and its index, if it has one.
    pub fn open(tar: &Path) -> Result<Checker, Error> {
        let members = super::read(tar)?;
        Ok(Checker::with(tar, members).at_path(Action::Open, tar)?)
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

    /// Checks every byte of this member.
    ///
    /// # Errors
    /// The fault of the member.
    pub fn check(&self, at: usize) -> Result<(), MemberFault> {
        self.check_parts(at, |_| {})
    }

    /// The same, and passes each part of the body to `take`.
    pub fn check_parts(&self, at: usize, mut take: impl FnMut(&[u8])) -> Result<(), MemberFault> {
        let member = &self.members[at];
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
                let file = self.file.try_clone().at_path(Action::Read, &self.path)?;
                let mut part = Part::new(file, offset, bytes, Some(Arc::clone(pieces)));
                each_read(&mut part, bytes, &mut buffer, take)
            }
        };
        let digest = digest.at_path(Action::Read, &self.path)?;
        if member.sha256.is_some_and(|known| known != digest) {
            return Err(MemberFault::OtherDigest);
        }
        self.check_padding(member)?;
        let is_last = self.members.last().is_some_and(|last| last.offset == member.offset);
        if is_last && self.is_indexed { self.check_end(member) } else { Ok(()) }
    }

    /// Checks every member.
    ///
    /// # Errors
    /// Names a faulty member.
    pub fn check_all(&self, work: &Work) -> Result<(), Error> {
        let act = |at: usize| {
            let (name, tar) = (|| self.members[at].name.clone(), || self.path.clone());
            self.check(at).map_err(|fault| Error::Member { name: name(), tar: tar(), fault })
        };
        ordered::each(work, 0..self.members.len(), act, || Error::Interrupted).map(drop)
    }

    /// The header is between the previous member and this one, after folders and links that have no bytes.
    fn check_header(&self, member: &Member) -> Result<(), MemberFault> {
        let before = self.members.partition_point(|other| other.offset < member.offset);
        let before = before.checked_sub(1).map(|before| &self.members[before]);
        let start = before.map_or(0, |before| padded_end(before).unwrap_or(u64::MAX));
        let elsewhere = || Err(MemberFault::Elsewhere);
        let mut entries = Entries::starting_at(Places::new(&self.file, self.len), start);
        loop {
            let entry = match entries.step()? {
                TarStep::Entry(entry) => entry,
                TarStep::Joined(_) => continue,
                TarStep::Stopped(Stopped::Malformed(fault)) => {
                    return Err(MemberFault::Header(fault));
                }
                TarStep::Stopped(_) => return elsewhere(),
            };
            // Bytes with several names are stored under the first.
            let is_known = self.find(&entry.name).is_some();
            match entry.kind {
                EntryKind::Unread(why) if entry.name == member.name => return Err(why.into()),
                EntryKind::File | EntryKind::Sparse(_) if entry.body_at == member.offset => {
                    return if is_known && entry.size == member.bytes {
                        Ok(())
                    } else {
                        Err(MemberFault::OtherHeader(entry.name))
                    };
                }
                // An older file of the same name.
                EntryKind::File | EntryKind::Sparse(_)
                    if is_known && entry.body_at < member.offset => {}
                EntryKind::File | EntryKind::Sparse(_) => return elsewhere(),
                _ if entry.body_at > member.offset => return elsewhere(),
                _ => {}
            }
        }
    }

    /// After the body there are zeros up to the next block.
    fn check_padding(&self, member: &Member) -> Result<(), MemberFault> {
        let end = stored_end(member).ok_or(MemberFault::TooLong)?;
        let len = end.next_multiple_of(tar::BLOCK).min(self.len.max(end)) - end;
        let mut bytes = vec![0; len as usize];
        let read = read_at(&self.file, &mut bytes, end)?;
        if read == bytes.len() && bytes.iter().all(|&byte| byte == 0) {
            Ok(())
        } else {
            Err(MemberFault::NotEmptyBehind)
        }
    }

    /// A tar made by these tools ends after the last member.
    fn check_end(&self, last: &Member) -> Result<(), MemberFault> {
        let start = padded_end(last).unwrap_or(self.len);
        let mut entries = Entries::starting_at(Places::new(&self.file, self.len), start);
        loop {
            match entries.step()? {
                TarStep::Stopped(Stopped::End(_))
                    if self.len.is_multiple_of(tar::BLOCK)
                        && self.len - start >= 2 * tar::BLOCK =>
                {
                    return Ok(());
                }
                TarStep::Stopped(Stopped::Malformed(_)) => {
                    return Err(MemberFault::NotEmptyBehind);
                }
                TarStep::Stopped(_) => return Err(MemberFault::CutBehind),
                TarStep::Entry(entry)
                    if !matches!(entry.kind, EntryKind::File | EntryKind::Sparse(_)) => {}
                TarStep::Entry(_) | TarStep::Joined(_) => {
                    return Err(MemberFault::MoreBehind);
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

/// A file that is read at offsets while others read it too.
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

#[cfg(test)]
mod tests;
