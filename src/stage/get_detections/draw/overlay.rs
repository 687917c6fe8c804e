//! The picture with what was detected drawn on it, and a legend below.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::canvas::{Canvas, Colour, LETTER};
use super::{Drawing, Failure, put_picture};

/// Pixels of width for which letters grow by their own size.
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

/// A line for each kind: its colour, its name, how many there are. As many side by side as there is room for; a text that
/// is wider than the picture goes on below.
fn legend(kinds: &BTreeMap<&str, usize>, width: usize, scale: usize) -> Canvas {
    let entries: Vec<(Colour, Vec<char>)> = kinds
        .iter()
        .map(|(kind, count)| (colour(kind), format!("{kind} {count}").chars().collect()))
        .collect();
    let letter = LETTER * scale;
    let longest = entries.iter().map(|(_, text)| text.len()).max().unwrap_or(0);
    let cell = (longest + 4) * letter;
    let columns = (width / cell.max(1)).clamp(1, entries.len().max(1));
    // Before the text stand a blank, the colour and a blank, and behind it a blank.
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

/// The colour of a kind, the same in all pictures and runs.
fn colour(kind: &str) -> Colour {
    // FNV-1a, which is the same in every build.
    let hash = kind.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Hues all around, and of each a bright and a dark one.
    let (hue, light) = ((hash % 360) as f64 / 60.0, [1.0, 0.75][(hash / 360 % 2) as usize]);
    let ramp = |shift: f64| {
        let at = (hue + shift) % 6.0;
        (at.min(4.0 - at).clamp(0.0, 1.0) * light * 255.0) as u8
    };
    [ramp(2.0), ramp(0.0), ramp(4.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_colour_and_that_is_no_grey() {
        for kind in ["object--bench", "nature--sky", "construction--flat--road", ""] {
            let it = colour(kind);
            assert_eq!(it, colour(kind));
            let (low, high) = (it.iter().min().unwrap(), it.iter().max().unwrap());
            assert!(high - low > 150, "{kind}: {it:?}");
        }
    }

    #[test]
    fn a_legend_has_the_width_of_the_picture_and_a_line_for_what_there_is() {
        let kinds = BTreeMap::from([("object--bench", 2), ("nature--sky", 1)]);
        let of = |width| legend(&kinds, width, 1).0;
        assert_eq!((of(1000).width, of(1000).height), (1000, 3 * LETTER));
        assert_eq!(of(160).height, 5 * LETTER, "one below the other where there is no room");
        assert_eq!(of(100).height, 9 * LETTER, "and in two lines each where there is less");
        assert_eq!(legend(&BTreeMap::new(), 100, 1).0.height, LETTER);
    }

    #[test]
    fn all_of_a_long_name_stands_within_a_narrow_picture() {
        let kind = "object--traffic-sign--regulatory--maximum-speed-limit-100--g1";
        let ink = |width: usize| {
            let canvas = legend(&BTreeMap::from([(kind, 12)]), width, 1);
            canvas.0.samples.chunks(3).filter(|sample| *sample == BLACK).count()
        };
        for width in [40, 100, 320] {
            assert_eq!(ink(width), ink(1000), "{width}");
        }
    }
}
