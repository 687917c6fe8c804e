//! geotag-gpx: rows of photos with the place where a track was when they were taken.

mod instant;

use std::{fmt, path::PathBuf, str::FromStr};

use crate::row::{Column, Field, Row};
use crate::value::direction::travel_deg;
use crate::value::geo::{normal_deg, turn_deg};
use crate::value::track::Track;
use crate::value::whereabouts::{Found, Limits, Missing};

use super::order::{Facts, decimal, has_compass, need};
use super::tracks;
use super::{Fault, Notes, Outcome, Scan, Shape};
pub use instant::{Clock, Moment};

/// A compass that differs by more from the direction of travel is counted.
const DISAGREEMENT_DEG: f64 = 45.0;

/// Which direction a row gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// A compass stays; where there is none, the track's is taken.
    #[default]
    Keep,
    Track,
    None,
}

impl FromStr for Direction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "keep" => Ok(Direction::Keep),
            "track" => Ok(Direction::Track),
            "none" => Ok(Direction::None),
            _ => Err(format!("'{text}' is no direction; there are keep, track and none")),
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::Keep => "keep",
            Direction::Track => "track",
            Direction::None => "none",
        })
    }
}

/// What the user chose.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub files: Vec<PathBuf>,
    pub limits: Limits,
    pub clock: Clock,
    pub direction: Direction,
    pub offset_deg: f64,
    pub overwrite: bool,
}

/// Streams; holds the track, 40 bytes a fix.
pub struct GeotagGpx {
    choice: Choice,
    /// Read at the first row, whose time says in which years to look.
    track: Option<Track>,
}

impl GeotagGpx {
    pub fn new(choice: Choice) -> Self {
        GeotagGpx { choice, track: None }
    }

    fn open(&mut self, facts: &Facts, notes: &dyn Notes) -> Result<(), Fault> {
        if self.track.is_none() {
            let near_ms = facts.captured_ms.or(facts.taken.map(|taken| taken.clock_ms()));
            let tracks = tracks::open(&self.choice.files, near_ms)?;
            tracks.words.iter().for_each(|words| notes.once(words));
            self.track = Some(tracks.track);
        }
        Ok(())
    }

    fn tag(&self, row: &mut Row, facts: &Facts, track: &Track, notes: &dyn Notes) {
        let mut moment = match self.choice.clock.moment(row, facts, track) {
            Ok(moment) => moment,
            Err(why) => return self.place(row, Err(why), notes),
        };
        let mut verdict = track.where_at(moment.captured_ms, &self.choice.limits);
        if let (Err(_), Some(or_ms)) = (&verdict, moment.or_ms) {
            let later = track.where_at(or_ms, &self.choice.limits);
            if later.is_ok() {
                (verdict, moment.captured_ms) = (later, or_ms);
            }
        }
        // A photo that keeps its place keeps the instant that came with it.
        if !self.keeps(row) {
            self.time(row, &moment, notes);
        }
        if let Ok(found) = &verdict {
            self.direct(row, found, &moment, track, notes);
        }
        self.place(row, verdict.map_err(|missing: Missing| missing.to_string()), notes);
    }

    fn time(&self, row: &mut Row, moment: &Moment, notes: &dyn Notes) {
        let Some((zone, by)) = moment.zone else { return };
        row.set_display(Field::CapturedAt, moment.captured_ms);
        row.set_display(Field::Zone, zone);
        row.set(Field::ZoneBy, by);
        if by == "track" {
            notes.once(&format!("zone {zone} taken from the track's place; --zone sets another"));
        }
    }

    /// Whether the row has a place that was read, which nothing may replace.
    fn keeps(&self, row: &Row) -> bool {
        has_place(row) && row.get(Field::PositionBy).is_none() && !self.choice.overwrite
    }

