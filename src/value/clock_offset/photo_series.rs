//! The photos as a series by second, and the meaning of a shift against the track.

/// A photo by its own clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shot {
    pub time_ms: i64,
    /// Its compass angle, clockwise from north, if it has one.
    pub compass_deg: Option<f32>,
}

/// How much of the evidence agrees with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OffsetAgreement {
    pub agree: usize,
    /// The number of stops or turns that could agree.
    pub of: usize,
}

/// Photos in time order, on an axis of seconds.
#[derive(Debug)]
pub struct Axis {
    /// Second of the first photo, since 1970.
    pub start_s: i64,
    /// Seconds from there to each photo, ascending.
    pub at: Vec<usize>,
    compasses_rad: Vec<Option<f64>>,
    track_start_s: i64,
    /// The mean fraction lost by rounding to seconds: the clock times may all have the same fraction.
    rounded_s: f64,
}

impl Axis {
    /// `None` without photos, or if they span more than this many seconds.
    pub fn new(shots: &[Shot], track_start_s: i64, most_s: i64) -> Option<Axis> {
        let second = |shot: &Shot| (shot.time_ms + 500).div_euclid(1000);
        let mut shots = shots.to_vec();
        shots.sort_by_key(|shot| shot.time_ms);
        let start_s = second(shots.first()?);
        if second(shots.last()?) - start_s > most_s {
            return None;
        }
        let at = shots.iter().map(|shot| usize::try_from(second(shot) - start_s).unwrap_or(0));
        let off_s = |shot: &Shot| shot.time_ms as f64 / 1000.0 - second(shot) as f64;
        let compass = |shot: &Shot| shot.compass_deg.map(|deg| f64::from(deg).to_radians());
        Some(Axis {
            start_s,
            at: at.collect(),
            compasses_rad: shots.iter().map(compass).collect(),
            track_start_s,
            rounded_s: shots.iter().map(off_s).sum::<f64>() / shots.len() as f64,
        })
    }

    pub fn len(&self) -> usize {
        self.at.last().map_or(0, |last| last + 1)
    }

    /// The second and the direction of each photo that has a compass angle.
    pub fn compasses(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let both = self.at.iter().zip(&self.compasses_rad);
        both.filter_map(|(&at, &compass)| Some((at, compass?)))
    }

    /// The seconds by which the photos' clock is ahead, at an index among the shifts. The first shift has the
    /// last photo at the first second of the track.
    pub fn ahead_s(&self, place: f64) -> f64 {
        (self.start_s - self.track_start_s) as f64 + self.rounded_s - self.shift(place)
    }

    /// The second of the track that a second of the photos falls on, at an index among the shifts.
    pub fn on_track(&self, at: usize, place: f64) -> f64 {
        at as f64 + self.shift(place)
    }

    fn shift(&self, place: f64) -> f64 {
        place - (self.len() as f64 - 1.0)
    }
}

#[cfg(test)]
mod tests;
