//! Positions in degrees, and distances, bearings and great circles between them.
//!
//! The earth is a sphere here: compared with the ellipsoid, a distance is off by at most 0.6 percent and a
//! bearing by 0.2 degrees, which is less than the GPS error of a camera over a few metres.

use std::fmt;

/// Mean radius R1 = (2a + b) / 3 of the WGS 84 ellipsoid (Moritz, Geodetic Reference System 1980).
pub const EARTH_RADIUS_M: f64 = 6_371_008.771_4;

/// A position on the earth, WGS 84. Longitude -180 to 180, latitude -90 to 90, both finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    lon_deg: f64,
    lat_deg: f64,
}

/// Why two numbers are not a position.
#[derive(Debug, Clone, PartialEq)]
pub enum NoPosition {
    /// Not between -180 and 180, or not a number.
    Longitude(f64),
    /// Not between -90 and 90, or not a number.
    Latitude(f64),
}

impl fmt::Display for NoPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoPosition::Longitude(deg) => {
                write!(f, "longitude '{deg}' is not between -180 and 180")
            }
            NoPosition::Latitude(deg) => write!(f, "latitude '{deg}' is not between -90 and 90"),
        }
    }
}

impl std::error::Error for NoPosition {}

impl Position {
    /// A position from degrees east and degrees north, in the order of GeoJSON.
    pub fn new(lon_deg: f64, lat_deg: f64) -> Result<Self, NoPosition> {
        if !(-180.0..=180.0).contains(&lon_deg) {
            return Err(NoPosition::Longitude(lon_deg));
        }
        if !(-90.0..=90.0).contains(&lat_deg) {
            return Err(NoPosition::Latitude(lat_deg));
        }
        Ok(Position { lon_deg, lat_deg })
    }

    pub fn lon_deg(self) -> f64 {
        self.lon_deg
    }

    pub fn lat_deg(self) -> f64 {
        self.lat_deg
    }

    /// Exactly 0, 0: what receivers without a fix write. No street is there.
    pub fn is_null_island(self) -> bool {
        self.lon_deg == 0.0 && self.lat_deg == 0.0
    }

    /// Great-circle distance by the haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984), which
    /// keeps its precision for positions a millimetre apart.
    pub fn distance_m(self, to: Position) -> f64 {
        let pair = Pair::new(self, to);
        pair.distance_m(pair.lat.cos())
    }

    /// Initial direction of the great circle to `to`, clockwise from true north, 0 to 360. None if both
    /// positions are the same.
    pub fn bearing_deg(self, to: Position) -> Option<f64> {
        let pair = Pair::new(self, to);
        pair.bearing_deg(pair.lat.sin())
    }

    /// The position `distance_m` away along the great circle with the initial bearing `bearing_deg`.
    /// Calculated with vectors, since arc sines lose centimetres near the poles.
    pub fn destination(self, bearing_deg: f64, distance_m: f64) -> Position {
        self.leave(self.lat_deg.to_radians().sin_cos(), bearing_deg, distance_m)
    }

    /// Like [`Position::destination`], given the sine and the cosine of the latitude.
    fn leave(self, (sin_lat, cos_lat): (f64, f64), bearing_deg: f64, distance_m: f64) -> Position {
        let (sin_lon, cos_lon) = self.lon_deg.to_radians().sin_cos();
        let (sin_bearing, cos_bearing) = bearing_deg.to_radians().sin_cos();
        let (sin_arc, cos_arc) = (distance_m / EARTH_RADIUS_M).sin_cos();
        let here = [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat];
        let north = [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat];
        let east = [-sin_lon, cos_lon, 0.0];
        let [x, y, z] = std::array::from_fn(|i| {
            cos_arc * here[i] + sin_arc * (cos_bearing * north[i] + sin_bearing * east[i])
        });
        Position { lon_deg: y.atan2(x).to_degrees(), lat_deg: z.atan2(x.hypot(y)).to_degrees() }
    }

    /// The position at `fraction` (0 here, 1 there) of the great circle to `to`.
    pub fn along(self, to: Position, fraction: f64) -> Position {
        let pair = Pair::new(self, to);
        let (sin_lat, cos_lat) = pair.lat.sin_cos();
        match pair.bearing_deg(sin_lat) {
            Some(bearing_deg) => {
                let distance_m = fraction * pair.distance_m(cos_lat);
                self.leave((sin_lat, cos_lat), bearing_deg, distance_m)
            }
            None => self,
        }
    }
}

