//! S2 cells: the sphere is projected onto the six faces of a cube, each a quadtree whose cells are numbered
//! along a Hilbert curve (s2geometry.io/devguide/s2cell_hierarchy). MapillaryJS requests pictures by such
//! cells.

use std::fmt;

use super::bbox::{BBox, wrapped};
use super::geo::Position;

/// A cell of any level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct S2Cell(u64);

const MAX_LEVEL: u32 = 30;
/// The position of a quadrant along the curve, by orientation (1 swapped, 2 inverted) and quadrant (i, then
/// j).
const POSITION_OF: [[u64; 4]; 4] = [[0, 1, 3, 2], [0, 3, 1, 2], [2, 3, 1, 0], [2, 1, 3, 0]];
/// The inverse of [`POSITION_OF`].
const QUADRANT_AT: [[u64; 4]; 4] = [[0, 1, 3, 2], [0, 2, 3, 1], [3, 2, 0, 1], [3, 1, 0, 2]];
/// How the orientation changes inside a quadrant, by its position.
const TURN: [usize; 4] = [1, 0, 0, 3];

impl fmt::Display for S2Cell {
    /// Its number, as used in queries.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl S2Cell {
    /// `None` if no cell has this number.
    pub fn new(id: u64) -> Option<S2Cell> {
        let is_level = id != 0 && id.trailing_zeros().is_multiple_of(2);
        (is_level && id >> 61 < 6).then_some(S2Cell(id))
    }

    /// The smallest cell around a position, about a centimetre wide.
    pub fn leaf(place: Position) -> S2Cell {
        let (lat, lon) = (place.lat_deg().to_radians(), place.lon_deg().to_radians());
        let (face, u, v) = onto_face([lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]);
        let (i, j) = (steps(u), steps(v));
        let (mut position, mut orientation) = (0, face & 1);
        for bit in (0..MAX_LEVEL).rev() {
            let quadrant = ((i >> bit & 1) << 1 | (j >> bit & 1)) as usize;
            let next = POSITION_OF[orientation][quadrant];
            position = position << 2 | next;
            orientation ^= TURN[next as usize];
        }
        S2Cell((face as u64) << 61 | position << 1 | 1)
    }

    /// The level: 0 is a face of the cube, 30 a leaf.
    pub fn level(self) -> u32 {
        MAX_LEVEL - self.0.trailing_zeros() / 2
    }

    /// The cell at this level that contains this one.
    pub fn parent(self, level: u32) -> S2Cell {
        let lowest = 1u64 << (2 * (MAX_LEVEL - level.min(self.level())));
        S2Cell(self.0 & lowest.wrapping_neg() | lowest)
    }

    pub fn contains(self, place: Position) -> bool {
        let half = (self.0 & self.0.wrapping_neg()) - 1;
        (self.0 - half..=self.0 + half).contains(&S2Cell::leaf(place).0)
    }

    /// A box around the cell, slightly larger than needed because the cell's edges are arcs. `None` for the
    /// largest cells (below level 8), for which a box is useless.
    pub fn bounds(self) -> Option<BBox> {
        (self.level() >= 8).then(|| self.around(&self.corners()))
    }

    fn around(self, corners: &[(f64, f64)]) -> BBox {
        let range = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)))
        };
        let (south, north) = range(&mut corners.iter().map(|corner| corner.0));
        let (west, east) = range(&mut corners.iter().map(|corner| corner.1));
        // Beside the antimeridian some corners have 180 degrees, others -180: continue beyond 180.
        let unrolled = |lon: f64| if east - west > 180.0 && lon < 0.0 { lon + 360.0 } else { lon };
        let (west, east) = range(&mut corners.iter().map(|corner| unrolled(corner.1)));
        // At this level, an arc deviates from its chord by less than a hundredth of its length.
        let slack = (north - south).max(1e-9) * 0.02;
        let (south, north) = ((south - slack).max(-90.0), (north + slack).min(90.0));
        // A box around a pole covers all longitudes.
        let (west, east) = if east - west > 90.0 || north > 89.0 || south < -89.0 {
            (-180.0, 180.0)
        } else {
            (wrapped(west - slack * 2.0), wrapped(east + slack * 2.0))
        };
        BBox::new(west, south, east, north).expect("edges around corners make a box")
    }

    /// Latitude and longitude of the corners.
    fn corners(self) -> [(f64, f64); 4] {
        let face = (self.0 >> 61) as usize;
        let (mut i, mut j, mut orientation) = (0u64, 0u64, face & 1);
        for step in 0..self.level() {
            let next = self.0 >> (59 - 2 * step) & 3;
            let quadrant = QUADRANT_AT[orientation][next as usize];
            (i, j) = (i << 1 | quadrant >> 1, j << 1 | quadrant & 1);
            orientation ^= TURN[next as usize];
        }
        let side = (1u64 << self.level()) as f64;
        [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(di, dj)| {
            let [x, y, z] =
                off_face(face, across((i + di) as f64 / side), across((j + dj) as f64 / side));
            (z.atan2(x.hypot(y)).to_degrees(), y.atan2(x).to_degrees())
        })
    }
}

/// The face of the cube that a direction hits, and the position on it.
fn onto_face([x, y, z]: [f64; 3]) -> (usize, f64, f64) {
    let [ax, ay, az] = [x.abs(), y.abs(), z.abs()];
    if ax > ay && ax > az {
        if x > 0.0 { (0, y / x, z / x) } else { (3, z / x, y / x) }
    } else if ay > az {
        if y > 0.0 { (1, -x / y, z / y) } else { (4, z / y, -x / y) }
    } else if z > 0.0 {
        (2, -x / z, -y / z)
    } else {
        (5, -y / z, -x / z)
    }
}

fn off_face(face: usize, u: f64, v: f64) -> [f64; 3] {
    match face {
        0 => [1.0, u, v],
        1 => [-u, 1.0, v],
        2 => [-u, -v, 1.0],
        3 => [-1.0, -v, -u],
        4 => [v, -1.0, -u],
        _ => [v, u, -1.0],
    }
}

/// The quadratic projection of S2, which makes cells of a level similar in size, as steps along an edge.
fn steps(u: f64) -> u64 {
    let s =
        if u >= 0.0 { 0.5 * (1.0 + 3.0 * u).sqrt() } else { 1.0 - 0.5 * (1.0 - 3.0 * u).sqrt() };
    let side = (1u64 << MAX_LEVEL) as f64;
    (s * side).floor().clamp(0.0, side - 1.0) as u64
}

/// The inverse of the projection.
fn across(s: f64) -> f64 {
    if s >= 0.5 { (4.0 * s * s - 1.0) / 3.0 } else { (1.0 - 4.0 * (1.0 - s) * (1.0 - s)) / 3.0 }
}

#[cfg(test)]
mod tests;
