//! Boxes between meridians and parallels, which may cross the antimeridian.

mod text;

use std::fmt;

use geo::{Coord, Intersects, Rect};

use super::geo::{EARTH_RADIUS_M, Position};

/// A tenth of a millimetre along a meridian.
const MARGIN_DEG: f64 = 1e-9;

/// A box between two meridians and two parallels. It crosses the antimeridian when west is greater
/// than east. All four edges belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BBox {
    pub(super) west_deg: f64,
    pub(super) south_deg: f64,
    pub(super) east_deg: f64,
    pub(super) north_deg: f64,
}

/// Why four numbers are not a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoBox(String);

impl fmt::Display for NoBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoBox {}

impl BBox {
    /// A box from its edges in degrees, in the order of GeoJSON and of the service.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, NoBox> {
        for (west_or_east, south_or_north) in [(west, south), (east, north)] {
            Position::new(west_or_east, south_or_north)
                .map_err(|why| NoBox(format!("{why}{}", swap_hint([west, south, east, north]))))?;
        }
        if south > north {
            return Err(NoBox(format!("south {south} is greater than north {north}")));
        }
        let it = BBox { west_deg: west, south_deg: south, east_deg: east, north_deg: north };
        if it.crosses_antimeridian() && it.width_deg() > 180.0 {
            return Err(NoBox(format!(
                "west {west} is greater than east {east}, so it would go around most of the earth; did you mean \
                 '{east},{south},{west},{north}'?"
            )));
        }
        Ok(it)
    }

    /// The smallest box around a circle, but for a rounding margin of a tenth of a millimetre. Around a pole it spans all
    /// longitudes. (J. P. Matuschek, Finding Points Within a Distance of a Latitude/Longitude, section 3.)
    pub fn around(center: Position, radius_m: f64) -> Self {
        let radius_rad = radius_m / EARTH_RADIUS_M;
        let height_deg = radius_rad.to_degrees() + MARGIN_DEG;
        let (south, north) = (center.lat_deg() - height_deg, center.lat_deg() + height_deg);
        let half_width = radius_rad.sin() / center.lat_deg().to_radians().cos();
        let (west_deg, east_deg) = if south <= -90.0 || north >= 90.0 || half_width >= 1.0 {
            (-180.0, 180.0)
        } else {
            let width_deg = half_width.asin().to_degrees() * (1.0 + MARGIN_DEG) + MARGIN_DEG;
            (wrapped(center.lon_deg() - width_deg), wrapped(center.lon_deg() + width_deg))
        };
        BBox { west_deg, south_deg: south.max(-90.0), east_deg, north_deg: north.min(90.0) }
    }

    pub fn west_deg(&self) -> f64 {
        self.west_deg
    }

    pub fn south_deg(&self) -> f64 {
        self.south_deg
    }

    pub fn east_deg(&self) -> f64 {
        self.east_deg
    }

    pub fn north_deg(&self) -> f64 {
        self.north_deg
    }

    pub fn crosses_antimeridian(&self) -> bool {
        self.west_deg > self.east_deg
    }

    /// The width from west to east.
    pub fn width_deg(&self) -> f64 {
        let width = self.east_deg - self.west_deg;
        if self.crosses_antimeridian() { width + 360.0 } else { width }
    }

    pub fn height_deg(&self) -> f64 {
        self.north_deg - self.south_deg
    }

    pub fn contains(&self, place: Position) -> bool {
        let lon = place.lon_deg();
        let between = if self.crosses_antimeridian() {
            lon >= self.west_deg || lon <= self.east_deg
        } else {
            lon >= self.west_deg && lon <= self.east_deg
        };
        between && (self.south_deg..=self.north_deg).contains(&place.lat_deg())
    }

    pub fn center(&self) -> Position {
        let lon = wrapped(self.west_deg + self.width_deg() / 2.0);
        let lat = self.south_deg + self.height_deg() / 2.0;
        Position::new(lon, lat).expect("the middle of a box lies on the earth")
    }

    /// The box cut at its middle: south west, south east, north west, north east.
    pub fn quarters(&self) -> [BBox; 4] {
        let middle = self.center();
        let (lon, lat) = (middle.lon_deg(), middle.lat_deg());
        let (west, east) = (BBox { east_deg: lon, ..*self }, BBox { west_deg: lon, ..*self });
        let south = |half: BBox| BBox { north_deg: lat, ..half };
        let north = |half: BBox| BBox { south_deg: lat, ..half };
        [south(west), south(east), north(west), north(east)]
    }

    /// The box rounded to about a centimetre, for display.
    pub(super) fn rounded(&self) -> BBox {
        let round = |deg: f64| (deg * 1e7).round() / 1e7;
        let [west_deg, south_deg] = [self.west_deg, self.south_deg].map(round);
        let [east_deg, north_deg] = [self.east_deg, self.north_deg].map(round);
        BBox { west_deg, south_deg, east_deg, north_deg }
    }

    /// The box with latitudes and longitudes swapped, if it is valid and different.
    pub fn swapped(&self) -> Option<BBox> {
        let swapped =
            BBox::new(self.south_deg, self.west_deg, self.north_deg, self.east_deg).ok()?;
        (swapped != *self).then_some(swapped)
    }

    /// The box as one or two boxes that do not cross the antimeridian.
    pub fn uncrossed(&self) -> impl Iterator<Item = BBox> + use<> {
        let parts = if self.crosses_antimeridian() {
            let to_180 = BBox { east_deg: 180.0, ..*self };
            let from_180 = BBox { west_deg: -180.0, ..*self };
            [Some(to_180), Some(from_180)]
        } else {
            [Some(*self), None]
        };
        parts.into_iter().flatten()
    }

    pub fn intersects(&self, other: &BBox) -> bool {
        self.uncrossed().any(|a| other.uncrossed().any(|b| a.rect().intersects(&b.rect())))
    }

    /// Whether `other` lies entirely in this box.
    pub fn covers(&self, other: &BBox) -> bool {
        other
            .uncrossed()
            .all(|b| self.uncrossed().any(|a| a.west_deg <= b.west_deg && b.east_deg <= a.east_deg))
            && self.south_deg <= other.south_deg
            && other.north_deg <= self.north_deg
    }

    /// Only for boxes that do not cross the antimeridian.
    pub(super) fn rect(&self) -> Rect {
        Rect::new(
            Coord { x: self.west_deg, y: self.south_deg },
            Coord { x: self.east_deg, y: self.north_deg },
        )
    }
}

/// The hint for the most common mistake: latitude first.
fn swap_hint([a, b, c, d]: [f64; 4]) -> String {
    let swapped = Position::new(b, a).is_ok() && Position::new(d, c).is_ok();
    if !swapped {
        return String::new();
    }
    format!("; latitude and longitude look swapped, did you mean '{b},{a},{d},{c}'?")
}

/// This longitude, wrapped to -180 to 180.
pub(super) fn wrapped(lon_deg: f64) -> f64 {
    if (-180.0..=180.0).contains(&lon_deg) {
        lon_deg
    } else {
        (lon_deg + 180.0).rem_euclid(360.0) - 180.0
    }
}

#[cfg(test)]
mod tests;