    fn place(&self, row: &mut Row, verdict: Result<Found, String>, notes: &dyn Notes) {
        if self.keeps(row) {
            return notes.count("positions kept", 1);
        }
        let has = has_place(row);
        let worked_out = row.get(Field::PositionBy).is_some();
        if worked_out || verdict.is_ok() {
            PLACE.into_iter().for_each(|field| row.clear(field));
        }
        let found = match verdict {
            Ok(found) => found,
            Err(why) if has && !worked_out => {
                notes.count("positions kept", 1);
                return row.set(Field::Why, &why);
            }
            Err(why) => {
                // A direction that was worked out for an earlier place goes with it.
                if row.get(Field::DirectionBy).is_some() {
                    DIRECTION.into_iter().for_each(|field| row.clear(field));
                }
                row.set(Field::PositionBy, "none");
                row.set(Field::Why, &why);
                return notes.count("without a place", 1);
            }
        };
        row.set_display(Field::Lon, decimal(found.position.lon_deg(), 8));
        row.set_display(Field::Lat, decimal(found.position.lat_deg(), 8));
        let measures = [
            (Field::Altitude, found.ele_m, 2),
            (Field::SpeedKmh, found.speed_kmh, 2),
            (Field::Hdop, found.hdop, 2),
            (Field::GapS, Some(found.gap_s), 3),
            (Field::GapM, Some(found.gap_m), 2),
        ];
        for (field, value, decimals) in measures {
            if let Some(value) = value {
                row.set_display(field, decimal(value, decimals));
            }
        }
        row.set(Field::PositionBy, found.how.word());
        notes.count(found.how.word(), 1);
    }

    fn direct(
        &self,
        row: &mut Row,
        found: &Found,
        moment: &Moment,
        track: &Track,
        notes: &dyn Notes,
    ) {
        let travel = travel_deg(track, found, moment.captured_ms, &self.choice.limits);
        row.clear(Field::TrackDeg);
        let Some((deg, by)) = travel else { return };
        let round = |deg: f64| normal_deg(decimal(normal_deg(deg), 2));
        row.set_display(Field::TrackDeg, round(deg));
        let looks_deg = round(deg + self.choice.offset_deg);
        let compass = has_compass(row).then(|| row.number(Field::CompassAngle));
        let compass = compass.and_then(|compass| compass.ok().flatten());
        if compass.is_some_and(|deg| turn_deg(deg, looks_deg).abs() > DISAGREEMENT_DEG) {
            notes.count("compasses more than 45 degrees off the track", 1);
        }
        match self.choice.direction {
            Direction::None => return,
            Direction::Keep if compass.is_some() => return,
            Direction::Keep | Direction::Track => {}
        }
        row.set_display(Field::CompassAngle, looks_deg);
        row.set(Field::DirectionBy, by.word());
    }
}

fn has_place(row: &Row) -> bool {
    row.get(Field::Lon).is_some() && row.get(Field::Lat).is_some()
}

/// What a place brings with it, and takes along when it goes.
const PLACE: [Field; 9] = [
    Field::Lon,
    Field::Lat,
    Field::Altitude,
    Field::SpeedKmh,
    Field::Hdop,
    Field::PositionBy,
    Field::GapS,
    Field::GapM,
    Field::Why,
];

const DIRECTION: [Field; 3] = [Field::CompassAngle, Field::DirectionBy, Field::TrackDeg];

impl Scan for GeotagGpx {
    fn shape(&self) -> Shape {
        let sets = [
            Field::Lon,
            Field::Lat,
            Field::Altitude,
            Field::CompassAngle,
            Field::CapturedAt,
            Field::Zone,
            Field::SpeedKmh,
            Field::TrackDeg,
            Field::Hdop,
            Field::PositionBy,
            Field::DirectionBy,
            Field::ZoneBy,
            Field::GapS,
            Field::GapM,
            Field::Why,
        ];
        Shape { sets: sets.map(Column::from).to_vec(), ..Shape::default() }
    }

    fn push(
        &mut self,
        mut row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Notes,
    ) -> Result<(), Fault> {
        let facts = match Facts::of(&row) {
            Ok(facts) => facts,
            Err(wrong) => {
                out.push(Outcome::Failed(row, wrong.to_string()));
                return Ok(());
            }
        };
        if self.track.is_none() && row.columns().at(Field::TakenAt).is_none() {
            need(std::slice::from_ref(&row), &[Field::CapturedAt, Field::TakenAt])?;
        }
        self.open(&facts, notes)?;
        if let Some(track) = &self.track {
            self.tag(&mut row, &facts, track, notes);
        }
        out.push(Outcome::Rows(vec![row]));
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Notes) -> Result<(), Fault> {
        Ok(())
    }
}
