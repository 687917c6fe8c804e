//! The pixels of a picture, to draw on and to crop.

use font8x8::legacy::BASIC_LEGACY;

use crate::format::thumbnail::Pixels;
use crate::value::multi_polygon::MultiPolygon;

/// Red, green, blue.
pub type Colour = [u8; 3];

/// The share of the picture that shows through an area drawn over it, in 256ths.
const THROUGH: u32 = 150;
/// The side of a letter of the font, in pixels.
pub const LETTER: usize = 8;

/// Pixels to draw on.
pub struct Canvas(pub Pixels);

impl Canvas {
    pub fn blank(width: usize, height: usize, colour: Colour) -> Canvas {
        Canvas(Pixels { width, height, channels: 3, samples: colour.repeat(width * height) })
    }

    /// Fills an area transparently, and draws its edge.
    pub fn area(&mut self, area: &MultiPolygon, colour: Colour, edge: usize) {
        let (width, height) = (self.0.width, self.0.height);
        area.spans(width, height, |row, start, end| {
            let line = &mut self.0.samples[(row * width + start) * 3..(row * width + end) * 3];
            line.chunks_exact_mut(3).for_each(|pixel| blend(pixel, colour));
        });
        for ring in area.polygons().iter().flatten() {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).for_each(|(from, to)| self.line(*from, *to, colour, edge));
        }
    }

    /// A line between two points with coordinates from 0 to 1.
    fn line(&mut self, from: [f64; 2], to: [f64; 2], colour: Colour, thick: usize) {
        let scale = |[x, y]: [f64; 2]| [x * self.0.width as f64, y * self.0.height as f64];
        let ([x, y], [to_x, to_y]) = (scale(from), scale(to));
        let steps = (to_x - x).abs().max((to_y - y).abs()).ceil().max(1.0);
        for step in 0..=steps as usize {
            let part = step as f64 / steps;
            let at = |from: f64, to: f64| from + (to - from) * part - thick as f64 / 2.0;
            self.fill(at(x, to_x).round() as i64, at(y, to_y).round() as i64, thick, thick, colour);
        }
    }

    /// A rectangle, clipped to the picture.
    pub fn fill(&mut self, left: i64, top: i64, width: usize, height: usize, colour: Colour) {
        let inside = |at: i64, most: usize| at.clamp(0, most as i64) as usize;
        let (from_x, to_x) =
            (inside(left, self.0.width), inside(left + width as i64, self.0.width));
        let (from_y, to_y) =
            (inside(top, self.0.height), inside(top + height as i64, self.0.height));
        for y in from_y..to_y {
            let line =
                &mut self.0.samples[(y * self.0.width + from_x) * 3..(y * self.0.width + to_x) * 3];
            line.chunks_exact_mut(3).for_each(|pixel| pixel.copy_from_slice(&colour));
        }
    }

    /// Text in letters of 8 pixels times `scale`; characters that the font lacks become question marks.
    pub fn text(&mut self, left: usize, top: usize, scale: usize, text: &str, colour: Colour) {
        for (at, letter) in text.chars().enumerate() {
            let known = BASIC_LEGACY.get(letter as usize).unwrap_or(&BASIC_LEGACY['?' as usize]);
            for (y, bits) in known.iter().enumerate() {
                for x in (0..LETTER).filter(|x| bits >> x & 1 == 1) {
                    let (x, y) = (left + (at * LETTER + x) * scale, top + y * scale);
                    self.fill(x as i64, y as i64, scale, scale, colour);
                }
            }
        }
    }

    /// Adds another picture of the same width below this one.
    pub fn append(&mut self, below: &Canvas) {
        self.0.samples.extend_from_slice(&below.0.samples);
        self.0.height += below.0.height;
    }

    /// A part of the picture.
    pub fn cut(&self, left: usize, top: usize, width: usize, height: usize) -> Canvas {
        let line = |y: usize| &self.0.samples[(y * self.0.width + left) * 3..][..width * 3];
        let samples = (top..top + height).flat_map(line).copied().collect();
        Canvas(Pixels { width, height, channels: 3, samples })
    }
}

fn blend(pixel: &mut [u8], colour: Colour) {
    for (sample, own) in pixel.iter_mut().zip(colour) {
        let mixed = u32::from(*sample) * THROUGH + u32::from(own) * (256 - THROUGH);
        *sample = (mixed / 256) as u8;
    }
}

#[cfg(test)]
mod tests;
