//! geotag-gpx: rows of photos with the place where a track was when they were taken.

mod auto;
mod finding;
mod instant;
mod options;
mod place;
mod subsecond;
mod sync;
mod track_loader;
mod zone_hint;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::row::{Column, Field, Row};
use crate::value::geo::{normal_deg, turn_deg};
use crate::value::track::Track;
use crate::value::track_position::TrackPosition;
use crate::value::travel::travel_deg;
use crate::value::zone::offset_text;

use crate::photo::camera::stamp_disagrees;
use crate::photo::camera_key::camera_key;
use crate::photo::order::{PhotoFacts, decimal, has_compass, need};
use crate::photo::tracks::{TrackOptions, Tracks};
use crate::photo::why::explain;
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::value::provenance::ZoneBy;
use auto::CameraSamples;
pub use instant::{Clock, Moment};
pub use options::{Direction, GeotagOptions};
use subsecond::PendingRows;
pub use sync::pairs;
use zone_hint::{Assumed, Tried};

/// A compass that differs by more from the direction of travel is counted.
const DISAGREEMENT_DEG: f64 = 45.0;

/// Holds the track, 40 bytes a fix, and photos from the first whose clock shows whole seconds or that is unsure of its
/// zone; others stream.
pub struct GeotagGpx {
    choice: GeotagOptions,
    /// Read at the first row with a time, which says in which years to look.
    tracks: Option<Tracks>,
    held: PendingRows,
    tried: Tried,
    assumed: Assumed,
    /// When each camera took its last photo: times rise.
    last_ms: HashMap<String, i64>,
    /// What `--camera-ahead auto` goes by.
    gathered: Option<CameraSamples>,
    /// Whether a header has no time for any row. Lines of JSON tell row by row.
    lacks_times: OnceLock<bool>,
}

impl GeotagGpx {
    pub fn new(choice: GeotagOptions) -> Self {
        GeotagGpx {
            held: PendingRows::new(choice.clock.zone.is_some()),
            choice,
            tracks: None,
            tried: Tried::default(),
            assumed: Assumed::default(),
            last_ms: HashMap::new(),
            gathered: None,
            lacks_times: OnceLock::new(),
        }
    }

    fn pass(
        &mut self,
        rows: impl IntoIterator<Item = (Row, PhotoFacts)>,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) {
        let track = self.track();
        for (mut row, facts) in rows {
            if self.choice.finds_offset {
                self.gather(row, facts, &track, out, notes);
                continue;
            }
            self.tag(&mut row, &facts, &track, notes);
            out.push(Outcome::Rows(vec![row]));
        }
    }

    fn tag(&mut self, row: &mut Row, facts: &PhotoFacts, track: &Track, notes: &dyn Diagnostics) {
        if stamp_disagrees(row) {
            notes.count("GPS times that disagree with the clock", 1);
        }
        let mut moment = match self.choice.clock.moment(row, facts, track) {
            Ok(moment) => moment,
            Err(why) => return self.place(row, Err(why), notes),
        };
        if moment.zone.is_none() && !moment.is_moved && self.choice.clock.ahead_s != 0.0 {
            notes.count("instants of an earlier run, not moved", 1);
        }
        let last_ms = self.last_ms.entry(camera_key(row)).or_insert(i64::MIN);
        // In the hour that comes twice, times rise from photo to photo.
        if let Some(or_ms) = moment.or_ms.filter(|_| *last_ms > moment.captured_ms) {
            (moment.captured_ms, moment.or_ms) = (or_ms, None);
        }
        let mut verdict = track.where_at(moment.captured_ms, &self.choice.limits);
        if let (Err(_), Some(or_ms)) = (&verdict, moment.or_ms) {
            let later = track.where_at(or_ms, &self.choice.limits);
            if later.is_ok() {
                (verdict, moment.captured_ms) = (later, or_ms);
            }
        }
        if let (Some(or_ms), Some((zone, _))) = (moment.or_ms, moment.zone)
            && moment.captured_ms != or_ms
            && track.where_at(or_ms, &self.choice.limits).is_ok() == verdict.is_ok()
        {
            notes.count("in an hour that comes twice, taken as the earlier one", 1);
            let later = zone.offset_s(or_ms).map(offset_text).unwrap_or_default();
            explain(
                row,
                &format!("its time comes twice in {zone}; --zone {later} takes the later one"),
            );
        }
        *last_ms = moment.captured_ms;
        self.tried.add(&moment, verdict.is_ok());
        if let Ok(found) = &verdict {
            self.compare(found, moment.captured_ms, track, notes);
        }
        // A photo that keeps its place keeps the instant that came with it.
        if !self.keeps(row) {
            self.time(row, &moment, verdict.is_ok());
        }
        if let Ok(found) = &verdict {
            self.direct(row, found, &moment, track, notes);
        }
        self.place(row, verdict, notes);
    }

