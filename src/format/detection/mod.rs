//! The area of a detection: from the vector tile that the service has, which is the picture as one
//! tile, y downward; from and to JSON. What was detected is not looked at here.

mod json;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Malformed;
use super::mvt::{self, GeometryType, LayerWriter};
use crate::value::multi_polygon::{MultiPolygon, Ring};
use crate::value::shown::quoted;

pub use json::{Units, read_json, write_box, write_json};

/// Each ring is compared with each other; the most that was seen are some dozens.
const MOST_RINGS: usize = 2_000;

/// With its padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a text is not the area of a detection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("{} is not a polygon", quoted(.0))]
    NotAPolygon(String),
    #[error("{} is not base64", quoted(.0))]
    NotBase64(String),
    #[error("no vector tile: {0}")]
    Tile(#[from] Malformed),
    #[error("{0} rings, and {MOST_RINGS} is the limit")]
    TooManyRings(usize),
    #[error("no polygon in its vector tile")]
    NoPolygon,
}

/// The area of a detection's `geometry`.
///
/// # Errors
/// What is not base64, no tile, or has no polygon in it.
pub fn read_geometry(text: &str) -> Result<MultiPolygon, Error> {
    let plain: String = text.split_whitespace().collect();
    let tile = BASE64.decode(plain).map_err(|_| Error::NotBase64(text.to_string()))?;
    read_tile(&tile)
}

/// The same of the tile itself.
///
/// # Errors
/// What is no tile, or has no polygon in it.
pub fn read_tile(tile: &[u8]) -> Result<MultiPolygon, Error> {
    let layers = mvt::read(tile)?;
    let (mut rings, mut is_wound) = (Vec::new(), true);
    for layer in &layers {
        // The first version of the specification leaves the direction of rings open.
        is_wound &= layer.version() >= 2;
        let extent = f64::from(layer.extent());
        let scaled = |&(x, y): &(i32, i32)| [f64::from(x) / extent, f64::from(y) / extent];
        let polygons = layer.features().filter(|feature| feature.kind() == GeometryType::Polygons);
        for part in polygons.flat_map(|feature| feature.parts()) {
            rings.push(part.iter().map(scaled).collect::<Ring>());
        }
    }
    if rings.len() > MOST_RINGS {
        return Err(Error::TooManyRings(rings.len()));
    }
    let area = MultiPolygon::from_rings(rings, is_wound);
    if area.is_empty() { Err(Error::NoPolygon) } else { Ok(area) }
}

/// How the service divides a picture.
const EXTENT: u32 = 4096;

/// The area as the service would give it, to whole units of a tile.
pub fn write_geometry(area: &MultiPolygon) -> String {
    let unit = |part: f64| (part * f64::from(EXTENT)).round() as i32;
    let ring = |(at, ring): (usize, &Ring)| -> Vec<(i32, i32)> {
        let mut ring: Vec<_> = ring.iter().map(|&[x, y]| (unit(x), unit(y))).collect();
        // Section 4.3.3.3 of the specification: outer rings go round clockwise (y downward), holes
        // the other way.
        if is_clockwise(&ring) != (at == 0) {
            ring.reverse();
        }
        ring
    };
    let polygons = area.polygons().iter();
    let rings: Vec<_> = polygons.flat_map(|rings| rings.iter().enumerate().map(ring)).collect();
    let rings: Vec<&[(i32, i32)]> = rings.iter().map(Vec::as_slice).collect();
    let mut layer = LayerWriter::new("mpy-or", EXTENT);
    layer.feature(Some(1), GeometryType::Polygons, &rings, &[]);
    BASE64.encode(mvt::write([layer]))
}

fn is_clockwise(ring: &[(i32, i32)]) -> bool {
    let next = ring.iter().cycle().skip(1);
    let turns = ring.iter().zip(next).map(|(&(x, y), &(to_x, to_y))| {
        i64::from(x) * i64::from(to_y) - i64::from(to_x) * i64::from(y)
    });
    turns.sum::<i64>() > 0
}

#[cfg(test)]
mod tests {
    use super::super::mvt::{LayerWriter, Value, write};
    use super::*;

