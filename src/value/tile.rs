//! Tiles of the web map: which tile contains a position, and which tiles an area touches.
//!
//! The map is the spherical Mercator projection cut into 2^z by 2^z squares, x eastward from the antimeridian,
//! y southward from 85.05 degrees north (XYZ, not TMS).

use std::{borrow::Borrow, f64::consts::PI, fmt, str::FromStr};

use super::{
    Error, Expected,
    area::{Area, BBox, Overlap},
    geo::Position,
};

/// The maximum zoom: its tiles are 4 cm wide, and x, y and all counts still fit their integers.
pub const MAX_ZOOM: u8 = 30;

/// One tile of the map. Tiles are ordered by zoom, then column, then row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    z: u8,
    x: u32,
    y: u32,
}

impl Tile {
    pub const WORLD: Tile = Tile { z: 0, x: 0, y: 0 };

    /// `None` if there is no such tile.
    pub fn new(z: u8, x: u32, y: u32) -> Option<Tile> {
        (z <= MAX_ZOOM && x < 1 << z && y < 1 << z).then_some(Tile { z, x, y })
    }

    /// The tile that contains a position. Positions beyond the northern or southern edge of the map are in the
    /// outermost row. A zoom above the maximum is treated as the maximum.
    pub fn at(place: Position, z: u8) -> Tile {
        let z = z.min(MAX_ZOOM);
        let last = ((1u32 << z) - 1) as f64;
        let (x, y) = project(place, (1u64 << z) as f64);
        Tile { z, x: x.floor().clamp(0.0, last) as u32, y: y.floor().clamp(0.0, last) as u32 }
    }

    pub fn z(self) -> u8 {
        self.z
    }

    pub fn x(self) -> u32 {
        self.x
    }

    pub fn y(self) -> u32 {
        self.y
    }

    pub fn bounds(self) -> BBox {
        let side = (1u64 << self.z) as f64;
        let west = self.x as f64 / side * 360.0 - 180.0;
        let east = (self.x + 1) as f64 / side * 360.0 - 180.0;
        let north = latitude_deg(self.y as f64 / side);
        let south = latitude_deg((self.y + 1) as f64 / side);
        BBox::new(west, south, east, north).expect("the edges of a tile lie on the earth")
    }

    /// `None` for the tile that is the whole world.
    pub fn parent(self) -> Option<Tile> {
        (self.z > 0).then(|| Tile { z: self.z - 1, x: self.x / 2, y: self.y / 2 })
    }

    /// The four tiles of the next zoom inside this one; none at the maximum zoom.
    pub fn children(self) -> impl DoubleEndedIterator<Item = Tile> {
        let deeper =
            [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter().filter(move |_| self.z < MAX_ZOOM);
        deeper.map(move |(x, y)| Tile { z: self.z + 1, x: 2 * self.x + x, y: 2 * self.y + y })
    }

    /// The position of a point in the tile's own coordinates: `extent` units a side, y downward. A point of the
    /// buffer around the tile has coordinates below 0 or beyond `extent`. `None` if the point is outside the
    /// map, or if `extent` is 0.
    pub fn position(self, x: i32, y: i32, extent: u32) -> Option<Position> {
        let side = (1u64 << self.z) as f64;
        let across = (self.x as f64 + x as f64 / extent as f64) / side;
        let down = (self.y as f64 + y as f64 / extent as f64) / side;
        let on_map = (0.0..=1.0).contains(&down) && across.is_finite();
        let lon = || across.rem_euclid(1.0) * 360.0 - 180.0;
        on_map.then(|| Position::new(lon(), latitude_deg(down)).ok())?
    }

    /// A position in the tile's own coordinates, rounded down, as in coverage tiles of the service: inside
    /// the tile they are 0 to `extent` - 1.
    pub fn local(self, place: Position, extent: u32) -> (i32, i32) {
        let (x, y) = project(place, (1u64 << self.z) as f64);
        let units = |at: f64, from: u32| ((at - from as f64) * extent as f64).floor() as i32;
        (units(x, self.x), units(y, self.y))
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.z, self.x, self.y)
    }
}

impl FromStr for Tile {
    type Err = Error;

    /// Reads `z/x/y`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut numbers = text.split('/').map(|part| part.parse::<u32>().ok());
        let parts = [numbers.next(), numbers.next(), numbers.next(), numbers.next()];
        let tile = match parts {
            [Some(Some(z)), Some(Some(x)), Some(Some(y)), None] => {
                u8::try_from(z).ok().and_then(|z| Tile::new(z, x, y))
            }
            _ => None,
        };
        tile.ok_or_else(|| Expected::Tile.not(text))
    }
}

/// The tiles of zoom `z` that an area touches, each once, with neighbours near each other. Only a few tiles per
/// zoom are held in memory, for any total number.
pub fn covering<A: Borrow<Area>>(area: A, z: u8) -> impl Iterator<Item = Tile> + use<A> {
    let z = z.min(MAX_ZOOM);
    let mut open = vec![(Tile::WORLD, Overlap::Partly)];
    std::iter::from_fn(move || {
        while let Some((tile, known)) = open.pop() {
            let cover =
                if known == Overlap::Whole { known } else { area.borrow().cover(&tile.bounds()) };
            match cover {
                Overlap::Outside => {}
                _ if tile.z == z => return Some(tile),
                _ => open.extend(tile.children().rev().map(|child| (child, cover))),
            }
        }
        None
    })
}

/// The number of tiles that `covering` returns. Tiles entirely inside the area are not visited one by one, so
/// the cost for a country is that of its border.
pub fn count_covering(area: &Area, z: u8) -> u64 {
    let z = z.min(MAX_ZOOM);
    let mut open = vec![Tile::WORLD];
    let mut count = 0u64;
    while let Some(tile) = open.pop() {
        match area.cover(&tile.bounds()) {
            Overlap::Outside => {}
            Overlap::Whole => count += 1 << (2 * (z - tile.z)),
            Overlap::Partly if tile.z == z => count += 1,
            Overlap::Partly => open.extend(tile.children()),
        }
    }
    count
}

/// Spherical Mercator (EPSG 3857) with the whole map `side` units wide, from its north-west corner.
fn project(place: Position, side: f64) -> (f64, f64) {
    let x = (place.lon_deg() + 180.0) / 360.0;
    let y = (1.0 - place.lat_deg().to_radians().tan().asinh() / PI) / 2.0;
    (x * side, y * side)
}

/// The latitude at `down` (0 to 1) of the map's height from its northern edge.
fn latitude_deg(down: f64) -> f64 {
    (PI * (1.0 - 2.0 * down)).sinh().atan().to_degrees()
}

#[cfg(test)]
mod tests;
