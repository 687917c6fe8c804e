//! The samples of a JPEG as stored: luma for each pixel, and both chromas for each two by two pixels (4:2:0),
//! as in nearly all cameras and services. Colours are not converted, and nothing is upsampled.

use std::io::{self, BufRead};

use mozjpeg::decompress::DecompressStarted;
use mozjpeg::{ColorSpace, CompInfo, CompInfoExt, Decompress};

/// Full-range luma and chroma, by BT.601 (JFIF 1.02, "Color space").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planes {
    /// The width of the picture, in pixels.
    pub width: usize,
    pub height: usize,
    pub luma: Plane,
    /// Blue, then red: half the width and height, rounded up.
    pub chroma: [Plane; 2],
}

/// The samples of one component, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plane {
    /// Distance from the start of one row to the next; past the width of the picture it holds the padding of the last
    /// block.
    pub stride: usize,
    pub samples: Vec<u8>,
}

/// Whether the file is 4:2:0: luma for each pixel, and chroma for each two by two.
pub fn are_in<R>(decoder: &Decompress<R>) -> bool {
    let sampling = |component: &CompInfo| (component.h_samp_factor, component.v_samp_factor);
    let factors: Vec<(i32, i32)> = decoder.components().iter().map(sampling).collect();
    decoder.color_space() == ColorSpace::JCS_YCbCr && factors == [(2, 2), (1, 1), (1, 1)]
}

/// Reads the planes of a file that has them.
///
/// # Errors
/// If libjpeg cannot start decoding.
pub fn read<R: BufRead>(decoder: Decompress<R>) -> io::Result<Planes> {
    let mut started = decoder.raw()?;
    let (width, height) = (started.width(), started.height());
    let rows = [height, height.div_ceil(2), height.div_ceil(2)];
    let [mut luma, mut blue, mut red] = [0, 1, 2].map(|at| room(&started, at, rows[at]));
    started.read_raw_data(&mut [&mut luma.samples, &mut blue.samples, &mut red.samples]);
    started.finish()?;
    // libjpeg leaves rows of the last blocks unchanged past the end of the picture.
    for (plane, rows) in [&mut luma, &mut blue, &mut red].into_iter().zip(rows) {
        plane.samples.truncate(plane.stride * rows);
    }
    Ok(Planes { width, height, luma, chroma: [blue, red] })
}

/// Allocates a plane for all rows of blocks; luma comes two block rows at a time.
fn room<R>(started: &DecompressStarted<R>, component: usize, rows: usize) -> Plane {
    let stride = started.components()[component].row_stride();
    Plane { stride, samples: Vec::with_capacity(stride * rows.next_multiple_of(16)) }
}
