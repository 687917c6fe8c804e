//! How far a camera's clock is ahead, computed from what it showed at a known true time.
//!
//! Zones do not matter here: the times that are compared are both in the camera's zone.

use std::str::FromStr;

use super::{
    Error, Expected,
    instant::{LocalTime, parse_instant_ms},
    zone::Zone,
};

/// Zone offsets are whole quarters of an hour; the remainder is the clock's error.
const QUARTER_MS: i64 = 15 * 60 * 1000;

/// The true time of a sync: an instant, or the local time of the camera's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GpsTime {
    Instant(i64),
    Local(LocalTime),
}

/// A GPS time and what the camera showed at that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncPair {
    pub gps: GpsTime,
    pub camera: LocalTime,
}

/// The right side of a sync: the camera's time, or a photo of the GPS clock that was taken at that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    Time(LocalTime),
    Photo(String),
}

/// Three centuries: no clock is further off, and sums of instants cannot overflow.
const MOST_AHEAD_S: f64 = 1e10;

/// How far a camera is ahead of the true time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CameraAhead {
    Seconds(f64),
    /// To be determined from the photos and the track.
    Auto,
}

impl CameraAhead {
    /// What is known before the photos are read.
    pub fn known_s(self) -> f64 {
        match self {
            CameraAhead::Seconds(ahead_s) => ahead_s,
            CameraAhead::Auto => 0.0,
        }
    }
}

impl FromStr for CameraAhead {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text == "auto" {
            return Ok(CameraAhead::Auto);
        }
        let seconds = text.parse().ok().filter(|seconds: &f64| seconds.abs() <= MOST_AHEAD_S);
        seconds.map(CameraAhead::Seconds).ok_or_else(|| Expected::CameraAhead.not(text))
    }
}

/// Parses `GPSTIME=CAMERATIME` or `GPSTIME=PHOTO`.
///
/// # Errors
/// Names the text, or the GPS time that cannot be read.
pub fn parse_sync(text: &str) -> Result<(GpsTime, Shown), Error> {
    let (gps, shown) = text.split_once('=').ok_or_else(|| Expected::SyncPair.not(text))?;
    let gps = parse_gps_time(gps.trim())?;
    let shown = shown.trim();
    if shown.is_empty() {
        return Err(Error::SyncWithoutCamera(text.to_string()));
    }
    Ok((gps, shown.parse().map_or_else(|_| Shown::Photo(shown.to_string()), Shown::Time)))
}

fn parse_gps_time(text: &str) -> Result<GpsTime, Error> {
    if let Ok(local) = text.parse() {
        return Ok(GpsTime::Local(local));
    }
    // A bare date is not precise enough to compare a clock with.
    let instant = text.contains(':').then(|| parse_instant_ms(text)).and_then(Result::ok);
    instant.map(GpsTime::Instant).ok_or_else(|| Expected::GpsTime.not(text))
}

impl SyncPair {
    /// Milliseconds by which the camera was ahead of the true time of its zone. `None` if out of range.
    pub fn ahead_ms(&self, zone: Zone) -> Option<i64> {
        let true_ms = match self.gps {
            GpsTime::Local(local) => local.clock_ms(),
            GpsTime::Instant(ms) => ms + i64::from(zone.offset_s(ms)?) * 1000,
        };
        Some(self.camera.clock_ms() - true_ms)
    }

    /// The zone offset that leaves the smallest clock error, in seconds. `None` if the GPS time is itself local
    /// and so does not determine the zone.
    pub fn likely_offset_s(&self) -> Option<i32> {
        let GpsTime::Instant(ms) = self.gps else { return None };
        let offset_ms = self.camera.clock_ms().checked_sub(ms)?;
        let quarters = (offset_ms + QUARTER_MS / 2).div_euclid(QUARTER_MS);
        i32::try_from(quarters * QUARTER_MS / 1000).ok()
    }
}

/// How far a clock is ahead, for each time that it shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClockError {
    /// The time that the camera showed, and by how many milliseconds it was ahead; ascending.
    points: Vec<(i64, i64)>,
}

impl ClockError {
    /// Always ahead by this many seconds; negative if it is behind.
    pub fn constant(ahead_s: f64) -> Self {
        ClockError { points: vec![(0, (ahead_s * 1000.0).round() as i64)] }
    }

    /// A clock error from one or more pairs. One pair gives a constant error. Two or more give a drift, linear
    /// from one to the next, and extrapolated at the ends from the last two.
    ///
    /// # Errors
    /// Two different true times for one camera time, or a clock that ran backwards.
    pub fn from_pairs(pairs: &[SyncPair], zone: Zone) -> Result<Self, Error> {
        let point = |pair: &SyncPair| {
            let ahead_ms = pair.ahead_ms(zone);
            let ahead_ms = ahead_ms.ok_or(Error::SyncBeyondCalendar(pair.camera))?;
            Ok((pair.camera.clock_ms(), ahead_ms))
        };
        let mut points = pairs.iter().map(point).collect::<Result<Vec<_>, Error>>()?;
        points.sort_unstable();
        points.dedup();
        for leg in points.windows(2) {
            let ((from_ms, from_ahead), (to_ms, to_ahead)) = (leg[0], leg[1]);
            if to_ms - to_ahead <= from_ms - from_ahead {
                return Err(Error::SyncContradiction);
            }
        }
        Ok(ClockError { points })
    }

    /// Milliseconds by which the clock is ahead when it shows this time.
    pub fn ahead_ms(&self, camera_ms: i64) -> i64 {
        let (from, to) = match self.points.as_slice() {
            [] => return 0,
            [(_, ahead_ms)] => return *ahead_ms,
            points => {
                let next = points.partition_point(|point| point.0 <= camera_ms);
                let next = next.clamp(1, points.len() - 1);
                (points[next - 1], points[next])
            }
        };
        let rate = (to.1 - from.1) as f64 / (to.0 - from.0) as f64;
        from.1 + ((camera_ms - from.0) as f64 * rate).round() as i64
    }

    /// The true time of the camera's zone. `None` if out of range.
    pub fn corrected(&self, camera: LocalTime) -> Option<LocalTime> {
        camera.moved_ms(-self.ahead_ms(camera.clock_ms()))
    }
}

#[cfg(test)]
mod tests;
