//! Makes a small JPEG of a JPEG or a WebP, for display.

mod pixels;

use std::io::Cursor;

use jpeg_encoder::{ColorType, Encoder};

pub use pixels::Pixels;
use pixels::{fit, is_on_its_side, shrunk};

use super::jpeg::{self, Undecoded};
use super::picture::Picture;
use super::source::Unread;

/// The maximum number of pixels. More would need over half a gigabyte at once; current cameras have about 75
/// million.
const MOST_PIXELS: usize = 160_000_000;
/// Good enough for small pictures; the file has about 10 KB.
const QUALITY: u8 = 85;
/// Higher, because drawings have sharp edges.
const DRAWN_QUALITY: u8 = 92;
/// An application segment number that no common format uses at the head of a file.
const SOFTWARE_SEGMENT: u8 = 9;

/// Why there is no thumbnail.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot be decoded: {0}")]
    Head(#[from] Unread),
    #[error("cannot be decoded: {0}")]
    Pixels(#[from] Undecoded),
    #[error("cannot be decoded: no size")]
    NoSize,
    #[error("cannot be decoded: no WebP that is whole")]
    NoWholeWebp,
    #[error("cannot be decoded: it ends early")]
    EndsEarly,
    #[error("has no pixels")]
    NoPixels,
    #[error("has more than {MOST_PIXELS} pixels")]
    TooLarge,
    #[error("cannot be encoded: {0}")]
    Unencoded(#[from] jpeg_encoder::EncodingError),
}

/// The picture upright, with its longer side scaled down to `side` pixels.
///
/// # Errors
/// A picture that cannot be decoded.
pub fn make(picture: &[u8], side: u16) -> Result<Vec<u8>, Error> {
    let pixels = decoded(picture)?;
    let longer = pixels.width.max(pixels.height);
    let (width, height) = fit(&pixels, longer, usize::from(side));
    encoded(&shrunk(&pixels, width, height).upright(orientation_of(picture)))
}

/// The picture upright and `width` pixels wide; `None` if it is not wider, so that it can be shown unchanged.
///
/// # Errors
/// A picture that cannot be decoded.
pub fn of_width(picture: &[u8], width: u16) -> Result<Option<Vec<u8>>, Error> {
    let orientation = orientation_of(picture);
    let across =
        |width: usize, height: usize| if is_on_its_side(orientation) { height } else { width };
    // The header shows without decoding the pixels if the picture is not wider.
    let stored = Picture::open(Cursor::new(picture)).ok().and_then(|head| head.size());
    let is_narrow = |(w, h): (u32, u32)| across(w as usize, h as usize) <= usize::from(width);
    if stored.is_some_and(is_narrow) {
        return Ok(None);
    }
    let pixels = decoded(picture)?;
    let upright_width = across(pixels.width, pixels.height);
    let (width, height) = fit(&pixels, upright_width, usize::from(width));
    encoded(&shrunk(&pixels, width, height).upright(orientation)).map(Some)
}

/// All pixels of the picture, upright, as plain RGB.
///
/// # Errors
/// A picture that cannot be decoded.
pub fn upright(picture: &[u8]) -> Result<Pixels, Error> {
    let pixels = decoded(picture)?;
    let plain = |pixel: &[u8]| [pixel[0], pixel[1], pixel[2]];
    let samples = match pixels.channels {
        3 => pixels.samples,
        channels => pixels.samples.chunks_exact(channels).flat_map(plain).collect(),
    };
    Ok(Pixels { channels: 3, samples, ..pixels }.upright(orientation_of(picture)))
}

/// A JPEG from RGB pixels, with the name of the program that made it.
///
/// # Errors
/// A side that is longer than a JPEG allows.
pub fn jpeg(pixels: &Pixels, software: &str) -> Result<Vec<u8>, Error> {
    let (Ok(width), Ok(height)) = (u16::try_from(pixels.width), u16::try_from(pixels.height))
    else {
        return Err(Error::TooLarge);
    };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, DRAWN_QUALITY);
    encoder.add_app_segment(SOFTWARE_SEGMENT, software.as_bytes())?;
    encoder.encode(&pixels.samples, width, height, ColorType::Rgb)?;
    Ok(bytes)
}

fn decoded(picture: &[u8]) -> Result<Pixels, Error> {
    if picture.starts_with(b"RIFF") { from_webp(picture) } else { from_jpeg(picture) }
}

fn encoded(pixels: &Pixels) -> Result<Vec<u8>, Error> {
    let (width, height) = (pixels.width as u16, pixels.height as u16);
    let mut small = Vec::new();
    Encoder::new(&mut small, QUALITY).encode(&pixels.samples, width, height, ColorType::Rgb)?;
    Ok(small)
}

/// The EXIF orientation, 1 to 8; 1 if there is none.
fn orientation_of(picture: &[u8]) -> u16 {
    let facts = Picture::open(Cursor::new(picture)).and_then(|mut head| head.facts());
    facts.ok().and_then(|facts| facts.exif.orientation).unwrap_or(1)
}

fn from_jpeg(picture: &[u8]) -> Result<Pixels, Error> {
    let head = jpeg::read(&mut &picture[..])?;
    let (width, height) = head.layout.size.ok_or(Error::NoSize)?;
    check(width as usize, height as usize)?;
    let jpeg::Pixels { width, height, rgb } = jpeg::preview(picture)?;
    whole(Pixels { width, height, channels: 3, samples: rgb })
}

fn from_webp(picture: &[u8]) -> Result<Pixels, Error> {
    let chunks = super::webp::read(&mut &picture[..]).map_err(|_| Error::NoWholeWebp)?;
    let size = chunks.layout.size.filter(|_| chunks.is_whole);
    let (width, height) = size.ok_or(Error::NoWholeWebp)?;
    check(width as usize, height as usize)?;
    let image = webp::Decoder::new(picture).decode().ok_or(Error::NoWholeWebp)?;
    whole(Pixels {
        width: image.width() as usize,
        height: image.height() as usize,
        channels: if image.is_alpha() { 4 } else { 3 },
        samples: image.to_vec(),
    })
}

fn check(width: usize, height: usize) -> Result<(), Error> {
    match width.saturating_mul(height) {
        0 => Err(Error::NoPixels),
        1..=MOST_PIXELS => Ok(()),
        _ => Err(Error::TooLarge),
    }
}

fn whole(pixels: Pixels) -> Result<Pixels, Error> {
    if pixels.samples.len() >= pixels.width * pixels.height * pixels.channels {
        Ok(pixels)
    } else {
        Err(Error::EndsEarly)
    }
}

#[cfg(test)]
mod tests;
