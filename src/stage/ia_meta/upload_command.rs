//! The commands that upload a collection with `ia`, the client of archive.org, as shell lines.

use std::fs;
use std::path::{Path, PathBuf};

use super::item_metadata::Tags;
use crate::disk::pictures::is_named_so;
use crate::disk::walk;
use crate::disk::{Action, PathError};
use crate::shape::{Diagnostics, RowError};
use crate::value::human_format::{bytes, grouped};
use crate::value::shell::quoted;

/// The limits that archive.org recommends for an item.
const MOST_FILES: usize = 500;
const MOST_BYTES: u64 = 500_000_000_000;

/// Tags with values that grow; others may have been corrected by hand.
const COUNTED: [&str; 3] = ["coverage", "date", "description"];

/// The files to upload.
pub struct Upload {
    folder: String,
    files: Vec<String>,
    bytes: u64,
    /// What is not uploaded, and why.
    left_out: Vec<String>,
}

impl Upload {
    /// All files of the folder that are not hidden, not symbolic links, which may lead out of it, and not the unfinished
    /// output of another tool.
    pub fn read(folder: &Path) -> Result<Upload, RowError> {
        let not_utf8 = |path: &Path| format!("the name '{}' is not UTF-8", path.display());
        let (mut files, mut bytes, mut left_out) = (Vec::new(), 0, Vec::new());
        for path in walk::files(folder) {
            let path = path.map_err(|error| error.to_string())?;
            let wrong = |error| PathError::new(Action::Read, &path, error);
            if let Some(why) = why_left_out(folder, &path) {
                left_out.push(format!("'{}' {why}, and is not uploaded", path.display()));
                continue;
            }
            bytes += fs::metadata(&path).map_err(wrong)?.len();
            let name: PathBuf = path.strip_prefix(folder).unwrap_or(&path).into();
            files.push(name.to_str().ok_or_else(|| not_utf8(&name))?.to_string());
        }
        let folder = folder.to_str().ok_or_else(|| not_utf8(folder))?.to_string();
        Ok(Upload { folder, files, bytes, left_out })
    }

    /// Warns about what archive.org does not want.
    pub fn warn(&self, name: &str, notes: &dyn Diagnostics) {
        self.left_out.iter().for_each(|words| notes.warn(words));
        let loose = self.files.iter().filter(|file| is_picture(file)).count();
        if loose > 0 {
            notes.warn(&format!(
                "'{name}' has {} loose pictures: pack-tar makes tars of them",
                grouped(loose as u64)
            ));
        }
        if self.files.len() > MOST_FILES {
            notes.warn(&format!(
                "'{name}' has {} files, and an item should have at most {MOST_FILES}: pack-tar --by month makes fewer",
                grouped(self.files.len() as u64)
            ));
        }
        if self.bytes > MOST_BYTES {
            notes.warn(&format!(
                "'{name}' has {}, and an item should have at most {}",
                bytes(self.bytes),
                bytes(MOST_BYTES)
            ));
        }
    }

    /// The commands. An existing item gets its counts and dates first, because archive.org only uses the tags of an
    /// upload if the item is new. Then all files follow, with at most as many in one command as an item should have.
    pub fn script(&self, name: &str, tags: &Tags) -> String {
        let (size, count) = (bytes(self.bytes), grouped(self.files.len() as u64));
        let changing =
            flags("modify", tags.iter().filter(|(tag, _)| COUNTED.contains(&tag.as_str())));
        let all = flags("metadata", tags.iter());
        let mut text = format!(
            "\n# {name}: {count} files, {size}\n(\ncd -- {}\nif ia metadata --exists {name} 2> /dev/null; then\n\
             ia metadata {name}{changing}\nfi\n",
            quoted(&self.folder)
        );
        for files in self.files.chunks(MOST_FILES) {
            let files: Vec<_> = files.iter().map(|file| quoted(file)).collect();
            text += &format!(
                "ia upload --checksum --no-derive --keep-directories --retries=100 --sleep=60 --size-hint={}{all} \\\n  \
                 {name} -- {}\n",
                self.bytes,
                files.join(" ")
            );
        }
        text + ")\n"
    }
}

/// Why a file of the folder is not uploaded.
fn why_left_out(folder: &Path, path: &Path) -> Option<&'static str> {
    let is_link = |path: &Path| path.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
    let below = path.ancestors().take_while(|&part| part != folder);
    if below.into_iter().any(is_link) {
        Some("is a symbolic link, or in a folder that is one")
    } else {
        path.extension().is_some_and(|ending| ending == "part").then_some("is not complete")
    }
}

/// One flag for each value, on a line of its own.
fn flags<'a>(flag: &str, tags: impl Iterator<Item = (&'a String, &'a Vec<String>)>) -> String {
    let values = tags.flat_map(|(tag, values)| values.iter().map(move |value| (tag, value)));
    values
        .map(|(tag, value)| format!(" \\\n  --{flag}={}", quoted(&format!("{tag}:{value}"))))
        .collect()
}

/// The thumbnail of the item does not count as a loose picture.
fn is_picture(file: &str) -> bool {
    is_named_so(Path::new(file)) && file != super::THUMBNAIL
}