    /// Says which of two receivers is believed, and why.
    fn compare(&self, found: &TrackPosition, time_ms: i64, track: &Track, notes: &dyn Diagnostics) {
        let names = |tracks: &Tracks, number| tracks.name(track.source(number)).to_string();
        let name = |number| self.tracks.as_ref().map_or_else(String::new, |it| names(it, number));
        let Some(chosen) = found.segment else { return };
        for other in track.covering(time_ms).filter(|&other| other != chosen) {
            let why = track.preferred(chosen, other, time_ms);
            let (chosen, other) = (name(chosen), name(other));
            notes.once(&if chosen == other {
                format!("where parts of '{chosen}' overlap, one is believed, since {why}")
            } else {
                format!(
                    "where '{chosen}' and '{other}' overlap, '{chosen}' is believed, since {why}"
                )
            });
            notes.count("where tracks overlap", 1);
        }
    }

    fn time(&mut self, row: &mut Row, moment: &Moment, is_inside: bool) {
        let Some((zone, by)) = moment.zone else {
            // Else an unplaced one would move once more with each run.
            if moment.is_moved && is_inside {
                row.set_display(Field::CapturedAt, moment.captured_ms);
            }
            return;
        };
        row.set_display(Field::CapturedAt, moment.captured_ms);
        row.set_display(Field::Zone, zone);
        row.set(Field::ZoneBy, by.word());
        if by == ZoneBy::Track {
            self.assumed.add(zone, is_inside);
        }
    }

    fn direct(
        &self,
        row: &mut Row,
        found: &TrackPosition,
        moment: &Moment,
        track: &Track,
        notes: &dyn Diagnostics,
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

impl Scan for GeotagGpx {
    fn shape(&self, input: &InputHeader) -> Shape {
        let has = |field| input.columns.at(field).is_some();
        let lacks_times = !has(Field::CapturedAt) && !has(Field::TakenAt);
        self.lacks_times.get_or_init(|| lacks_times && !input.columns.list().is_empty());
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
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let facts = match PhotoFacts::from_row(&row) {
            Ok(facts) => facts,
            Err(wrong) => {
                out.push(Outcome::Failed(row, wrong.to_string()));
                return Ok(());
            }
        };
        if self.lacks_times.get() == Some(&true) && row.columns().at(Field::TakenAt).is_none() {
            need(std::slice::from_ref(&row), &[Field::CapturedAt, Field::TakenAt])?;
        }
        self.cover(&row, &facts, notes)?;
        let done = self.held.push(row, facts);
        self.pass(done, out, notes);
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        if self.tracks.is_none() {
            // No photo had a time. What is wrong with a track is said all the same.
            Tracks::open(&self.choice.files, TrackOptions::default())?;
        }
        let done = self.held.end(notes);
        self.pass(done, out, notes);
        let settled =
            if self.choice.finds_offset { self.settle_offsets(out, notes) } else { Ok(()) };
        self.assumed.words().for_each(|words| notes.once(&words));
        let tracks = self.tracks.iter();
        tracks.flat_map(Tracks::last_words).for_each(|words| notes.once(&words));
        let hint = self.tried.hint(&self.track(), &self.choice.limits);
        hint.iter().for_each(|hint| notes.once(hint));
        settled
    }
}
