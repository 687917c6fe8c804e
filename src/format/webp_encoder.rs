//! libwebp's encoder: encodes pixels, or the planes of a JPEG as stored, as a WebP without metadata.
//!
//! The `webp` crate takes pixels only. The code that passes pointers to libwebp is unsafe.

use std::{mem, slice};

use libwebp_sys as ffi;

use super::jpeg::{Pixels, Plane, Planes};

/// Why libwebp did not encode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0:?}")]
pub struct Unencoded(ffi::WebPEncodingError);

/// A size that no WebP can have, or that does not match the samples.
const WRONG_SIZE: Unencoded = Unencoded(ffi::WebPEncodingError::VP8_ENC_ERROR_BAD_DIMENSION);

/// libwebp's memory for a picture, freed on drop.
struct Picture(ffi::WebPPicture);

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: this frees only what libwebp has allocated itself.
        unsafe { ffi::WebPPictureFree(&mut self.0) }
    }
}

/// Encodes pixels.
///
/// # Errors
/// More than a WebP can hold, or not enough memory.
pub fn encode_pixels(pixels: &Pixels, config: &ffi::WebPConfig) -> Result<Vec<u8>, Unencoded> {
    let mut picture = picture(pixels.width, pixels.height)?;
    // A lossy picture needs planes: compute them here, without another copy of the pixels.
    picture.0.use_argb = config.lossless;
    let stride = 3 * picture.0.width;
    if pixels.rgb.len() < 3 * pixels.width * pixels.height {
        return Err(WRONG_SIZE);
    }
    // SAFETY: the rows are present and have that length.
    if unsafe { ffi::WebPPictureImportRGB(&mut picture.0, pixels.rgb.as_ptr(), stride) } == 0 {
        return Err(Unencoded(picture.0.error_code));
    }
    encode(picture, config)
}

/// Encodes planes, lossy. A WebP has the same colour space (BT.601) and sample positions, in a narrower range.
///
/// # Errors
/// More than a WebP can hold, or not enough memory.
pub fn encode_planes(mut planes: Planes, config: &ffi::WebPConfig) -> Result<Vec<u8>, Unencoded> {
    let (width, height) = (planes.width, planes.height);
    let half = (width.div_ceil(2), height.div_ceil(2));
    let mut picture = picture(width, height)?;
    let [blue, red] = &mut planes.chroma;
    // libwebp takes one stride for both.
    if blue.stride != red.stride {
        return Err(WRONG_SIZE);
    }
    (picture.0.y, picture.0.y_stride) = plane(&mut planes.luma, (width, height), luma)?;
    (picture.0.u, picture.0.uv_stride) = plane(blue, half, chroma)?;
    (picture.0.v, _) = plane(red, half, chroma)?;
    encode(picture, config)
}

fn picture(width: usize, height: usize) -> Result<Picture, Unencoded> {
    let mut picture = Picture(ffi::WebPPicture::new().map_err(|()| WRONG_SIZE)?);
    picture.0.width = i32::try_from(width).map_err(|_| WRONG_SIZE)?;
    picture.0.height = i32::try_from(height).map_err(|_| WRONG_SIZE)?;
    Ok(picture)
}

/// A plane in the range of a WebP, as libwebp takes it: its start pointer and its stride.
fn plane(
    plane: &mut Plane,
    (width, height): (usize, usize),
    to: fn(u8) -> u8,
) -> Result<(*mut u8, i32), Unencoded> {
    let Plane { stride, samples } = plane;
    let len = i32::try_from(*stride).map_err(|_| WRONG_SIZE)?;
    if width > *stride || samples.len() < *stride * height {
        return Err(WRONG_SIZE);
    }
    let table: [u8; 256] = std::array::from_fn(|value| to(value as u8));
    samples.iter_mut().for_each(|sample| *sample = table[usize::from(*sample)]);
    Ok((samples.as_mut_ptr(), len))
}

