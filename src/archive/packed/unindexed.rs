//! Tars made by other programs, without an index. The headers give the offset of each file, and its name gives the
//! picture id. No digest is known.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::sniff::{self, TarKind};
use super::{Member, is_picture};
use crate::archive::picture_index as pictures;
use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};
use crate::format::source::Window;
use crate::format::tar::{self, EntryKind, Piece, Stopped, TarEntry, TarStep};
use crate::row::{Field, Row};

/// The contents of a tar, as far as it can be read.
#[derive(Debug, Default)]
pub struct Contents {
    /// Of files with the same name, the last; a hard link has the bytes of its target.
    pub members: Vec<Member>,
    /// Files that it has and its index does not name.
    pub unnamed: Vec<Member>,
    /// Files that it names and that cannot be read.
    pub lost: Vec<UnreadableFile>,
    /// Skipped entries that are not files, and other messages.
    pub remarks: Vec<String>,
    /// The fault of the tar itself.
    pub fault: Option<String>,
}

/// A file that cannot be read.
#[derive(Debug, Clone)]
pub struct UnreadableFile {
    pub name: String,
    pub why: String,
}

/// Reads the headers of a tar.
///
/// # Errors
/// A file that cannot be opened or read.
pub fn scan(tar: &Path) -> Result<Contents, PathError> {
    let source = open::file(tar).and_then(Window::open).at_path(Action::Read, tar)?;
    let mut entries = tar::Entries::new(source);
    let mut gathered = Gathered::default();
    let stopped = loop {
        match entries.step().at_path(Action::Read, tar)? {
            TarStep::Entry(entry) => gathered.add(entry),
            TarStep::Joined(at) => gathered.remarks.push(joined(at)),
            TarStep::Stopped(stopped) => break stopped,
        }
    };
    // A truncation has been reported for the member that it goes through.
    let is_said = matches!(stopped, Stopped::Cut(_)) && !gathered.lost.is_empty();
    let fault = stopped.fault().filter(|_| !is_said);
    let fault = if gathered.members.is_empty() {
        fault.map(|fault| advice(tar).unwrap_or(fault))
    } else {
        fault
    };
    Ok(gathered.contents(fault))
}

/// Advice on a file that is not a tar, if there is any.
fn advice(tar: &Path) -> Option<String> {
    match sniff::detect(tar).ok()? {
        TarKind::GzipTar(_) => {
            let name = tar.display();
            Some(format!("it is compressed, and has no places: gunzip it, or unpack-tar '{name}'"))
        }
        TarKind::Other(what, program) => Some(sniff::advice(tar, what, program)),
        TarKind::Tar(_) | TarKind::None(_) => None,
    }
}

/// The message where another tar begins.
pub fn joined(at: u64) -> String {
    format!("another tar is joined to it at byte {at}: it is read, too")
}

/// The message about entries without bytes of their own, which are not created.
pub fn left_out(name: &str, kind: &EntryKind) -> Option<String> {
    match kind {
        EntryKind::SymbolicLink(to) => {
            Some(format!("'{name}' is a symbolic link to '{to}', and left out"))
        }
        EntryKind::Special(what) => Some(format!("'{name}' is {what}, and left out")),
        _ => None,
    }
}

/// Names that occur in a tar more than once.
#[derive(Debug, Default)]
pub struct Repeated {
    first: Option<String>,
    others: usize,
}

impl Repeated {
    pub fn add(&mut self, name: &str) {
        match self.first {
            None => self.first = Some(name.to_string()),
            Some(_) => self.others += 1,
        }
    }

    /// The message about them.
    pub fn text(&self) -> Option<String> {
        let Repeated { first, others } = self;
        let first = first.as_ref()?;
        let more = if *others > 0 { format!(" and {others} more stand") } else { " stands".into() };
        Some(format!("'{first}'{more} in it more than once: the last of a name counts"))
    }
}

/// The message about names that begin at the root.
pub const ABSOLUTE: &str = "names in it begin with '/', and are taken without it";

/// The path that a name means; the name itself if it means none.
pub fn path_of(name: &str) -> Cow<'_, str> {
    tar::relative(name).unwrap_or(Cow::Borrowed(name))
}

/// What has been read of a tar so far.
#[derive(Default)]
struct Gathered {
    members: Vec<Option<Member>>,
    by_path: HashMap<Box<str>, usize>,
    /// With the number of preceding members.
    lost: Vec<(usize, UnreadableFile)>,
    remarks: Vec<String>,
    repeated: Repeated,
    /// Symbolic links, by name and target.
    links: Vec<(String, String)>,
    has_absolute: bool,
}

