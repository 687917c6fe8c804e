//! Checks a tar against its index; without an index, checks that the tar is consistent in itself. Every byte is
//! assigned to one member: preceding records that are not files, header, body and padding; the end of the archive to
//! the last member.

mod open_checkers;
mod surroundings;

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Member;
use super::unindexed::path_of;
use crate::archive::{Error, MemberFault};
use crate::disk::open;
use crate::disk::positioned_io::{CHUNK, Part, each_part, each_read};
use crate::disk::{Action, AtPath};
use crate::threads::{Work, ordered};
pub use open_checkers::Checkers;

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
}
