//! An opened photo: the metadata in its header, and its sidecar.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use crate::archive::locate::{Found, Locator, Packed};
use crate::disk::locked_file::LockedFile;
use crate::disk::open;
use crate::disk::positioned_io::Part;
use crate::disk::sidecar::{self, Beside};
use crate::disk::{Action, AtPath, PathError};
use crate::format::picture::{Picture, PictureFacts};
use crate::format::source::Unread;
use crate::format::xmp::{self, Packet};
use crate::row::Row;

use crate::shape::RowError;
use crate::value::height_validity::Heights;

use super::{Camera, merge};

/// A picture, its metadata, and its sidecar.
pub struct Photo<R> {
    pub picture: Picture<R>,
    pub facts: PictureFacts,
    pub beside: Beside,
}

impl Photo<File> {
    /// # Errors
    /// Names the file if it cannot be read or is not a picture.
    pub fn open(path: &Path) -> Result<Photo<File>, RowError> {
        let mut photo = Photo::new(open(path)?)
            .map_err(|error| format!("cannot read '{}': {error}", path.display()))?;
        photo.beside = sidecar::beside(path);
        Ok(photo)
    }
}

impl Photo<Part> {
    /// The same for a locked file, read through its own handle; `path` is the name that the user gave it.
    ///
    /// # Errors
    /// Names the file if it cannot be read or is not a picture.
    pub fn of_held(held: &LockedFile, path: &Path) -> Result<Photo<Part>, RowError> {
        let wrong = |error: Unread| format!("cannot read '{}': {error}", path.display());
        let bytes = held.bytes().map_err(|error| wrong(error.into()))?;
        let mut photo = Photo::new(bytes).map_err(wrong)?;
        photo.beside = sidecar::beside(path);
        Ok(photo)
    }
}

impl<R: Read + Seek> Photo<R> {
    /// A photo without a name, so without files beside it.
    pub fn new(file: R) -> Result<Photo<R>, Unread> {
        let mut picture = Picture::open(file)?;
        let facts = picture.facts()?;
        Ok(Photo { picture, facts, beside: Beside::default() })
    }

    /// The XMP of the sidecar.
    pub fn packet(&self) -> Option<Packet> {
        self.beside.sidecar.as_ref().map(|sidecar| xmp::read(&sidecar.bytes))
    }

    fn camera(&self, heights: Heights) -> Camera {
        let mut camera = match &self.beside.sidecar {
            Some(sidecar) => {
                let is_first = !self.picture.kind.is_written();
                merge::join(&self.facts, sidecar, is_first, heights)
            }
            None => Camera::from_facts(&self.facts, None, heights),
        };
        camera.why = merge::sentence([camera.why.take(), self.beside.why.clone()]);
        camera
    }
}

/// Reads the metadata of a picture.
///
/// # Errors
/// Names the file if it cannot be read or is not a picture.
pub fn read(path: &Path, heights: Heights) -> Result<Camera, RowError> {
    Photo::open(path).map(|photo| photo.camera(heights))
}

/// The same for a member of a tar.
///
/// # Errors
/// Names the tar and the member.
pub fn read_packed(packed: &Packed, heights: Heights) -> Result<Camera, RowError> {
    let part = packed.open().at_path(Action::Open, &packed.archive)?;
    let photo = Photo::new(part).map_err(|error| {
        let archive = packed.archive.display();
        format!("cannot read '{}' in '{archive}': {error}", packed.member)
    })?;
    Ok(photo.camera(heights))
}

/// Finds the picture of a row and reads its metadata, once more if another process has moved it meanwhile.
///
/// # Errors
/// It is nowhere, or cannot be read.
pub fn read_where_it_is(
    locator: &Locator,
    row: &Row,
    heights: Heights,
) -> Result<(Found, Camera), RowError> {
    let read = |found: &Found| match found {
        Found::File(path) => read(path, heights),
        Found::Packed(packed) => read_packed(packed, heights),
    };
    let found = locator.find_or_say(row)?;
    match read(&found) {
        Err(_) if found.has_moved() => {
            let found = locator.find_or_say(row)?;
            read(&found).map(|camera| (found, camera))
        }
        camera => camera.map(|camera| (found, camera)),
    }
}

/// # Errors
/// Names the file.
pub fn open(path: &Path) -> Result<File, PathError> {
    open::file(path).at_path(Action::Open, path)
}
