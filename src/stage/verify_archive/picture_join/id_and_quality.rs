//! The ids of pictures, and in which quality each is there.

use crate::row::{Field, Row};
use crate::value::quality::Quality;

/// The id of a picture, and its quality, if that is stated.
#[derive(Debug, Clone, Copy)]
pub struct PictureId<'a> {
    pub id: &'a str,
    pub quality: Option<Quality>,
}

impl<'a> PictureId<'a> {
    pub fn of(row: &'a Row) -> Option<PictureId<'a>> {
        let quality = row.get(Field::Quality).and_then(|quality| quality.parse().ok());
        Some(PictureId { id: row.get(Field::ImgId)?, quality })
    }
}

/// A bit for each quality, and one for none.
pub fn quality_bit(quality: Option<Quality>) -> u8 {
    quality.map_or(1, |quality| 2 << quality as u8)
}

/// Whether pictures of these qualities have one for a row of this quality. What states no quality may be any.
pub fn is_for(stated: u8, qualities: u8) -> bool {
    qualities != 0 && (stated == 1 || qualities & (stated | 1) != 0)
}