/// 16 to 235, as the decoder expects (libwebp, src/dsp/yuv.h).
fn luma(value: u8) -> u8 {
    (16.0 + f64::from(value) * 219.0 / 255.0).round() as u8
}

/// 16 to 240 around 128.
fn chroma(value: u8) -> u8 {
    (128.0 + (f64::from(value) - 128.0) * 224.0 / 255.0).round() as u8
}

fn encode(mut picture: Picture, config: &ffi::WebPConfig) -> Result<Vec<u8>, Unencoded> {
    // SAFETY: the writer is made by libwebp and lives as long as the encoder runs; its content is copied, then freed.
    unsafe {
        let mut writer: ffi::WebPMemoryWriter = mem::zeroed();
        ffi::WebPMemoryWriterInit(&mut writer);
        picture.0.writer = Some(ffi::WebPMemoryWrite);
        picture.0.custom_ptr = (&raw mut writer).cast();
        let is_made = ffi::WebPEncode(config, &mut picture.0) != 0;
        let made = if is_made && !writer.mem.is_null() {
            Ok(slice::from_raw_parts(writer.mem, writer.size).to_vec())
        } else {
            Err(Unencoded(picture.0.error_code))
        };
        ffi::WebPMemoryWriterClear(&mut writer);
        made
    }
}

#[cfg(test)]
mod tests {
    use webp::WebPConfig;

    use super::*;

    fn plane_of(stride: usize, rows: usize, value: u8) -> Plane {
        Plane { stride, samples: vec![value; stride * rows] }
    }

    #[test]
    fn the_whole_range_of_a_jpeg_is_that_of_a_webp() {
        assert_eq!([0, 255].map(luma), [16, 235]);
        assert_eq!([0, 128, 255].map(chroma), [16, 128, 240]);
    }

    #[test]
    fn planes_of_any_size_show_their_colour() {
        let config = WebPConfig { quality: 100.0, ..WebPConfig::new().unwrap() };
        for (width, height) in [(1, 1), (2, 3), (17, 33), (100, 60)] {
            // The padding at the end of each row has another colour, which must not be visible.
            let mut luma = plane_of(width + 7, height, 255);
            for row in luma.samples.chunks_exact_mut(width + 7) {
                row[..width].fill(120);
            }
            let chroma = [90, 200].map(|value| plane_of(width, height.div_ceil(2), value));
            let made = encode_planes(Planes { width, height, luma, chroma }, &config).unwrap();
            let shown = webp::Decoder::new(&made).decode().unwrap();
            assert_eq!((shown.width() as usize, shown.height() as usize), (width, height));
            let wanted =
                [120.0 + 1.402 * 72.0, 120.0 + 0.344 * 38.0 - 0.714 * 72.0, 120.0 - 1.772 * 38.0];
            for (value, wanted) in shown.iter().zip(wanted.iter().cycle()) {
                assert!((f64::from(*value) - wanted).abs() < 4.0, "{value}, not {wanted}");
            }
        }
    }

    #[test]
    fn what_is_less_than_the_size_says_is_refused() {
        let config = WebPConfig::new().unwrap();
        let pixels = Pixels { width: 4, height: 4, rgb: vec![0; 47] };
        assert_eq!(encode_pixels(&pixels, &config), Err(WRONG_SIZE));
        let whole = || Planes {
            width: 8,
            height: 8,
            luma: plane_of(8, 8, 0),
            chroma: [plane_of(4, 4, 0), plane_of(4, 4, 0)],
        };
        assert!(encode_planes(whole(), &config).is_ok());
        let short = Planes { luma: plane_of(8, 7, 0), ..whole() };
        let narrow = Planes { chroma: [plane_of(3, 8, 0), plane_of(3, 8, 0)], ..whole() };
        let uneven = Planes { chroma: [plane_of(4, 4, 0), plane_of(5, 4, 0)], ..whole() };
        for wrong in [short, narrow, uneven, Planes { width: 20_000, ..whole() }] {
            assert_eq!(encode_planes(wrong, &config), Err(WRONG_SIZE));
        }
    }
}
