//! The format of a picture file.

use crate::format::{exif, heif, png};

/// The formats, detected from their first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    Jpeg,
    WebP,
    Png,
    Heif,
    /// TIFF, and RAW files with the same structure.
    Tiff,
}

impl PictureFormat {
    /// Detects the format from the first 12 bytes of a file.
    pub fn detect(start: &[u8]) -> Option<PictureFormat> {
        match start {
            [0xFF, 0xD8, 0xFF, ..] => Some(PictureFormat::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
                Some(PictureFormat::WebP)
            }
            _ if start.starts_with(png::SIGNATURE) => Some(PictureFormat::Png),
            _ if heif::is_heif(start) => Some(PictureFormat::Heif),
            _ => exif::tree::header(start).map(|_| PictureFormat::Tiff),
        }
    }

    /// Whether metadata can be written into files of this format; the others need a sidecar.
    pub fn is_written(self) -> bool {
        matches!(self, PictureFormat::Jpeg | PictureFormat::WebP)
    }
}
