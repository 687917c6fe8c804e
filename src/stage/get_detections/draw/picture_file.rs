//! The file of a picture to draw on: its name, size and pixels.

use std::io::{self, Read, Seek};

use super::Draw;
use super::output_file::Failure;
use crate::archive::locate::Found;
use crate::disk::open;
use crate::format::picture::Picture;
use crate::format::source::Unread;
use crate::format::thumbnail::{self, Pixels};
use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::stage::get_detections::detection;

/// Larger masks would need more than half a gigabyte of memory.
const MOST_PIXELS: usize = 160_000_000;

impl Draw {
    /// The pixels of the picture.
    pub(super) fn pixels(&self, row: &Row) -> Result<Pixels, Failure> {
        let found = self.locator.find(row).map_err(|error| Failure::Picture(error.to_string()))?;
        let unread = |error: io::Error| Failure::Picture(error.to_string());
        let bytes = match found {
            Some(Found::File(path)) => open::read(path).map_err(unread)?,
            Some(Found::Packed(packed)) => {
                let mut bytes = Vec::new();
                let read = packed.open().and_then(|mut part| part.read_to_end(&mut bytes));
                read.map_err(unread)?;
                bytes
            }
            None => {
                let what = "its file is not there: download it, --overlay and --crop draw on it";
                return Err(Failure::Picture(what.to_string()));
            }
        };
        thumbnail::upright(&bytes).map_err(|error| Failure::Picture(error.to_string()))
    }

    /// The name and the upright size of the picture's file, since polygons refer to the upright picture; without a file,
    /// the size reported by the service.
    pub(super) fn file(&self, row: &Row) -> Result<(Option<String>, (usize, usize)), RowError> {
        let found = match self.locator.find(row)? {
            Some(Found::File(path)) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Some((name, upright_size(open::file(&path)?)?))
            }
            Some(Found::Packed(packed)) => {
                let name = packed.member.rsplit('/').next().unwrap_or_default().to_string();
                Some((name, upright_size(packed.open()?)?))
            }
            None if row.get(Field::Path).is_some() => {
                return Err(
                    "its file is not there: download it, or leave out the column path".into()
                );
            }
            None => None,
        };
        let (name, size) = found.unzip();
        let size = size.flatten();
        let told = detection::size(row)?.map(|(width, height)| (width as usize, height as usize));
        let size = size.or(told).filter(|&(width, height)| width > 0 && height > 0);
        let size =
            size.ok_or("it has no path, no width and no height: how large it is, is not known")?;
        if size.0.saturating_mul(size.1) <= MOST_PIXELS {
            Ok((name, size))
        } else {
            Err(format!("it has more than {MOST_PIXELS} pixels").into())
        }
    }
}

/// Width and height of a picture as it is shown.
fn upright_size(from: impl Read + Seek) -> Result<Option<(usize, usize)>, Unread> {
    let facts = Picture::open(from)?.facts()?;
    let is_on_its_side = facts.exif.orientation.is_some_and(|turn| (5..=8).contains(&turn));
    Ok(facts
        .size
        .map(|(width, height)| (width as usize, height as usize))
        .map(|(width, height)| if is_on_its_side { (height, width) } else { (width, height) }))
}

#[cfg(test)]
mod tests;
