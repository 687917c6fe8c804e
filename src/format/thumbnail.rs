//! A JPEG or a WebP as a small JPEG, to look at.

use jpeg_encoder::{ColorType, Encoder};

use super::jpeg;

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

/// The picture with its longer side brought down to `side` pixels.
///
/// # Errors
/// A picture that cannot be decoded.
pub fn of(picture: &[u8], side: u16) -> Result<Vec<u8>, String> {
    let pixels = match picture.starts_with(b"RIFF") {
        true => from_webp(picture)?,
        false => from_jpeg(picture)?,
    };
    let (width, height) = fit(&pixels, usize::from(side));
    let samples = shrunk(&pixels, width, height);
    let mut small = Vec::new();
    Encoder::new(&mut small, QUALITY)
        .encode(&samples, width as u16, height as u16, ColorType::Rgb)
        .map_err(|error| format!("cannot be encoded: {error}"))?;
    Ok(small)
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
    match pixels.samples.len() >= pixels.width * pixels.height * pixels.channels {
        true => Ok(pixels),
        false => Err("cannot be decoded: it ends early".to_string()),
    }
}

/// The size within a square of this side; nothing grows, and nothing vanishes.
fn fit(pixels: &Pixels, side: usize) -> (usize, usize) {
    let longer = pixels.width.max(pixels.height);
    let scaled = |length: usize| match longer > side {
        true => (length * side / longer).max(1),
        false => length,
    };
    (scaled(pixels.width), scaled(pixels.height))
}

/// Each pixel is the mean of those that it stands for.
fn shrunk(from: &Pixels, width: usize, height: usize) -> Vec<u8> {
    let mut samples = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        let rows = y * from.height / height
            ..((y + 1) * from.height / height).max(y * from.height / height + 1);
        for x in 0..width {
            let start = x * from.width / width;
            let end = ((x + 1) * from.width / width).max(start + 1);
            let mut sums = [0u64; 3];
            for row in rows.clone() {
                let line = &from.samples[row * from.width * from.channels..];
                for pixel in line[start * from.channels..end * from.channels].chunks(from.channels)
                {
                    sums.iter_mut().zip(pixel).for_each(|(sum, &sample)| *sum += u64::from(sample));
                }
            }
            let count = (rows.len() * (end - start)) as u64;
            samples.extend(sums.map(|sum| ((sum + count / 2) / count) as u8));
        }
    }
    samples
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
        let pixel = |at: usize| match at % usize::from(width) < usize::from(width) / 2 {
            true => [200, 10, 10],
            false => [10, 10, 200],
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
                let _ = of(&good[..end], 16);
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
