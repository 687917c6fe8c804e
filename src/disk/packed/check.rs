//! Checks a tar against its index, and one without against itself. Each byte of a tar belongs to one member:
//! its header, its body, and the zeros up to the next header or to the end.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::{Member, Work};
use crate::disk::open;
use crate::disk::place::{CHUNK, each_part, read_at};
use crate::format::tar;

/// A pax header with a name of 4 KB is shorter; more before a body is no header.
const MAX_HEADER: u64 = 64 << 10;

/// Zeros behind a body: the rest of a record and two blocks.
const MAX_REST: u64 = 1 << 20;

/// Tars that are open at once: rows of one stand together, and each thread is
/// at most at the next.
const MAX_OPEN: usize = 64;

/// Tars that are being looked at, each opened once.
#[derive(Debug, Default)]
pub struct Checkers {
    open: Mutex<HashMap<PathBuf, Arc<Result<Checker, String>>>>,
}

impl Checkers {
    pub fn of(&self, tar: &Path) -> Arc<Result<Checker, String>> {
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
    /// In the order of their places.
    members: Vec<Member>,
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
        let by_name = names.map(|(at, member)| (member.name.as_str().into(), at)).collect();
        Ok(Checker { file, len, path: tar.to_path_buf(), members, by_name })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn members(&self) -> &[Member] {
        &self.members
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
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
        let before = at.checked_sub(1).map(|before| &self.members[before]);
        let start = before.map_or(0, |before| padded_end(before).unwrap_or(u64::MAX));
        self.check_header(member, start)?;
        let mut buffer = vec![0; CHUNK];
        let digest =
            each_part(&self.file, (member.offset, member.bytes), &mut buffer, |part, _| {
                take(part);
                Ok(())
            });
        let digest = digest.map_err(wrong)?;
        if member.sha256.is_some_and(|known| known != digest) {
            return Err("its digest is not that of the index".to_string());
        }
        self.check_rest(member, at + 1 == self.members.len())
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

    fn check_header(&self, member: &Member, start: u64) -> Result<(), String> {
        let len = member.offset.checked_sub(start).filter(|len| (1..=MAX_HEADER).contains(len));
        let Some(len) = len else {
            return Err("it does not stand where the index says".to_string());
        };
        let mut header = vec![0; len as usize];
        let read = read_at(&self.file, &mut header, start).map_err(|error| error.to_string())?;
        header.truncate(read);
        let mut source = Header { bytes: &header, end: len.saturating_add(member.bytes) };
        let (entries, stopped) = tar::read(&mut source).map_err(|error| error.to_string())?;
        match (entries.as_slice(), stopped) {
            ([entry], _)
                if entry.member.name == member.name && entry.member.size == member.bytes =>
            {
                Ok(())
            }
            ([entry], _) => Err(format!("its header is that of '{}'", entry.member.name)),
            (_, tar::Stopped::Fault(fault)) => Err(format!("its header is damaged: {fault}")),
            _ => Err("it has no header".to_string()),
        }
    }

    /// Behind the body there are zeros: padding, and at the end of the tar two
    /// blocks at least.
    fn check_rest(&self, member: &Member, is_last: bool) -> Result<(), String> {
        let body_end = member.offset + member.bytes;
        let end = if is_last { self.len } else { padded_end(member).unwrap_or(self.len) };
        let rest = end.saturating_sub(body_end);
        if is_last && (rest < 2 * tar::BLOCK || !self.len.is_multiple_of(tar::BLOCK)) {
            return Err("the tar is cut short behind it".to_string());
        }
        if rest > MAX_REST {
            return Err("the tar holds more behind it than is known of".to_string());
        }
        let mut bytes = vec![0; rest as usize];
        let read = read_at(&self.file, &mut bytes, body_end).map_err(|error| error.to_string())?;
        match read == bytes.len() && bytes.iter().all(|&byte| byte == 0) {
            true => Ok(()),
            false => Err("what stands behind it is not empty".to_string()),
        }
    }
}

fn padded_end(member: &Member) -> Option<u64> {
    let end = member.offset.checked_add(member.bytes)?;
    end.checked_next_multiple_of(tar::BLOCK)
}

/// A header alone, seen as the start of a tar whose body is not looked at.
struct Header<'a> {
    bytes: &'a [u8],
    end: u64,
}

impl crate::format::source::Source for Header<'_> {
    fn at(&mut self, at: u64, n: usize) -> io::Result<&[u8]> {
        let mut bytes = self.bytes;
        let start = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        bytes = &bytes[start..];
        Ok(&bytes[..n.min(bytes.len())])
    }

    fn size(&self) -> u64 {
        self.end
    }
}
