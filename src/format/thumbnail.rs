//! A JPEG or a WebP as a small JPEG, to look at.

use std::io::Cursor;
use std::ops::Range;

use jpeg_encoder::{ColorType, Encoder};

use super::jpeg;
use super::picture::Picture;

/// Larger pictures would need more than half a gigabyte at once; cameras around have some 75 million.
const MOST_PIXELS: usize = 160_000_000;
/// Small pictures bear it, and the file is some 10 KB.
const QUALITY: u8 = 85;

/// Pixels: red, green, blue, and for some an alpha that nobody shows.
struct Pixels {
    width: usize,
    height: usize,
    channels: usize,
    samples: Vec<u8>,
}

/// The picture upright, with its longer side brought down to `side` pixels.
///
/// # Errors
/// A picture that cannot be decoded.
pub fn of(picture: &[u8], side: u16) -> Result<Vec<u8>, String> {
    let pixels = decoded(picture)?;
    let longer = pixels.width.max(pixels.height);
    let (width, height) = fit(&pixels, longer, usize::from(side));
    encoded(&shrunk(&pixels, width, height).upright(orientation_of(picture)))
}

/// The picture upright and `width` pixels wide; `None` if it is not wider, and so can be shown as it is.
///
/// # Errors
/// A picture that cannot be decoded.
pub fn of_width(picture: &[u8], width: u16) -> Result<Option<Vec<u8>>, String> {
    let orientation = orientation_of(picture);
    let across =
        |width: usize, height: usize| if is_on_its_side(orientation) { height } else { width };
    // Most that are asked for are narrower by far, or no wider: the head tells, without the pixels.
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

fn decoded(picture: &[u8]) -> Result<Pixels, String> {
    if picture.starts_with(b"RIFF") { from_webp(picture) } else { from_jpeg(picture) }
}

fn encoded(pixels: &Pixels) -> Result<Vec<u8>, String> {
    let (width, height) = (pixels.width as u16, pixels.height as u16);
    let mut small = Vec::new();
    Encoder::new(&mut small, QUALITY)
        .encode(&pixels.samples, width, height, ColorType::Rgb)
        .map_err(|error| format!("cannot be encoded: {error}"))?;
    Ok(small)
}

/// The EXIF orientation, 1 to 8; 1 where nothing is said.
fn orientation_of(picture: &[u8]) -> u16 {
    let facts = Picture::open(Cursor::new(picture)).and_then(|mut head| head.facts());
    facts.ok().and_then(|facts| facts.exif.orientation).unwrap_or(1)
}

/// From 5 on, rows and columns change places.
fn is_on_its_side(orientation: u16) -> bool {
    (5..=8).contains(&orientation)
}

impl Pixels {
    /// Turned and mirrored as the EXIF orientation asks (EXIF 2.32, 4.6.4, tag 0x0112).
    fn upright(self, orientation: u16) -> Pixels {
        if !(2..=8).contains(&orientation) {
            return self;
        }
        let (w, h) = (self.width, self.height);
        let (width, height) = if is_on_its_side(orientation) { (h, w) } else { (w, h) };
        let from = |x: usize, y: usize| match orientation {
            2 => (w - 1 - x, y),
            3 => (w - 1 - x, h - 1 - y),
            4 => (x, h - 1 - y),
            5 => (y, x),
            6 => (y, h - 1 - x),
            7 => (w - 1 - y, h - 1 - x),
            _ => (w - 1 - y, x),
        };
        let mut samples = Vec::with_capacity(self.samples.len());
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let (x, y) = from(x, y);
            let at = (y * w + x) * self.channels;
            samples.extend_from_slice(&self.samples[at..at + self.channels]);
        }
        Pixels { width, height, samples, ..self }
    }
}

fn from_jpeg(picture: &[u8]) -> Result<Pixels, String> {
    let wrong = |what: &dyn std::fmt::Display| format!("cannot be decoded: {what}");
    let head = jpeg::read(&mut &picture[..]).map_err(|error| wrong(&error))?;
    let (width, height) = head.layout.size.ok_or_else(|| wrong(&"no size"))?;
    check(width as usize, height as usize)?;
    let jpeg::Pixels { width, height, rgb } =
        jpeg::preview(picture).map_err(|error| wrong(&error))?;
    whole(Pixels { width, height, channels: 3, samples: rgb })
}

fn from_webp(picture: &[u8]) -> Result<Pixels, String> {
    let wrong = || "cannot be decoded: no WebP that is whole".to_string();
    let chunks = super::webp::read(&mut &picture[..]).map_err(|_| wrong())?;
    let size = chunks.layout.size.filter(|_| chunks.is_whole);
    let (width, height) = size.ok_or_else(wrong)?;
    check(width as usize, height as usize)?;
    let image = webp::Decoder::new(picture).decode().ok_or_else(wrong)?;
    whole(Pixels {
        width: image.width() as usize,
        height: image.height() as usize,
        channels: if image.is_alpha() { 4 } else { 3 },
        samples: image.to_vec(),
    })
}

fn check(width: usize, height: usize) -> Result<(), String> {
    match width.saturating_mul(height) {
        0 => Err("has no pixels".to_string()),
        1..=MOST_PIXELS => Ok(()),
        _ => Err(format!("has more than {MOST_PIXELS} pixels")),
    }
}

fn whole(pixels: Pixels) -> Result<Pixels, String> {
    if pixels.samples.len() >= pixels.width * pixels.height * pixels.channels {
        Ok(pixels)
    } else {
        Err("cannot be decoded: it ends early".to_string())
    }
}

