//! The journal of files that are put into folders: one JSON line for each file.

use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use serde_json::{Value, json};

use super::Error;
use crate::disk::atomic_file;
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::value::string_enum::words;

/// How a file gets into its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Move,
    Copy,
    /// A hard link to the same file.
    Link,
}

words!(How: Move = "move", Copy = "copy", Link = "link");

/// One file and its target: the names of a folder and a file, below the folder of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub how: How,
    pub from: PathBuf,
    pub folder: String,
    pub name: String,
}

impl Entry {
    /// Rejects what the journal could not undo, or what would not be the same file in another place.
    pub(super) fn check(&self) -> Result<(), Error> {
        let from = || self.from.clone();
        if self.from.to_str().is_none() {
            return Err(Error::NotUtf8(from()));
        }
        if !is_folder_name(&self.folder) || !is_file_name(&self.name) {
            let to = format!("{}/{}", self.folder, self.name);
            return Err(Error::NoName { from: from(), to });
        }
        // The target of a relative link depends on where the link is.
        let is_link = fs::symlink_metadata(&self.from).is_ok_and(|meta| meta.is_symlink());
        if is_link && self.how != How::Copy { Err(Error::Link(from())) } else { Ok(()) }
    }

    fn line(&self) -> String {
        let (how, from) = (self.how.word(), self.from.to_str());
        let line = json!({ "how": how, "from": from, "folder": self.folder, "name": self.name });
        format!("{line}\n")
    }

    fn of_line(line: &str) -> Option<Entry> {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |key: &str| value[key].as_str().map(String::from);
        let how = value["how"].as_str()?.parse().ok()?;
        let (folder, name) = (text("folder")?, text("name")?);
        let is_plain = is_folder_name(&folder) && is_file_name(&name);
        is_plain.then_some(Entry { how, from: text("from")?.into(), folder, name })
    }
}

/// Whether the text is the name of a visible folder directly inside the parent.
fn is_folder_name(text: &str) -> bool {
    is_file_name(text) && !text.starts_with('.') && !text.contains('\\')
}

fn is_file_name(text: &str) -> bool {
    let mut parts = Path::new(text).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(name)), None) if name == text)
        && !text.contains('\0')
}

/// The entries of a journal; empty if it does not exist.
pub(super) fn read(list: &Path) -> Result<Vec<Entry>, Error> {
    match open::text(list) {
        Ok(text) => {
            parse(&text).map_err(|line| Error::BrokenList { list: list.to_path_buf(), line })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Ok(Err(error).at_path(Action::Use, list)?),
    }
}

/// The entries, or the number of the invalid line.
fn parse(text: &str) -> Result<Vec<Entry>, usize> {
    let lines = (1..).zip(text.lines());
    lines.map(|(n, line)| Entry::of_line(line).ok_or(n)).collect()
}

/// Writes the journal so that it survives a crash.
pub(super) fn write(list: &Path, entries: &[Entry]) -> io::Result<()> {
    let text: String = entries.iter().map(Entry::line).collect();
    let mut file = atomic_file::Replacement::create(list)?;
    file.write_all(text.as_bytes())?;
    file.finish(Some(text.len() as u64), true)?;
    list.parent().map_or(Ok(()), atomic_file::sync_folder)
}

#[cfg(test)]
mod tests;
