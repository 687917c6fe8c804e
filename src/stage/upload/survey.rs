//! Reads each photo once before the upload: the digests, and whether it has a description.

use std::sync::Arc;

use super::error::Error;
use super::md5::{Md5, hex};
use super::md5_lanes::digests;
use super::outgoing_photo::{Item, described, opened, whole};
use super::spliced_content::Spliced;
use crate::disk::locked_file::Identity;
use crate::disk::{Action, PathError};
use crate::service::upload::Content;
use crate::threads::{Work, ordered};

/// The facts on a photo before it is sent: both digests, from reading it once.
#[derive(Debug)]
pub struct Survey {
    pub(super) before: Identity,
    /// Of the file on disk.
    pub original_md5: String,
    /// Of the bytes to send, and their number.
    pub md5: String,
    pub bytes: u64,
    /// Whether an app, or this program, has put a description into the file: with whatever the app knew of its user.
    pub is_described: bool,
}

impl Survey {
    /// The facts on some photos, in order.
    ///
    /// # Errors
    /// If a photo cannot be read, or cannot hold a description.
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

/// Number of photos whose digests are computed together: enough to use all lanes, few enough to use all threads.
const SURVEYED_AT_ONCE: usize = 32;

/// Surveys all photos.
pub fn of_all(items: &[Item], work: &Work) -> Result<Vec<Survey>, Error> {
    let parts = items.chunks(SURVEYED_AT_ONCE);
    let surveys = ordered::each(work, parts, Survey::of, || Error::Interrupted)?;
    Ok(surveys.into_iter().flatten().collect())
}

/// The digest of a sequence, from its files on disk, in order.
pub fn digest(known: &[Survey]) -> String {
    Md5::of_sequence(known.iter().map(|survey| survey.original_md5.as_str()))
}
