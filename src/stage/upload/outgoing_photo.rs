//! A photo to upload: the file on disk, and the version that is sent, with the description in EXIF.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::error::Error;
use crate::disk::locked_file::Identity;
use crate::disk::open;
use crate::disk::{Action, PathError};
use crate::format;
use crate::format::description::Description;
use crate::format::metadata_container::Piece;
use crate::photo::camera;
use crate::photo::description;
use crate::photo::description::write_into;

/// A photo to upload.
pub struct Item {
    pub path: PathBuf,
    pub description: Description,
}

/// The result for one photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    pub handle: String,
    pub md5: String,
    pub bytes: u64,
}

/// The photo with its description, unless it has that already; and whether it has any description.
pub fn described(item: &Item) -> Result<(Option<Vec<Piece>>, bool), Error> {
    let mut photo = camera::Photo::open(&item.path).map_err(description::Error::Photo)?;
    let edit = |error| description::Error::Edit { path: item.path.clone(), error };
    let text = photo.facts.exif.description.as_deref().unwrap_or_default();
    let is_described = format::description::read(text).is_some();
    Ok((write_into::pieces(&mut photo, &item.description).map_err(edit)?, is_described))
}

pub fn opened(path: &Path) -> Result<(Identity, File), Error> {
    let read = PathError::at(Action::Read, path);
    let file = open::file(path).map_err(read)?;
    let before = Identity::new(&file.metadata().map_err(read)?);
    Ok((before, file))
}

pub fn whole(of: &Identity) -> Vec<Piece> {
    vec![Piece::Original(0..of.len())]
}
