//! A photo before it is sent: both of its digests, and its bytes with the description in the EXIF, put together without
//! touching the file.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::locked_file::Identity;
use crate::disk::open;
use crate::disk::{Action, PathError};
use crate::format;
use crate::format::container::Piece;
use crate::format::description::Description;
use crate::photo::camera;
use crate::photo::description;
use crate::photo::description::write_into;
use crate::service::upload::{Content, Memory};

use super::content::Spliced;
use super::error::Error;
use super::md5::{Md5, hex};
use super::md5_lanes::digests;

/// Larger ones are read again from the disk while they are sent: memory stays small with panoramas, too.
const MOST_IN_MEMORY: u64 = 4 << 20;

/// One photo that is to be sent.
pub struct Item {
    pub path: PathBuf,
    pub description: Description,
}

/// What became of one photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    pub handle: String,
    pub md5: String,
    pub bytes: u64,
}

/// What was learnt of a photo before it is sent: both digests, by reading it once.
#[derive(Debug)]
pub struct Survey {
    before: Identity,
    /// Of the file as it is.
    pub original_md5: String,
    /// Of the bytes that are sent, and how many there are.
    pub md5: String,
    pub bytes: u64,
    /// Whether an app, or this program, has put a description into the file: with whatever the app knew of its user.
    pub is_described: bool,
}

impl Survey {
    /// Of some photos, in their order.
    ///
    /// # Errors
    /// One cannot be read, or can take no description.
    pub fn of(items: &[Item]) -> Result<Vec<Survey>, Error> {
        let mut known = Vec::new();
        let contents = items.iter().flat_map(|item| match pair(item) {
            Ok((before, is_described, [original, sent])) => {
                known.push((before, is_described, sent.len()));
                [Some(Ok(original)), Some(Ok(sent))]
            }
            Err(error) => [Some(Err(error)), None],
        });
        let failed =
            |at: usize, error| PathError::new(Action::Read, &items[at / 2].path, error).into();
        let digests = digests(contents.flatten(), failed)?;
        let digests = digests.chunks_exact(2).map(|pair| [hex(&pair[0]), hex(&pair[1])]);
        let known = known.into_iter().zip(digests);
        Ok(known
            .map(|((before, is_described, bytes), [original_md5, md5])| Survey {
                before,
                original_md5,
                md5,
                bytes,
                is_described,
            })
            .collect())
    }
}

/// A file, whether it has a description already, and its bytes as they are and as they are sent.
type Pair = (Identity, bool, [Box<dyn Content>; 2]);

fn pair(item: &Item) -> Result<Pair, Error> {
    let (pieces, is_described) = described(item)?;
    let (before, file) = opened(&item.path)?;
    let file = Arc::new(file);
    let whole = whole(&before);
    let original = Spliced::new(Arc::clone(&file), whole.clone());
    let sent = Spliced::new(file, pieces.unwrap_or(whole));
    Ok((before, is_described, [Box::new(original), Box::new(sent)]))
}

/// The photo with its description, where it does not have that already; and whether it has any.
fn described(item: &Item) -> Result<(Option<Vec<Piece>>, bool), Error> {
    let mut photo = camera::Photo::open(&item.path).map_err(description::Error::Photo)?;
    let edit = |error| description::Error::Edit { path: item.path.clone(), error };
    let text = photo.facts.exif.description.as_deref().unwrap_or_default();
    let is_described = format::description::read(text).is_some();
    Ok((write_into::pieces(&mut photo, &item.description).map_err(edit)?, is_described))
}

fn opened(path: &Path) -> Result<(Identity, File), Error> {
    let read = PathError::at(Action::Read, path);
    let file = open::file(path).map_err(read)?;
    let before = Identity::new(&file.metadata().map_err(read)?);
    Ok((before, file))
}

fn whole(of: &Identity) -> Vec<Piece> {
    vec![Piece::Original(0..of.len())]
}

/// A file that is to stay as it is while it is sent.
pub struct Prepared {
    path: PathBuf,
    before: Identity,
    pub content: Arc<dyn Content>,
}

impl Prepared {
    /// The photo with the description in it.
    ///
    /// # Errors
    /// It is not the one any more whose digests are known.
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
    /// It is not the one any more whose digests are known.
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
    /// The file is another one by now.
    pub fn check(&self) -> Result<(), Error> {
        let now = self.path.metadata().map(|meta| Identity::new(&meta));
        if now.is_ok_and(|now| now.has_same_bytes(&self.before)) {
            Ok(())
        } else {
            Err(Error::Changed(self.path.clone()))
        }
    }
}
