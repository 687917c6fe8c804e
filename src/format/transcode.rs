//! Converts a JPEG to a WebP of the same stored pixels, with its EXIF, XMP and colour profile.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use webp::WebPConfig;

use super::jpeg::{self, Extras, Stored, Undecoded};
use super::webp::{Metadata, with_metadata};
use super::webp_encoder::{encode_pixels, encode_planes};

/// The longest side of a WebP (RFC 9649, section 2.7: 14 bits).
pub const MAX_SIDE: u32 = 16_383;

/// The encoding settings of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct How {
    /// 0 to 100; for lossless pictures, the effort.
    pub quality: f32,
    /// 0 (fast) to 6 (small).
    pub method: u8,
    pub lossless: bool,
}

impl How {
    /// Whether pictures with both settings have the same fidelity to their originals.
    pub fn is_as_good_as(self, other: How) -> bool {
        self.lossless == other.lossless && (self.lossless || self.quality == other.quality)
    }

    /// The settings as flags.
    pub fn words(self) -> String {
        if self.lossless { "lossless".to_string() } else { format!("quality {}", self.quality) }
    }
}

/// For notes: `lossy 80 4`.
impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.lossless { "lossless" } else { "lossy" };
        write!(f, "{kind} {} {}", self.quality, self.method)
    }
}

impl FromStr for How {
    type Err = ();

    fn from_str(text: &str) -> Result<How, ()> {
        let fields: Vec<&str> = text.split(' ').collect();
        let &[kind @ ("lossy" | "lossless"), quality, method] = fields.as_slice() else {
            return Err(());
        };
        let quality = quality.parse().map_err(|_| ())?;
        let method = method.parse().map_err(|_| ())?;
        Ok(How { quality, method, lossless: kind == "lossless" })
    }
}

/// A WebP, and what it lacks of its JPEG.
#[derive(Debug)]
pub struct Transcoded {
    pub webp: Vec<u8>,
    pub dropped: Extras,
}

/// Why no WebP was made.
#[derive(Debug, PartialEq, Eq)]
pub enum TranscodeError {
    /// The JPEG is damaged.
    Damaged(String),
    /// The JPEG is valid, but a WebP cannot hold all of it.
    Held(String),
}

impl fmt::Display for TranscodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (TranscodeError::Damaged(what) | TranscodeError::Held(what)) = self;
        f.write_str(what)
    }
}

/// Makes the WebP. `drop_extras` allows omitting what a WebP cannot hold.
///
/// # Errors
/// A damaged JPEG, or more data than a WebP can hold.
pub fn to_webp(bytes: &[u8], how: How, drop_extras: bool) -> Result<Transcoded, TranscodeError> {
    if !jpeg::is_whole(bytes) {
        return Err(TranscodeError::Damaged("the JPEG has no end".to_string()));
    }
    let head = jpeg::read(&mut &bytes[..]).map_err(|error| damaged(&error))?;
    let (icc, dropped) = split(bytes, &head);
    if !drop_extras && !dropped.data.is_empty() {
        return Err(TranscodeError::Held(format!(
            "a WebP cannot hold {}",
            dropped.data.join(", ")
        )));
    }
    check_size(&head)?;
    let stored = stored(bytes, how)?;
    let metadata = metadata(bytes, head, icc)?;
    let config = config(how).ok_or_else(|| damaged(&"no setting of the encoder"))?;
    let encoded = match stored {
        Stored::Pixels(pixels) => encode_pixels(&pixels, &config),
        Stored::Planes(planes) => encode_planes(planes, &config),
    }
    .map_err(|error| TranscodeError::Held(format!("cannot be encoded: {error}")))?;
    let webp = with_metadata(&encoded, &metadata)
        .map_err(|error| TranscodeError::Held(error.to_string()))?;
    Ok(Transcoded { webp, dropped })
}

/// The stored samples. A lossy WebP has planes, like nearly all JPEG files; a lossless one has RGB only.
fn stored(bytes: &[u8], how: How) -> Result<Stored, TranscodeError> {
    let stored = if how.lossless {
        jpeg::decode(bytes).map(Stored::Pixels)
    } else {
        jpeg::decode_stored(bytes)
    };
    stored.map_err(|error| match error {
        Undecoded::Damaged(_) => damaged(&error),
        Undecoded::Unread(what) => TranscodeError::Held(what),
    })
}

fn check_size(head: &jpeg::Head) -> Result<(), TranscodeError> {
    match head.layout.size {
        Some((width, height)) if width.max(height) > MAX_SIDE => {
            Err(TranscodeError::Held(format!("a WebP has at most {MAX_SIDE} pixels a side")))
        }
        _ => Ok(()),
    }
}

/// The names of the parts of a JPEG that its WebP cannot hold.
pub fn left_out(bytes: &[u8]) -> Vec<String> {
    jpeg::read(&mut &bytes[..]).map_or_else(|_| Vec::new(), |head| split(bytes, &head).1.data)
}

/// The colour profile, if it is for the stored RGB (ICC.1:2022, 7.2.6); and what a WebP cannot hold.
fn split(bytes: &[u8], head: &jpeg::Head) -> (Option<Vec<u8>>, Extras) {
    let mut extras = Extras::find(bytes, head);
    let icc = match jpeg::profile(bytes, head) {
        Ok(None) => None,
        Ok(Some(icc)) if icc.get(16..20) == Some(b"RGB ") => Some(icc),
        Ok(Some(icc)) => {
            extras.data.push(format!("colour profile not of RGB ({} bytes)", icc.len()));
            None
        }
        Err(_) => {
            extras.data.push("colour profile that is not whole".to_string());
            None
        }
    };
    (icc, extras)
}

fn damaged(what: &dyn fmt::Display) -> TranscodeError {
    TranscodeError::Damaged(format!("cannot be decoded: {what}"))
}

fn metadata(
    bytes: &[u8],
    head: jpeg::Head,
    icc: Option<Vec<u8>>,
) -> Result<Metadata, TranscodeError> {
    let part = |range: Option<Range<u64>>| -> Result<Option<Vec<u8>>, TranscodeError> {
        let Some(range) = range else { return Ok(None) };
        let found = bytes.get(range.start as usize..range.end as usize);
        let cut = || TranscodeError::Damaged("metadata is incomplete".to_string());
        found.map(<[u8]>::to_vec).ok_or_else(cut).map(Some)
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
mod tests;
