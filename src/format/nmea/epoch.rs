//! The content of all sentences of one time.

use chrono::{NaiveDate, NaiveTime};

use crate::value::{
    geo::Position,
    track::{APART_M, Fix, Measure},
};

/// The combined content of the sentences of one time.
#[derive(Default)]
pub struct Epoch {
    pub time: NaiveTime,
    pub line: u64,
    pub date: Option<NaiveDate>,
    pub position: Option<Position>,
    /// Whether two sentences have different positions.
    pub is_apart: bool,
    /// Whether the receiver marks another sentence of this time as not valid.
    pub is_doubtful: bool,
    pub ele_m: Option<f64>,
    pub hdop: Option<f64>,
    pub speed_kmh: Option<f64>,
    pub course_deg: Option<f64>,
}

impl Epoch {
    /// A position of GGA or GNS, which replaces that of another sentence, or of one that does not.
    pub fn place(&mut self, position: Position, is_better: bool) {
        let Some(other) = self.position else {
            self.position = Some(position);
            return;
        };
        self.is_apart |= other.distance_m(position) > APART_M;
        if is_better {
            self.position = Some(position);
        }
    }

    /// The fix on this date, if a sentence had a position.
    pub fn fix(&self, date: NaiveDate) -> Option<Fix> {
        let time_ms = date.and_time(self.time).and_utc().timestamp_millis();
        Some(Fix {
            ele_m: Measure::from(self.ele_m),
            hdop: Measure::from(self.hdop),
            speed_kmh: Measure::from(self.speed_kmh),
            course_deg: Measure::from(self.course_deg),
            ..Fix::new(time_ms, self.position?)
        })
    }
}