/// The straight line through the earth between two positions, longitude first: the distance that
/// mapillary_tools uses, so that its limits apply to the same photos.
pub fn chord_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    let ([x1, y1, z1], [x2, y2, z2]) = (geocentric_m(a), geocentric_m(b));
    (x1 - x2).hypot(y1 - y2).hypot(z1 - z2)
}

/// Cartesian coordinates on the ellipsoid of WGS 84 (NIMA TR8350.2, table 3.1).
fn geocentric_m((lon_deg, lat_deg): (f64, f64)) -> [f64; 3] {
    const EQUATOR_M: f64 = 6_378_137.0;
    const POLE_M: f64 = 6_356_752.314_245;
    let (sin_lat, cos_lat) = lat_deg.to_radians().sin_cos();
    let (sin_lon, cos_lon) = lon_deg.to_radians().sin_cos();
    let per = 1.0 / (EQUATOR_M * cos_lat).hypot(POLE_M * sin_lat);
    let flat = EQUATOR_M * EQUATOR_M * per * cos_lat;
    [flat * cos_lon, flat * sin_lon, POLE_M * POLE_M * per * sin_lat]
}

/// The terms shared by the distance and the bearing between two positions, in radians. Computing the sines is
/// most of the cost.
struct Pair {
    lat: f64,
    to_lat: f64,
    cos_to_lat: f64,
    lon: f64,
    sin_half_lon: f64,
}

impl Pair {
    fn new(from: Position, to: Position) -> Pair {
        let (lat, to_lat) = (from.lat_deg.to_radians(), to.lat_deg.to_radians());
        let lon = (to.lon_deg - from.lon_deg).to_radians();
        Pair { lat, to_lat, cos_to_lat: to_lat.cos(), lon, sin_half_lon: (lon / 2.0).sin() }
    }

    fn distance_m(&self, cos_lat: f64) -> f64 {
        let half_lat = ((self.to_lat - self.lat) / 2.0).sin();
        let half_lon = self.sin_half_lon;
        let h = half_lat * half_lat + cos_lat * self.cos_to_lat * half_lon * half_lon;
        2.0 * EARTH_RADIUS_M * h.min(1.0).sqrt().asin()
    }

    fn bearing_deg(&self, sin_lat: f64) -> Option<f64> {
        let half_lon = self.sin_half_lon;
        // cos(lat1) sin(lat2) - sin(lat1) cos(lat2) cos(lon), rewritten so that nothing cancels when the
        // positions are close together.
        let north =
            (self.to_lat - self.lat).sin() + 2.0 * sin_lat * self.cos_to_lat * half_lon * half_lon;
        let east = self.lon.sin() * self.cos_to_lat;
        // Less than 6 nanometres is a rounding error.
        (east.hypot(north) > 1e-15).then(|| normal_deg(east.atan2(north).to_degrees()))
    }
}

/// The same direction as a number from 0 up to, but not including, 360.
pub fn normal_deg(deg: f64) -> f64 {
    let turned = deg.rem_euclid(360.0);
    // A tiny negative angle is rounded up to the full circle.
    if turned >= 360.0 { 0.0 } else { turned }
}

/// A direction with this many decimals, from 0 up to, but not including, 360: 359.999 becomes 0, as its neighbours are.
pub fn rounded_deg(deg: f64, decimals: i32) -> f64 {
    let unit = 10_f64.powi(decimals);
    normal_deg((normal_deg(deg) * unit).round() / unit)
}

/// The turn from one direction to another: more than -180 and at most 180, positive clockwise.
pub fn turn_deg(from_deg: f64, to_deg: f64) -> f64 {
    let turn = normal_deg(to_deg - from_deg);
    if turn > 180.0 { turn - 360.0 } else { turn }
}

/// The mean of directions, so that 350 and 10 give 0. `None` if they cancel out or there are none.
pub fn mean_deg(directions_deg: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut east, mut north, mut count) = (0.0, 0.0, 0.0);
    for deg in directions_deg {
        let (sin, cos) = deg.to_radians().sin_cos();
        (east, north, count) = (east + sin, north + cos, count + 1.0);
    }
    // Opposite directions leave only a rounding error, which has no direction.
    (f64::hypot(east, north) > count * 1e-9).then(|| normal_deg(east.atan2(north).to_degrees()))
}

#[cfg(test)]
mod tests;
