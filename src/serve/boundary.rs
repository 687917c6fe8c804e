//! Which files belong to an archive: those in its folder, and those in folders that are linked into it. An archive can be
//! somebody else's, and a link of a single file, or a path in a row, can name any file of this machine.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folders of an archive and of its inbox.
#[derive(Debug, Default)]
pub struct Boundary {
    /// As named, and with all links resolved.
    dir: PathBuf,
    whole_dir: PathBuf,
    /// All links resolved.
    folders: HashSet<PathBuf>,
}

impl Boundary {
    /// `folders` are those of the archive that are read, linked ones too.
    pub fn new(dir: &Path, folders: HashSet<PathBuf>) -> Boundary {
        let whole_dir = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_path_buf());
        Boundary { dir: dir.to_path_buf(), whole_dir, folders }
    }

    pub fn add(&mut self, folders: HashSet<PathBuf>) {
        self.folders.extend(folders);
    }

    /// Whether a file is in one of the folders. Its links have to be resolved.
    pub fn contains(&self, whole: &Path) -> bool {
        whole.ancestors().skip(1).any(|folder| self.folders.contains(folder))
    }

    /// Where the file behind a link is, below the archive's folder if it is there; `None` if it is outside.
    pub fn behind(&self, link: &Path) -> io::Result<Option<PathBuf>> {
        let whole = fs::canonicalize(link)?;
        if !self.contains(&whole) {
            return Ok(None);
        }
        let below = whole.strip_prefix(&self.whole_dir).map(|below| self.dir.join(below));
        Ok(Some(below.unwrap_or(whole)))
    }
}