    fn tile(extent: u32, rings: &[&[(i32, i32)]]) -> Vec<u8> {
        let mut layer = LayerWriter::new("mpy-or", extent);
        layer.feature(Some(1), GeometryType::Polygons, rings, &[("type", Value::Text("polygon"))]);
        write([layer])
    }

    #[test]
    fn a_tile_is_the_picture_with_y_downward() {
        let rings: &[(i32, i32)] = &[(1024, 2048), (2048, 2048), (2048, 3072), (1024, 3072)];
        let area = read_tile(&tile(4096, &[rings])).unwrap();
        assert_eq!(
            write_json(&area, None),
            "[[[[0.25,0.5],[0.5,0.5],[0.5,0.75],[0.25,0.75],[0.25,0.5]]]]"
        );
        assert_eq!(area.area(), 0.0625);
        // Another extent is no other picture.
        let half: Vec<_> = rings.iter().map(|&(x, y)| (x / 8, y / 8)).collect();
        assert_eq!(read_tile(&tile(512, &[&half])), Ok(area));
    }

    #[test]
    fn several_polygons_with_holes_come_out_as_such() {
        let outer = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)];
        let hole = [(250, 250), (250, 750), (750, 750), (750, 250)];
        let other = [(2000, 2000), (3000, 2000), (3000, 3000)];
        let area = read_tile(&tile(4000, &[&outer, &hole, &other])).unwrap();
        assert_eq!(area.polygons().iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        let wanted = (1000.0 * 1000.0 - 500.0 * 500.0 + 1000.0 * 1000.0 / 2.0) / 16e6;
        assert!((area.area() - wanted).abs() < 1e-12);
    }

    #[test]
    fn a_written_area_reads_as_it_was_and_is_wound_as_the_specification_wants() {
        let square = |from: f64, to: f64| vec![[from, from], [to, from], [to, to], [from, to]];
        let outer: Ring = square(0.25, 0.75).into_iter().rev().collect();
        let area =
            MultiPolygon::new(vec![vec![outer, square(0.375, 0.5)], vec![square(0.0, 0.125)]]);
        let tile = BASE64.decode(write_geometry(&area)).unwrap();
        let again = read_tile(&tile).unwrap();
        assert_eq!(again.polygons().iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!((again.area(), again.bounds()), (area.area(), area.bounds()));
        let layers = mvt::read(&tile).unwrap();
        let rings: Vec<bool> = layers[0]
            .features()
            .flat_map(|it| it.parts().map(is_clockwise).collect::<Vec<_>>())
            .collect();
        assert_eq!(rings, [true, false, true]);
    }

    #[test]
    fn what_is_no_polygon_says_why() {
        let mut points = LayerWriter::new("mpy-or", 4096);
        points.feature(None, GeometryType::Points, &[&[(1, 1)]], &[]);
        let line: &[(i32, i32)] = &[(0, 0), (9, 9)];
        for bytes in [write([points]), tile(4096, &[line]), Vec::new()] {
            assert_eq!(read_tile(&bytes), Err(Error::NoPolygon));
        }
        assert_eq!(read_geometry("no*base64"), Err(Error::NotBase64("no*base64".into())));
        assert!(read_geometry("aGVsbG8").unwrap_err().to_string().starts_with("no vector tile: "));
        let many = vec![line; MOST_RINGS + 1];
        assert!(read_tile(&tile(4096, &many)).unwrap_err().to_string().contains("is the limit"));
    }

    #[test]
    fn any_text_and_any_bytes_do_no_harm() {
        let ring = [(-50, 9), (5000, 40), (4000, 4100), (17, 3000)];
        let good = tile(4096, &[&ring, &[(100, 100), (100, 200), (200, 200)]]);
        for end in 0..good.len() {
            let _ = read_tile(&good[..end]);
        }
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let mut bytes = good.clone();
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
            if let Ok(area) = read_tile(&bytes) {
                assert!((0.0..=1.0 + 1e-9).contains(&(area.area() / area.polygons().len() as f64)));
                area.spans(7, 5, |row, start, end| assert!(row < 5 && start < end && end <= 7));
            }
        }
    }
}
