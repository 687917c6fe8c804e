//! The bytes to send for a photo, assembled without changing the file, which must not change during the upload.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::locked_file::Identity;
use crate::disk::{Action, PathError};
use crate::format::metadata_container::Piece;
use crate::service::upload::{Content, Memory};

use super::error::Error;
use super::md5::Md5;
use super::outgoing_photo::{Item, described, opened, whole};
use super::spliced_content::Spliced;
use super::survey::Survey;

/// Larger photos are read from disk again while they are sent: memory stays small even with panoramas.
const MOST_IN_MEMORY: u64 = 4 << 20;

/// A file that must not change while it is sent.
pub struct Prepared {
    path: PathBuf,
    before: Identity,
    pub content: Arc<dyn Content>,
}

impl Prepared {
    /// The photo with its description.
    ///
    /// # Errors
    /// If it is not the photo any more whose digests are known.
    pub fn photo(item: &Item, known: &Survey) -> Result<Prepared, Error> {
        let prepared = Prepared::new(&item.path, described(item)?.0)?;
        if prepared.before.has_same_bytes(&known.before) && prepared.content.len() == known.bytes {
            Ok(prepared)
        } else {
            Err(Error::Changed(item.path.clone()))
        }
    }

    /// The photo as it is on disk.
    ///
    /// # Errors
    /// If it is not the photo any more whose digests are known.
    pub fn original(item: &Item, known: &Survey) -> Result<Prepared, Error> {
        let prepared = Prepared::new(&item.path, None)?;
        if prepared.before.has_same_bytes(&known.before) {
            Ok(prepared)
        } else {
            Err(Error::Changed(item.path.clone()))
        }
    }

    /// The file as it is, and its digest.
    pub fn file(path: &Path) -> Result<(Prepared, String), Error> {
        let prepared = Prepared::new(path, None)?;
        let read = PathError::at(Action::Read, path);
        let md5 = Md5::of(&*prepared.content).map_err(read)?;
        Ok((prepared, md5))
    }

    fn new(path: &Path, pieces: Option<Vec<Piece>>) -> Result<Prepared, Error> {
        let (before, file) = opened(path)?;
        let spliced = Spliced::new(Arc::new(file), pieces.unwrap_or_else(|| whole(&before)));
        let content: Arc<dyn Content> = if spliced.len() <= MOST_IN_MEMORY {
            let read = PathError::at(Action::Read, path);
            Arc::new(Memory(spliced.read_all().map_err(read)?.into()))
        } else {
            Arc::new(spliced)
        };
        Ok(Prepared { path: path.to_owned(), before, content })
    }

    /// # Errors
    /// If the file has changed.
    pub fn check(&self) -> Result<(), Error> {
        let now = self.path.metadata().map(|meta| Identity::new(&meta));
        if now.is_ok_and(|now| now.has_same_bytes(&self.before)) {
            Ok(())
        } else {
            Err(Error::Changed(self.path.clone()))
        }
    }
}
