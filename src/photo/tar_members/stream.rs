//! A tar read as a stream: each file is handled as it passes, and its row reports the result.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher;
use std::path::Path;
use std::sync::Arc;

use super::Notify;
use super::member_handler::{Body, Refused, TarVisitor};
use super::tar_rows::{failed, failed_tar};
use crate::archive::packed::is_picture;
use crate::archive::packed::sniff::Looked;
use crate::archive::packed::unindexed::{self, ABSOLUTE, Repeated, joined, left_out, path_of};
use crate::format::source::Forward;
use crate::format::tar::{self, Entries, EntryKind, Piece, Stopped, TarEntry, TarStep};
use crate::row::{Field, Row};
use crate::value::provenance::Status;

/// The rows of the files of a tar.
pub struct Rows {
    entries: Entries<Forward<Looked>>,
    archive: String,
    take: Arc<dyn TarVisitor>,
    say: Notify,
    /// Digests of the paths seen, and whether each file was taken.
    paths: HashMap<u64, bool>,
    /// Secret keys of the digests: nobody can make a tar with two paths of one digest, to have a file replaced.
    digest: RandomState,
    /// Failed files, unless a later file with the same path corrects them.
    refused: VecDeque<(u64, Row)>,
    /// Symbolic links, which are handled at the end.
    links: Vec<TarEntry>,
    repeated: Repeated,
    has_absolute: bool,
    /// Whether the stream ended inside the last file.
    is_cut: bool,
    is_over: bool,
}

/// The maximum number of failed files that wait for a later file with their path.
const MAX_REFUSED: usize = 10_000;

impl Rows {
    pub fn new(looked: Looked, archive: &str, take: Arc<dyn TarVisitor>, say: Notify) -> Rows {
        Rows {
            entries: Entries::new(Forward::new(looked)),
            archive: archive.to_string(),
            take,
            say,
            paths: HashMap::new(),
            digest: RandomState::new(),
            refused: VecDeque::new(),
            links: Vec::new(),
            repeated: Repeated::default(),
            has_absolute: false,
            is_cut: false,
            is_over: false,
        }
    }

    fn key(&self, path: &str) -> u64 {
        self.digest.hash_one(path)
    }

    fn say(&self, text: &str) {
        (self.say)(&format!("'{}': {text}", self.archive));
    }

    fn entry(&mut self, entry: TarEntry) -> Option<Row> {
        match &entry.kind {
            EntryKind::Folder => None,
            // The target of the link may come later.
            EntryKind::SymbolicLink(_) => {
                self.links.push(entry);
                None
            }
            EntryKind::Special(_) => {
                left_out(&entry.name, &entry.kind).iter().for_each(|text| self.say(text));
                None
            }
            EntryKind::Unread(why) => Some(self.failed(&entry.name, &why.to_string())),
            EntryKind::File | EntryKind::Sparse(_) | EntryKind::HardLink(_) => self.file(&entry),
        }
    }

    fn file(&mut self, entry: &TarEntry) -> Option<Row> {
        let path = match tar::relative(&entry.name) {
            Ok(path) => path,
            Err(what) => return Some(self.failed(&entry.name, &what.to_string())),
        };
        if tar::is_absolute(&entry.name) && !std::mem::replace(&mut self.has_absolute, true) {
            self.say(ABSOLUTE);
        }
        let key = self.key(&path);
        let again = self.paths.get(&key).copied();
        if again.is_some() {
            self.repeated.add(&entry.name);
            self.refused.retain(|(refused, _)| *refused != key);
        }
        let result = self.act(entry, &path, again == Some(true));
        self.paths.insert(key, result.is_ok());
        match result {
            Ok(status) => Some(self.done(entry, status)),
            Err(Refused::Other(what)) if self.refused.len() < MAX_REFUSED => {
                self.refused.push_back((key, self.failed(&entry.name, &what)));
                None
            }
            Err(Refused::Other(what) | Refused::Failed(what)) => {
                Some(self.failed(&entry.name, &what))
            }
        }
    }

    fn act(&mut self, entry: &TarEntry, path: &str, again: bool) -> Result<Status, Refused> {
        let (size, modified) = (entry.size, entry.modified);
        let pieces = match &entry.kind {
            EntryKind::HardLink(to) => {
                let target = path_of(to);
                return match self.paths.get(&self.key(&target)) {
                    Some(true) if target == path => Ok(Status::Kept),
                    Some(true) => self.take.link(path, &target, modified, again),
                    Some(false) => Err(Refused::Failed(unindexed::unsound(to))),
                    None => Err(Refused::Failed(unindexed::unlinked(to))),
                };
            }
            EntryKind::Sparse(pieces) => pieces.iter().copied().collect(),
            _ => VecDeque::from([Piece { at: 0, len: size }]),
        };
        let source = self.entries.source();
        let mut body = Body::new(source, (entry.body_at, size), modified, pieces);
        let result = self.take.file(path, &mut body, again);
        self.is_cut = body.is_cut();
        result
    }

    fn done(&self, entry: &TarEntry, status: Status) -> Row {
        let mut row = Row::clone(&unindexed::row(&entry.name));
        row.set(Field::Archive, &self.archive);
        row.set(Field::Member, &entry.name);
        if !matches!(entry.kind, EntryKind::HardLink(_)) {
            row.set_display(Field::Bytes, entry.size);
        }
        row.set(Field::Status, status.word());
        row
    }

    fn failed(&self, name: &str, why: &str) -> Row {
        failed(Path::new(&self.archive), name, why)
    }

    /// Handles what is only known once everything has passed.
    fn end(&mut self, stopped: &Stopped) {
        self.is_over = true;
        self.repeated.text().iter().for_each(|text| self.say(text));
        for TarEntry { name, kind, .. } in std::mem::take(&mut self.links) {
            let EntryKind::SymbolicLink(to) = &kind else { continue };
            let is_held = |path: String| self.paths.contains_key(&self.key(&path));
            if unindexed::resolved(&name, to).is_some_and(is_held) || !named_so(&name) {
                left_out(&name, &kind).iter().for_each(|text| self.say(text));
            } else {
                let row = self.failed(&name, &unindexed::dangling(to));
                self.refused.push_back((0, row));
            }
        }
        // A cut is already reported for the file that it goes through.
        let is_said = self.is_cut && matches!(stopped, Stopped::Cut(_));
        if let Some(fault) = stopped.fault().filter(|_| !is_said) {
            let error = format!("'{}': {fault}", self.archive);
            self.refused.push_back((0, failed_tar(Path::new(&self.archive), &error)));
        }
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        while !self.is_over {
            let row = match self.entries.step() {
                Ok(TarStep::Entry(entry)) => self.entry(entry),
                Ok(TarStep::Joined(at)) => {
                    self.say(&joined(at));
                    None
                }
                Ok(TarStep::Stopped(stopped)) => {
                    self.end(&stopped);
                    None
                }
                Err(error) => {
                    self.is_over = true;
                    let error = format!("'{}': it cannot be read on: {error}", self.archive);
                    Some(failed_tar(Path::new(&self.archive), &error))
                }
            };
            if row.is_some() {
                return row;
            }
        }
        self.refused.pop_front().map(|(_, row)| row)
    }
}

fn named_so(name: &str) -> bool {
    is_picture(name, &Row::from_cells(&[]))
}
