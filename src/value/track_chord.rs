//! The two ends of a short stretch of a track, and whether there is movement between them. This is computed in
//! a plane where that is decisive, which is nearly always and costs one cosine; otherwise on the sphere.

use super::fix::Fix;
use super::geo::{EARTH_RADIUS_M, Position};
use super::standstill::{TimedPosition, moves, pace_m};

/// Legs up to this long in either direction, about 1.1 km of latitude, are computed in a plane,
const MAX_LEG_DEG: f64 = 0.01;
/// and chords up to this long.
const MAX_CHORD_DEG: f64 = 0.1;
/// Nearer to the poles a plane is too inaccurate.
const MAX_LAT_DEG: f64 = 80.0;

/// The maximum error of the plane. The middle of a leg of d metres is d * d / (8 R) * tan(latitude) away from
/// the great circle, at most 0.3 m within these limits, at each of the two ends. The scale of a chord changes
/// by less than one percent from its middle to its ends.
const ERROR_M: f64 = 0.7;
const ERROR_SHARE: f64 = 0.01;

/// A position on a leg at an instant.
pub struct End {
    pub time_ms: i64,
    pub leg: [Fix; 2],
}

impl End {
    pub fn at(fix: &Fix) -> End {
        End { time_ms: fix.time_ms, leg: [*fix, *fix] }
    }

    fn fraction(&self) -> f64 {
        let duration_ms = (self.leg[1].time_ms - self.leg[0].time_ms) as f64;
        (self.time_ms - self.leg[0].time_ms) as f64 / duration_ms
    }

    fn position(&self) -> Position {
        let [from, to] = &self.leg;
        if from.time_ms == to.time_ms {
            return from.position;
        }
        from.position.along(to.position, self.fraction())
    }

    /// The position in degrees east and north, interpolated linearly; `None` if that is too inaccurate.
    fn rough_deg(&self) -> Option<(f64, f64)> {
        let [from, to] = [self.leg[0].position, self.leg[1].position];
        if self.leg[0].time_ms == self.leg[1].time_ms {
            return Some((from.lon_deg(), from.lat_deg()));
        }
        let (lon_deg, lat_deg) = (to.lon_deg() - from.lon_deg(), to.lat_deg() - from.lat_deg());
        let is_short = lon_deg.abs() <= MAX_LEG_DEG && lat_deg.abs() <= MAX_LEG_DEG;
        let fraction = self.fraction();
        let place = (from.lon_deg() + fraction * lon_deg, from.lat_deg() + fraction * lat_deg);
        is_short.then_some(place)
    }
}

/// A chord of the track.
pub struct Ends {
    pub from: End,
    pub to: End,
}

impl Ends {
    /// Whether this distance in this time is movement.
    pub fn moves(&self) -> bool {
        let pace_m = pace_m(self.to.time_ms - self.from.time_ms);
        // A chord without duration and length is no movement: that is decided on the sphere.
        let is_sure = self.surely_reach(pace_m).filter(|_| pace_m > 0.0);
        is_sure.unwrap_or_else(|| {
            let (from, to) = self.seen();
            moves(from, to)
        })
    }

    /// Whether the ends are at least this far apart.
    pub fn reach(&self, distance_m: f64) -> bool {
        self.surely_reach(distance_m).unwrap_or_else(|| {
            let (from, to) = self.seen();
            from.1.distance_m(to.1) >= distance_m
        })
    }

    pub fn seen(&self) -> (TimedPosition, TimedPosition) {
        let seen = |end: &End| (end.time_ms, end.position());
        (seen(&self.from), seen(&self.to))
    }

    /// Like [`Ends::reach`], in the plane; `None` if that is not decisive.
    fn surely_reach(&self, distance_m: f64) -> Option<bool> {
        let about_m = self.about_m()?;
        let error_m = ERROR_M + ERROR_SHARE * about_m;
        ((about_m - distance_m).abs() > error_m).then_some(about_m > distance_m)
    }

    fn about_m(&self) -> Option<f64> {
        let (from, to) = (self.from.rough_deg()?, self.to.rough_deg()?);
        let (east_deg, north_deg) = (to.0 - from.0, to.1 - from.1);
        let is_near = east_deg.abs() <= MAX_CHORD_DEG && north_deg.abs() <= MAX_CHORD_DEG;
        let middle_deg = f64::midpoint(from.1, to.1);
        let is_flat = is_near && from.1.abs().max(to.1.abs()) <= MAX_LAT_DEG;
        is_flat.then(|| {
            let east_deg = east_deg * middle_deg.to_radians().cos();
            EARTH_RADIUS_M * (east_deg * east_deg + north_deg * north_deg).sqrt().to_radians()
        })
    }
}

#[cfg(test)]
mod tests;