impl Gathered {
    fn add(&mut self, entry: TarEntry) {
        match &entry.kind {
            EntryKind::Folder => {}
            EntryKind::Special(_) => self.remarks.extend(left_out(&entry.name, &entry.kind)),
            EntryKind::SymbolicLink(to) => self.links.push((entry.name, to.clone())),
            EntryKind::Unread(why) => self.lose(entry.name.clone(), why.to_string()),
            EntryKind::File => self.hold(member(entry, None)),
            EntryKind::Sparse(pieces) => {
                let pieces = Arc::from(pieces.as_slice());
                self.hold(member(entry, Some(pieces)));
            }
            EntryKind::HardLink(to) => self.link(entry.name.clone(), to),
        }
    }

    fn hold(&mut self, member: Member) {
        self.has_absolute |= tar::is_absolute(&member.name);
        let path = path_of(&member.name).into_owned();
        if let Some(before) = self.by_path.insert(path.into(), self.members.len()) {
            self.members[before] = None;
            self.repeated.add(&member.name);
        }
        self.members.push(Some(member));
    }

    fn lose(&mut self, name: String, why: String) {
        self.lost.push((self.members.len(), UnreadableFile { name, why }));
    }

    /// Another name of the same bytes.
    fn link(&mut self, name: String, to: &str) {
        let target = self.by_path.get(&*path_of(to)).and_then(|&at| self.members[at].clone());
        match target {
            Some(target) if path_of(&target.name) == path_of(&name) => {}
            Some(target) => self.hold(Member { row: row(&name), name, ..target }),
            None => self.lose(name, unlinked(to)),
        }
    }

    fn contents(mut self, fault: Option<String>) -> Contents {
        // A link to a missing picture is a missing picture.
        for (name, to) in std::mem::take(&mut self.links) {
            let path = resolved(&name, &to);
            let is_there = path.is_some_and(|path| self.by_path.contains_key(path.as_str()));
            if !is_there && is_picture(&name, &Row::from_cells(&[])) {
                self.lose(name, dangling(&to));
            } else {
                self.remarks.extend(left_out(&name, &EntryKind::SymbolicLink(to)));
            }
        }
        self.remarks.extend(self.repeated.text());
        self.remarks.extend(self.has_absolute.then(|| ABSOLUTE.to_string()));
        // A file that came again later, complete, is not lost.
        let is_lost = |(before, lost): &(usize, UnreadableFile)| {
            self.by_path.get(&*path_of(&lost.name)).is_none_or(|at| at < before)
        };
        let lost = self.lost.into_iter().filter(is_lost).map(|(_, lost)| lost).collect();
        let members = self.members.into_iter().flatten().collect();
        Contents { members, lost, remarks: self.remarks, fault, ..Contents::default() }
    }
}

/// Why a hard link gives no file.
pub fn unlinked(to: &str) -> String {
    format!("it is a hard link to '{to}', which the tar does not hold")
}

/// The same for a link whose target is there and damaged.
pub fn unsound(to: &str) -> String {
    format!("it is a hard link to '{to}', which is damaged or was left out")
}

/// Why a symbolic link does not lead to a picture.
pub fn dangling(to: &str) -> String {
    format!("it is a symbolic link to '{to}', which the tar does not hold")
}

/// Where in the tar a symbolic link leads, if it stays inside.
pub fn resolved(name: &str, to: &str) -> Option<String> {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts = Vec::new();
    for part in folder.split('/').chain(to.split('/')) {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    (!to.starts_with('/')).then(|| parts.join("/"))
}

/// A file of a tar without what an index knows of it.
pub(super) fn member(entry: TarEntry, pieces: Option<Arc<[Piece]>>) -> Member {
    Member {
        row: row(&entry.name),
        name: entry.name,
        offset: entry.body_at,
        bytes: entry.size,
        sha256: None,
        modified: entry.modified,
        pieces,
    }
}

/// The row that the name of a member implies.
pub fn row(name: &str) -> Arc<Row> {
    let mut row = Row::from_cells(&[]);
    if let Some((id, quality)) = pictures::named(Path::new(name))
        && id.bytes().all(|byte| byte.is_ascii_digit())
    {
        row.set(Field::ImgId, id);
        quality.iter().for_each(|quality| row.set(Field::Quality, quality.word()));
    }
    Arc::new(row)
}