/// The size by which `length` pixels become `limit` at most; nothing grows, and nothing vanishes. No JPEG is longer than
/// 65,535 pixels.
fn fit(pixels: &Pixels, length: usize, limit: usize) -> (usize, usize) {
    let scaled = |side: usize| if length > limit { (side * limit / length).max(1) } else { side };
    (scaled(pixels.width).min(65_535), scaled(pixels.height).min(65_535))
}

/// Each pixel is the mean of those that it stands for.
fn shrunk(from: &Pixels, width: usize, height: usize) -> Pixels {
    let mut samples = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        let first = y * from.height / height;
        let rows = first..((y + 1) * from.height / height).max(first + 1);
        for x in 0..width {
            let start = x * from.width / width;
            let end = ((x + 1) * from.width / width).max(start + 1);
            samples.extend(mean(from, rows.clone(), start..end));
        }
    }
    Pixels { width, height, channels: 3, samples }
}

fn mean(from: &Pixels, rows: Range<usize>, columns: Range<usize>) -> [u8; 3] {
    let mut sums = [0u64; 3];
    let count = (rows.len() * columns.len()) as u64;
    for row in rows {
        let line = &from.samples[row * from.width * from.channels..];
        let line = &line[columns.start * from.channels..columns.end * from.channels];
        for pixel in line.chunks(from.channels) {
            sums.iter_mut().zip(pixel).for_each(|(sum, &sample)| *sum += u64::from(sample));
        }
    }
    sums.map(|sum| ((sum + count / 2) / count) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{jpeg, transcode};

    fn size_of(jpeg: &[u8]) -> Option<(u32, u32)> {
        jpeg::read(&mut &jpeg[..]).ok()?.layout.size
    }

    fn webp_of(jpeg: &[u8]) -> Vec<u8> {
        let how = transcode::How { quality: 80.0, method: 0, lossless: false };
        transcode::to_webp(jpeg, how, false).unwrap().webp
    }

    /// Left half red, right half blue.
    fn drawn(width: u16, height: u16) -> Vec<u8> {
        let pixel = |at: usize| {
            if at % usize::from(width) < usize::from(width) / 2 {
                [200, 10, 10]
            } else {
                [10, 10, 200]
            }
        };
        let pixels: Vec<u8> =
            (0..usize::from(width) * usize::from(height)).flat_map(pixel).collect();
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 95).encode(&pixels, width, height, ColorType::Rgb).unwrap();
        bytes
    }

    #[test]
    fn the_longer_side_is_brought_down_and_the_colours_stay() {
        for (picture, size) in
            [(drawn(640, 480), (64, 48)), (drawn(30, 300), (6, 64)), (drawn(16, 8), (16, 8))]
        {
            let small = of(&picture, 64).unwrap();
            assert_eq!(size_of(&small), Some(size));
            let pixels = from_jpeg(&small).unwrap();
            let (left, right) =
                (&pixels.samples[..3], &pixels.samples[(pixels.width - 1) * 3..][..3]);
            assert!(left[0] > 150 && left[2] < 70, "{left:?}");
            assert!(right[2] > 150 && right[0] < 70, "{right:?}");
        }
    }

    /// With an EXIF block that has the orientation alone.
    fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif =
            b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        [&jpeg[..2], &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn a_picture_that_lies_on_its_side_stands_up() {
        // The left half is red: which side of the upright picture that becomes.
        for (orientation, red_at) in [
            (1, "left"),
            (2, "right"),
            (3, "right"),
            (4, "left"),
            (5, "top"),
            (6, "top"),
            (7, "bottom"),
            (8, "bottom"),
        ] {
            let picture = turned(&drawn(640, 480), orientation);
            let small = of_width(&picture, 96).unwrap().unwrap();
            let upright = if orientation < 5 { (96, 72) } else { (96, 128) };
            assert_eq!(size_of(&small), Some(upright), "{orientation}");
            let pixels = from_jpeg(&small).unwrap();
            let is_red = |x: usize, y: usize| {
                let at = (y * pixels.width + x) * 3;
                pixels.samples[at] > 150 && pixels.samples[at + 2] < 70
            };
            let (right, bottom) = (pixels.width - 1, pixels.height - 1);
            let corners =
                [is_red(0, 0), is_red(right, 0), is_red(0, bottom), is_red(right, bottom)];
            let expected = match red_at {
                "left" => [true, false, true, false],
                "right" => [false, true, false, true],
                "top" => [true, true, false, false],
                _ => [false, false, true, true],
            };
            assert_eq!(corners, expected, "{orientation}");
            assert_eq!(of_width(&picture, 640).unwrap(), None, "it is no wider");
        }
    }

    #[test]
    fn a_webp_gives_one_too() {
        let small = of(&webp_of(&drawn(640, 480)), 64).unwrap();
        assert_eq!(size_of(&small), Some((64, 48)));
    }

    #[test]
    fn no_bytes_make_it_stumble() {
        let jpeg = drawn(40, 30);
        let webp = webp_of(&jpeg);
        let mut random = fastrand::Rng::with_seed(7);
        for good in [jpeg, webp] {
            for end in 0..good.len() {
                let _ = (of(&good[..end], 16), of_width(&good[..end], 16));
            }
            for _ in 0..1_000 {
                let mut bytes = good.clone();
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
                let _ = of(&bytes, 16);
            }
        }
        assert!(of(b"", 16).is_err() && of(b"RIFF", 16).is_err());
    }
}
