//! A cache file named by the user (`--keep-list`), for runs that write to a pipe and have no output file. It is kept
//! after completion, and is never used for another command.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::shape::FatalError;

use super::{ResponseCache, Use, cannot_use, head};

/// The beginning of every cache file, whatever its command.
const BEGINNING: &str = "{\"mapillary-pipes\":\"answers\",";

impl ResponseCache {
    /// Opens or creates a list. The note says how much of it will be used.
    pub fn open_list(
        path: &Path,
        how: &Use,
    ) -> Result<(ResponseCache, Option<String>), FatalError> {
        let wrong = |error| cannot_use(path, &error);
        let mut answers = ResponseCache::locked(path, path)?;
        let head = head(how.identity);
        let meta = answers.file.metadata().map_err(wrong)?;
        let known = answers.read_head().map_err(wrong)?;
        match known {
            Some(known) if known == head && !how.force => {
                answers.index(head.len() as u64, how.recheck).map_err(wrong)?;
            }
            Some(known) if known.starts_with(BEGINNING) && !how.force => {
                return Err(refused(
                    path,
                    "is the list of another command; --force begins it anew",
                ));
            }
            Some(known) if known.starts_with(BEGINNING) => answers.restart(&head).map_err(wrong)?,
            // A kill may have truncated the first line.
            None if meta.len() < head.len() as u64 && answers.is_cut(&head).map_err(wrong)? => {
                answers.restart(&head).map_err(wrong)?;
            }
            _ => return Err(refused(path, "is not a list of --keep-list")),
        }
        let since = meta.modified().map(DateTime::<Utc>::from).map_err(wrong)?;
        let note = (!answers.places.is_empty()).then(|| {
            format!(
                "'{}' has {} answers, the last of {}: asking only for the rest (--force asks anew)",
                path.display(),
                answers.places.len(),
                since.format("%Y-%m-%d %H:%M UTC")
            )
        });
        Ok((answers, note))
    }

    /// Whether the file has only the beginning of a first line.
    fn is_cut(&mut self, head: &str) -> std::io::Result<bool> {
        let mut start = Vec::new();
        std::io::Seek::rewind(&mut self.file)?;
        std::io::Read::read_to_end(&mut self.file, &mut start)?;
        Ok(BEGINNING.as_bytes().starts_with(&start) || head.as_bytes().starts_with(&start))
    }
}

fn refused(path: &Path, what: &str) -> FatalError {
    FatalError(format!("'{}' {what}: give --keep-list another name", path.display()))
}
