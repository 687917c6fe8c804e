//! Rotates and scales pixels.

use std::ops::Range;

/// Pixels: red, green, blue, and for some an alpha that is ignored.
pub struct Pixels {
    pub width: usize,
    pub height: usize,
    pub channels: usize,
    pub samples: Vec<u8>,
}

/// From 5 on, width and height are swapped.
pub(super) fn is_on_its_side(orientation: u16) -> bool {
    (5..=8).contains(&orientation)
}

impl Pixels {
    /// Rotates and mirrors according to the EXIF orientation (EXIF 2.32, 4.6.4, tag 0x0112).
    pub(super) fn upright(self, orientation: u16) -> Pixels {
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

/// The size at which `length` pixels become at most `limit`; nothing is enlarged, and no side becomes 0. No JPEG is
/// longer than 65,535 pixels.
pub(super) fn fit(pixels: &Pixels, length: usize, limit: usize) -> (usize, usize) {
    let scaled = |side: usize| if length > limit { (side * limit / length).max(1) } else { side };
    (scaled(pixels.width).min(65_535), scaled(pixels.height).min(65_535))
}

/// Each pixel is the mean of the pixels that it replaces.
pub(super) fn shrunk(from: &Pixels, width: usize, height: usize) -> Pixels {
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
