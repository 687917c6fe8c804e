//! The description file that mapillary_tools reads and writes, `mapillary_image_description.json`: an array with an
//! element for each photo, including photos with a problem.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::disk::atomic_file::Replacement;
use crate::format::description::{self, Description};

use super::Problem;

/// A list being written. It gets its final name when it is complete.
pub struct List {
    file: io::BufWriter<Replacement>,
    is_first: bool,
}

impl List {
    pub fn create(path: &Path) -> io::Result<List> {
        let mut file = io::BufWriter::new(Replacement::create(path)?);
        file.write_all(b"[")?;
        Ok(List { file, is_first: true })
    }

    /// Adds a photo, or the reason why it has no description.
    pub fn add(
        &mut self,
        path: &Path,
        description: &Description,
        bytes: Option<u64>,
        problem: Option<&Problem>,
    ) -> io::Result<()> {
        let name = absolute(path).to_string_lossy().into_owned();
        let item = match problem {
            None => description.file_item(&name, bytes),
            Some(problem) => description::error_item(&name, problem.name(), &problem.to_string()),
        };
        if !std::mem::take(&mut self.is_first) {
            self.file.write_all(b",")?;
        }
        self.file.write_all(item.as_bytes())
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.file.write_all(b"]")?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.finish(None, true)
    }
}

/// The absolute path, with links resolved if the file exists.
fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
