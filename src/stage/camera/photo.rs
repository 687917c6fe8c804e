//! A photo that was opened: what its head says, and the sidecar of one that cannot be written.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use crate::disk::locate::Packed;
use crate::disk::place::Part;
use crate::format::picture::{Facts, Picture};
use crate::format::source::Unread;
use crate::format::xmp::{self, Packet};

use super::Camera;

/// A picture, its facts, and the bytes of its sidecar if it has one.
pub struct Photo<R> {
    pub picture: Picture<R>,
    pub facts: Facts,
    pub sidecar: Option<Vec<u8>>,
}

impl Photo<File> {
    /// # Errors
    /// Names the file, when it cannot be read or is no picture.
    pub fn open(path: &Path) -> Result<Photo<File>, String> {
        Photo::of(open(path)?, || sidecar(path))
            .map_err(|error| format!("cannot read '{}': {error}", path.display()))
    }
}

impl<R: Read + Seek> Photo<R> {
    fn of(file: R, sidecar: impl FnOnce() -> Option<Vec<u8>>) -> Result<Photo<R>, Unread> {
        let mut picture = Picture::open(file)?;
        let facts = picture.facts()?;
        let sidecar = if picture.kind.is_written() { None } else { sidecar() };
        Ok(Photo { picture, facts, sidecar })
    }

    /// What the sidecar says.
    pub fn packet(&self) -> Option<Packet> {
        self.sidecar.as_deref().map(xmp::read)
    }

    fn camera(&self) -> Camera {
        Camera::of(&self.facts, self.packet().as_ref())
    }
}

/// What a picture says of itself.
///
/// # Errors
/// Names the file, when it cannot be read or is no picture.
pub fn read(path: &Path) -> Result<Camera, String> {
    Photo::open(path).map(|photo| photo.camera())
}

/// The same of one in a tar.
///
/// # Errors
/// Names the tar and the member.
pub fn read_packed(packed: &Packed) -> Result<Camera, String> {
    let part = Part::new(open(&packed.archive)?, packed.offset, packed.bytes);
    let photo = Photo::of(part, || None).map_err(|error| {
        let archive = packed.archive.display();
        format!("cannot read '{}' in '{archive}': {error}", packed.member)
    })?;
    Ok(photo.camera())
}

/// # Errors
/// Names the file.
pub fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| format!("cannot open '{}': {error}", path.display()))
}

/// The names that a sidecar may have: that of the photo without its ending, and with it.
pub fn sidecar_names(path: &Path) -> [PathBuf; 2] {
    let mut appended = path.as_os_str().to_os_string();
    appended.push(".xmp");
    [path.with_extension("xmp"), appended.into()]
}

/// The bytes of a photo's sidecar, if it has one.
fn sidecar(path: &Path) -> Option<Vec<u8>> {
    sidecar_names(path).iter().find_map(|name| fs::read(name).ok())
}
