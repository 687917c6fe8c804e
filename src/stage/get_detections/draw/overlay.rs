//! The picture with its detections drawn on it, and a legend below.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Drawing;
use super::canvas::{Canvas, Colour, LETTER};
use super::output_file::{Failure, put_picture};

/// The letters grow by their own size for each multiple of this width, in pixels.
const SCALE: usize = 640;
const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];

pub struct Overlay {
    folder: PathBuf,
}

impl Overlay {
    pub fn new(folder: PathBuf) -> Overlay {
        Overlay { folder }
    }

    /// `canvas` is the picture.
    pub fn write(&self, drawing: &Drawing, mut canvas: Canvas) -> Result<(), Failure> {
        let scale = (canvas.0.width / SCALE).max(1);
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for found in &drawing.found {
            if let Some(area) = &found.area {
                canvas.area(area, colour(&found.value), 2 * scale);
                *kinds.entry(&found.value).or_default() += 1;
            }
        }
        canvas.append(&legend(&kinds, canvas.0.width, scale));
        put_picture(&self.folder.join(format!("{}.jpg", drawing.id)), &canvas.0)
    }
}

/// An entry for each class: its colour, name and count. There are as many entries side by side as fit; a text that is
/// wider than the picture continues on the next line.
fn legend(kinds: &BTreeMap<&str, usize>, width: usize, scale: usize) -> Canvas {
    let entries: Vec<(Colour, Vec<char>)> = kinds
        .iter()
        .map(|(kind, count)| (colour(kind), format!("{kind} {count}").chars().collect()))
        .collect();
    let letter = LETTER * scale;
    let longest = entries.iter().map(|(_, text)| text.len()).max().unwrap_or(0);
    let cell = (longest + 4) * letter;
    let columns = (width / cell.max(1)).clamp(1, entries.len().max(1));
    // The text is preceded by a blank, the colour and a blank, and followed by a blank.
    let room = (width / letter).saturating_sub(4).max(1);
    let lines = longest.div_ceil(room).max(1);
    let height = (entries.len().div_ceil(columns) * lines * 2 + 1) * letter;
    let mut legend = Canvas::blank(width, height, WHITE);
    for (at, (colour, text)) in entries.iter().enumerate() {
        let (left, top) = ((at % columns) * cell + letter, (at / columns * lines * 2 + 1) * letter);
        legend.fill(left as i64, top as i64, letter, letter, *colour);
        for (line, part) in text.chunks(room).enumerate() {
            let (left, top) = (left + 2 * letter, top + line * 2 * letter);
            legend.text(left, top, scale, &part.iter().collect::<String>(), BLACK);
        }
    }
    legend
}

/// The colour of a class, the same in all pictures and runs.
fn colour(kind: &str) -> Colour {
    // FNV-1a, which is the same in every build.
    let hash = kind.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Hues from the whole circle, each in a bright and a dark version.
    let (hue, light) = ((hash % 360) as f64 / 60.0, [1.0, 0.75][(hash / 360 % 2) as usize]);
    let ramp = |shift: f64| {
        let at = (hue + shift) % 6.0;
        (at.min(4.0 - at).clamp(0.0, 1.0) * light * 255.0) as u8
    };
    [ramp(2.0), ramp(0.0), ramp(4.0)]
}

#[cfg(test)]
mod tests;
