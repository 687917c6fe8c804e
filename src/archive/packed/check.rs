//! Checks a tar against its index; without an index, checks that the tar is consistent in itself. Every byte is
//! assigned to one member: preceding records that are not files, header, body and padding; the end of the archive to
//! the last member.

mod in_order;
mod open_checkers;
mod place;
mod surroundings;

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::headers::padded_end;
use super::unindexed::path_of;
use super::{Member, Members, unnamed};
use crate::archive::{Error, MemberFault};
use crate::disk::locked_file::Identity;
use crate::disk::open;
use crate::disk::positioned_io::{CHUNK, Part, each_part, each_read};
use crate::disk::{Action, AtPath};
use crate::threads::{Work, ordered};
use crate::value::digest::Digest;
pub use open_checkers::Checkers;
pub use place::is_at;

/// An open tar.
#[derive(Debug)]
struct TarFile {
    file: File,
    len: u64,
    path: PathBuf,
    /// Whether it may have files that the index does not name: they are no fault of the members around them.
    has_unnamed: bool,
}

/// An open tar with its index.
#[derive(Debug)]
pub struct Checker {
    tar: TarFile,
    /// Whether an index states that nothing else is in it.
    is_indexed: bool,
    /// In the order of their offsets.
    members: Vec<Member>,
    /// By their paths: `./a.jpg` and `a.jpg` are one file.
    by_name: HashMap<Box<str>, usize>,
    version: Version,
}

/// The tar and its index.
type Version = [Option<Identity>; 2];

/// What the names of a tar and its index lead to now.
fn version(tar: &Path) -> Version {
    let index = super::index_of(tar);
    [tar, &index].map(|path| path.metadata().ok().map(|meta| Identity::new(&meta)))
}

impl Checker {
    /// Opens a tar and its index, if it has one.
    pub fn open(tar: &Path) -> Result<Checker, Error> {
        let version = version(tar);
        let members = super::read(tar)?;
        Ok(Checker { version, ..Checker::with(tar, members).at_path(Action::Open, tar)? })
    }

    /// Whether the tar and its index are still those that were opened.
    fn is_current(&self) -> bool {
        version(&self.tar.path) == self.version
    }

    pub fn with(tar: &Path, mut members: Vec<Member>) -> io::Result<Checker> {
        let file = TarFile { has_unnamed: true, ..TarFile::open(tar)? };
        members.sort_by_key(|member| member.offset);
        let names = members.iter().enumerate();
        let by_name = names.map(|(at, member)| (path_of(&member.name).into(), at)).collect();
        let is_indexed = super::has_index(tar);
        let version = version(tar);
        Ok(Checker { tar: file, is_indexed, members, by_name, version })
    }

    pub fn path(&self) -> &Path {
        &self.tar.path
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
        self.check_parts(at, |_| {}).map(drop)
    }

    /// The same, and passes each part of the body to `take`; returns the digest.
    pub fn check_parts(&self, at: usize, take: impl FnMut(&[u8])) -> Result<Digest, MemberFault> {
        let member = &self.members[at];
        let before = self.members.partition_point(|other| other.offset < member.offset);
        let before = before.checked_sub(1).map(|before| &self.members[before]);
        let start = before.map_or(0, |before| padded_end(before).unwrap_or(u64::MAX));
        let digest =
            self.tar.check_member(member, start, |name| self.find(name).is_some(), take)?;
        let is_last = self.members.last().is_some_and(|last| last.offset == member.offset);
        if is_last && self.is_indexed {
            self.tar.check_end(member)?;
        }
        Ok(digest)
    }

    /// Checks every member.
    ///
    /// # Errors
    /// Names a faulty member.
    pub fn check_all(&self, work: &Work) -> Result<(), Error> {
        let act = |at: usize| {
            self.check(at).map_err(|fault| self.tar.named(self.members[at].name.clone(), fault))
        };
        ordered::each(work, 0..self.members.len(), act, || Error::Interrupted).map(drop)
    }
}

/// Checks every member of a tar by an index; returns their number. If they are in their order, as in the tars of these
/// tools, their rows are not held.
///
/// # Errors
/// Names a faulty member, or the index.
pub fn check_all(tar: &Path, index: &Path, work: &Work) -> Result<usize, Error> {
    match in_order::check(tar, index, work) {
        Err(Error::Interrupted) => Err(Error::Interrupted),
        Ok(members) => Ok(members),
        // Others are in order too if names or places are looked up, and the message is about the first fault.
        Err(_) => {
            let members = Members::open(index)?.collect::<Result<Vec<_>, _>>()?;
            let checker = Checker::with(tar, members).at_path(Action::Open, tar)?;
            checker.check_all(work)?;
            match unnamed::find(tar, &checker.members)?.first() {
                None => Ok(checker.members.len()),
                Some(Member { name, .. }) => {
                    Err(Error::Lost { name: name.clone(), why: unnamed::WHY.to_string() })
                }
            }
        }
    }
}

impl TarFile {
    fn open(tar: &Path) -> io::Result<TarFile> {
        let file = open::file(tar)?;
        let len = file.metadata()?.len();
        Ok(TarFile { file, len, path: tar.to_path_buf(), has_unnamed: false })
    }

    fn named(&self, name: String, fault: MemberFault) -> Error {
        Error::Member { name, tar: self.path.clone(), fault }
    }

    /// Checks a member and what is before it from `start` on, and passes each part of its body to `take`; returns its digest.
    fn check_member(
        &self,
        member: &Member,
        start: u64,
        is_known: impl Fn(&str) -> bool,
        mut take: impl FnMut(&[u8]),
    ) -> Result<Digest, MemberFault> {
        self.check_header(member, start, is_known)?;
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
        Ok(digest)
    }
}
