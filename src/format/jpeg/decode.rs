//! Decodes all pixels of a JPEG with libjpeg, or returns why that is impossible.

use std::io::{BufRead, Read};

use mozjpeg_sys as ffi;

use super::libjpeg::{self, Message, Samples, Warnings};
use super::planes::Planes;
use super::{End, scan_completeness};

/// RGB pixels, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<u8>,
}

/// The pixels of a file as it stores them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    Pixels(Pixels),
    /// Not converted to RGB.
    Planes(Planes),
}

/// Why a file was not decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecoded {
    /// The file is inconsistent, or ends early.
    #[error("{0}")]
    Damaged(String),
    /// The file may be valid, but its kind is unsupported, or its pixels are doubtful.
    #[error("{0}")]
    Unread(String),
}

/// libjpeg errors for a file that may be valid, but of a kind that libjpeg does not read.
const UNREAD: [ffi::J_MESSAGE_CODE; 15] = [
    ffi::JERR_ARITH_NOTIMPL,
    ffi::JERR_BAD_MCU_SIZE,
    ffi::JERR_BAD_PRECISION,
    ffi::JERR_CCIR601_NOTIMPL,
    ffi::JERR_COMPONENT_COUNT,
    ffi::JERR_CONVERSION_NOTIMPL,
    ffi::JERR_EMPTY_IMAGE,
    ffi::JERR_FRACT_SAMPLE_NOTIMPL,
    ffi::JERR_IMAGE_TOO_BIG,
    ffi::JERR_NOTIMPL,
    ffi::JERR_NOT_COMPILED,
    ffi::JERR_OUT_OF_MEMORY,
    ffi::JERR_SOF_UNSUPPORTED,
    ffi::JERR_WIDTH_OVERFLOW,
    ffi::JWRN_ADOBE_XFORM,
];

/// Decodes a whole file. Damage that a tolerant decoder would conceal is an error.
///
/// # Errors
/// Damaged pixels, or pixels that libjpeg cannot decode reliably.
pub fn decode(bytes: &[u8]) -> Result<Pixels, Undecoded> {
    pixels(read(bytes, |jpeg| libjpeg::decode(jpeg, Warnings::End))?)
}

/// Like [`decode`], but returns the stored samples if they are 4:2:0: luma for each pixel, chroma for each two
/// by two.
///
/// # Errors
/// As for [`decode`].
pub fn decode_stored(bytes: &[u8]) -> Result<Stored, Undecoded> {
    Ok(match read(bytes, libjpeg::decode_stored)? {
        libjpeg::Stored::Samples(samples) => Stored::Pixels(pixels(samples)?),
        libjpeg::Stored::Planes(planes) => Stored::Planes(planes),
    })
}

fn pixels(decoded: Samples) -> Result<Pixels, Undecoded> {
    let Samples { width, height, channels: 3, samples: rgb } = decoded else {
        return Err(Undecoded::Unread("a WebP has no colours for print (CMYK)".to_string()));
    };
    Ok(Pixels { width, height, rgb })
}

fn read<T>(
    bytes: &[u8],
    decode: impl Fn(&mut dyn BufRead) -> Result<T, Message>,
) -> Result<T, Undecoded> {
    scan_completeness::check(bytes).map_err(|error| Undecoded::Unread(error.to_string()))?;
    match decode(&mut &bytes[..]) {
        Err(message) if message.code == ffi::JWRN_EXTRANEOUS_DATA => {
            decode(&mut without_padding(bytes)).map_err(refused)
        }
        decoded => decoded.map_err(refused),
    }
}

/// Decodes what is present, for display.
///
/// # Errors
/// If not even a part can be shown.
pub fn preview(bytes: &[u8]) -> Result<Pixels, Undecoded> {
    let Samples { width, height, channels, samples } =
        libjpeg::decode(&mut &bytes[..], Warnings::PassOver).map_err(refused)?;
    // Inverted, as Adobe stores it: 255 is no ink.
    let mixed =
        |ink: &[u8]| [0, 1, 2].map(|at| (u16::from(ink[at]) * u16::from(ink[3]) / 255) as u8);
    let rgb =
        if channels == 4 { samples.chunks_exact(4).flat_map(mixed).collect() } else { samples };
    Ok(Pixels { width, height, rgb })
}

/// The bytes without the zeros before the end marker: some cameras pad a buffer with them. Other bytes there may be
/// pixels hidden by a wrong height.
fn without_padding(bytes: &[u8]) -> impl BufRead {
    let mut end = End::default();
    end.push(bytes);
    let marker = end.end().map_or(bytes.len(), |end| end as usize).saturating_sub(2);
    let data = &bytes[..marker];
    let len = data.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    // The zero after 0xFF belongs to it (T.81, B.1.1.5).
    let len = if data[..len].ends_with(&[0xFF]) { len + 1 } else { len };
    data[..len.min(marker)].chain(&b"\xFF\xD9"[..])
}

fn refused(message: Message) -> Undecoded {
    let Message { code, text } = message;
    let said = match text.split_at_checked(2) {
        // "Corrupt JPEG data", but not "DCT" or "JPEG".
        Some((start, rest)) if !start.ends_with(char::is_uppercase) => start.to_lowercase() + rest,
        _ => text,
    };
    match code {
        ffi::JWRN_EXTRANEOUS_DATA => {
            Undecoded::Unread(format!("it has more data than pixels: {said}"))
        }
        code if UNREAD.contains(&code) => {
            Undecoded::Unread(format!("libjpeg does not read it: {said}"))
        }
        _ => Undecoded::Damaged(said),
    }
}

#[cfg(test)]
mod tests;
