//! Detects the quality of a picture whose name does not state it, from the note of its folder and from its size in
//! pixels, which wins if the two disagree.
//!
//! The service reduces a picture to the width that its quality names, and never enlarges one.

use std::io::{Read, Seek};

use crate::format::picture::Picture;
use crate::row::{Field, Row};
use crate::value::quality::Quality;

/// What is known of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureState {
    Wanted,
    /// The picture has a different quality.
    Other,
    /// Nothing proves the quality; the size of the upload might.
    Unproven,
}

/// Width and height.
pub type Size = (u32, u32);

/// Judges by the size of the stored pixels, the size of the upload, and the quality noted for the folder.
pub fn judge(
    wanted: Quality,
    pixels: Option<Size>,
    upload: Option<Size>,
    noted: Option<Quality>,
) -> PictureState {
    let by_note = match noted {
        Some(noted) if noted == wanted => PictureState::Wanted,
        Some(_) => PictureState::Other,
        None => PictureState::Unproven,
    };
    let Some(pixels) = pixels else { return by_note };
    // A picture that the service rotated has the sides of its upload swapped.
    let is_full = upload.is_some_and(|(w, h)| pixels == (w, h) || pixels == (h, w));
    let is_reduced = reductions().any(|(_, width)| is_of_width(pixels, width));
    match (width(wanted), upload) {
        (None, Some(_)) if is_full => PictureState::Wanted,
        (None, Some(_)) if is_reduced => PictureState::Other,
        (None, None) if pixels.0 > MOST_REDUCED => PictureState::Wanted,
        // Old cameras took pictures of these sizes, too.
        (None, None) if is_reduced && noted.is_none_or(|noted| noted == wanted) => {
            PictureState::Unproven
        }
        (None, _) => by_note,
        (Some(width), _) if is_of_width(pixels, width) => PictureState::Wanted,
        (Some(width), _) if is_full && longer(pixels) < width => PictureState::Wanted,
        (Some(width), _) if longer(pixels) > width || is_full => PictureState::Other,
        (Some(_), _) if is_reduced => PictureState::Other,
        (Some(_), _) => by_note,
    }
}

/// The width of the largest reduced picture.
const MOST_REDUCED: u32 = 2048;

fn reductions() -> impl Iterator<Item = (Quality, u32)> {
    Quality::ALL.into_iter().filter_map(|quality| Some((quality, width(quality)?)))
}

fn width(quality: Quality) -> Option<u32> {
    match quality {
        Quality::W256 => Some(256),
        Quality::W1024 => Some(1024),
        Quality::W2048 => Some(MOST_REDUCED),
        Quality::Original => None,
    }
}

/// Whether the picture has this width, or this height if it is tall: it is not ruled out that tall pictures are
/// reduced to this height.
fn is_of_width(pixels: Size, width: u32) -> bool {
    pixels.0 == width || longer(pixels) == width
}

fn longer(pixels: Size) -> u32 {
    pixels.0.max(pixels.1)
}

/// The size of a picture's stored pixels, if its header has it.
pub fn pixels(file: impl Read + Seek) -> Option<Size> {
    Picture::open(file).ok()?.size()
}

/// The size of the upload, if the row has it.
pub fn upload(row: &Row) -> Option<Size> {
    let side = |field| row.integer(field).ok().flatten().and_then(|side| u32::try_from(side).ok());
    Some((side(Field::Width)?, side(Field::Height)?)).filter(|&(w, h)| w > 0 && h > 0)
}

#[cfg(test)]
mod tests;
