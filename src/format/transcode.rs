//! A JPEG as a WebP of the same stored pixels, with its EXIF, XMP and colour profile.

use std::fmt;
use std::ops::Range;

use webp::{Encoder, WebPConfig};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::webp::{Metadata, with_metadata};
use super::{jpeg, source::Source};

/// No side of a WebP is longer (RFC 9649, section 2.7: 14 bits).
pub const MAX_SIDE: u32 = 16_383;

/// How a picture is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct How {
    /// 0 to 100; of a lossless picture, the effort.
    pub quality: f32,
    /// 0 fast to 6 small.
    pub method: u8,
    pub lossless: bool,
}

/// Why there is no WebP.
#[derive(Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The JPEG is damaged.
    Damaged(String),
    /// The JPEG is sound, and a WebP would not hold all of it.
    Held(String),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Unfit::Damaged(what) | Unfit::Held(what)) = self;
        f.write_str(what)
    }
}

/// Makes the WebP.
///
/// # Errors
/// A JPEG that is damaged, or more than a WebP holds.
pub fn to_webp(bytes: &[u8], how: How) -> Result<Vec<u8>, Unfit> {
    let damaged = |what: &dyn fmt::Display| Unfit::Damaged(format!("cannot be decoded: {what}"));
    check_end(bytes)?;
    // What a tolerant decoder paints over is not to replace an original.
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| damaged(&error))?;
    let (width, height) = decoder
        .info()
        .map(|info| (u32::from(info.width), u32::from(info.height)))
        .ok_or_else(|| damaged(&"no size"))?;
    if width.max(height) > MAX_SIDE {
        return Err(Unfit::Held(format!("a WebP has at most {MAX_SIDE} pixels a side")));
    }
    let pixels = decoder.decode().map_err(|error| damaged(&error))?;
    let metadata = metadata(bytes, decoder.icc_profile())?;
    let config = config(how).ok_or_else(|| damaged(&"no setting of the encoder"))?;
    let encoded = Encoder::from_rgb(&pixels, width, height)
        .encode_advanced(&config)
        .map_err(|error| Unfit::Held(format!("cannot be encoded: {error:?}")))?;
    drop(pixels);
    with_metadata(&encoded, &metadata).map_err(|error| Unfit::Held(error.to_string()))
}

/// The size that a WebP's header tells, if it is whole.
pub fn size_of_webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let chunks = super::webp::read(&mut &bytes[..]).ok()?;
    chunks.layout.size.filter(|_| chunks.is_whole)
}

/// The size that a JPEG's header tells.
pub fn size_of_jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    jpeg::read(&mut &bytes[..]).ok()?.layout.size
}

/// A JPEG has its end, and nothing behind it that would be lost.
fn check_end(bytes: &[u8]) -> Result<(), Unfit> {
    let mut end = jpeg::End::default();
    end.push(bytes);
    let Some(end) = end.end() else {
        return Err(Unfit::Damaged("the JPEG has no end".to_string()));
    };
    let tail = &bytes[end as usize..];
    match tail.iter().all(|&byte| byte == 0) {
        true => Ok(()),
        false => Err(Unfit::Held(format!(
            "{} bytes stand behind the picture, which a WebP would lose",
            tail.len()
        ))),
    }
}

fn metadata(bytes: &[u8], icc: Option<Vec<u8>>) -> Result<Metadata, Unfit> {
    let damaged = |error: &dyn fmt::Display| Unfit::Damaged(error.to_string());
    let head = jpeg::read(&mut &bytes[..]).map_err(|error| damaged(&error))?;
    let part = |range: Option<Range<u64>>| -> Result<Option<Vec<u8>>, Unfit> {
        let Some(range) = range else { return Ok(None) };
        let len = (range.end - range.start) as usize;
        let found =
            (&mut &bytes[..]).at(range.start, len).map_err(|error| damaged(&error))?.to_vec();
        match found.len() == len {
            true => Ok(Some(found)),
            false => Err(Unfit::Damaged("metadata is cut short".to_string())),
        }
    };
    Ok(Metadata { icc, exif: part(head.layout.exif)?, xmp: part(head.layout.xmp)? })
}

fn config(how: How) -> Option<WebPConfig> {
    let mut config = WebPConfig::new().ok()?;
    config.quality = how.quality;
    config.method = i32::from(how.method);
    config.lossless = i32::from(how.lossless);
    Some(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOW: How = How { quality: 80.0, method: 0, lossless: false };

    fn drawn() -> Vec<u8> {
        let pixels: Vec<u8> = (0..64 * 48).flat_map(|at| [(at % 64) as u8 * 4, 90, 40]).collect();
        let mut bytes = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
        encoder.encode(&pixels, 64, 48, jpeg_encoder::ColorType::Rgb).unwrap();
        bytes
    }

    #[test]
    fn the_pixels_stay_alike_and_the_size_the_same() {
        let jpeg = drawn();
        let webp = to_webp(&jpeg, HOW).unwrap();
        assert_eq!(size_of_webp(&webp), Some((64, 48)));
        assert_eq!(size_of_jpeg(&jpeg), Some((64, 48)));
        let mut decoder = JpegDecoder::new(ZCursor::new(&jpeg[..]));
        let before = decoder.decode().unwrap();
        let after = webp::Decoder::new(&webp).decode().unwrap();
        let far = before.iter().zip(after.iter()).filter(|(a, b)| a.abs_diff(**b) > 24).count();
        assert!(far < before.len() / 100, "{far} of {} values are far off", before.len());
    }

    #[test]
    fn lossless_is_exactly_what_was_decoded() {
        let jpeg = drawn();
        let webp = to_webp(&jpeg, How { lossless: true, ..HOW }).unwrap();
        let before = JpegDecoder::new(ZCursor::new(&jpeg[..])).decode().unwrap();
        assert!(before[..] == webp::Decoder::new(&webp).decode().unwrap()[..]);
    }

    #[test]
    fn a_damaged_jpeg_and_one_with_more_behind_it_give_none() {
        let jpeg = drawn();
        for end in [0, 10, 300, jpeg.len() - 2] {
            assert!(matches!(to_webp(&jpeg[..end], HOW), Err(Unfit::Damaged(_))), "cut at {end}");
        }
        let behind = [&jpeg[..], b"video"].concat();
        assert!(matches!(to_webp(&behind, HOW), Err(Unfit::Held(_))));
        assert!(to_webp(&[&jpeg[..], &[0; 16]].concat(), HOW).is_ok());
    }
}
