//! geotag-gpx: sets the position of photos to where a track was when they were taken.

mod auto;
mod direction;
mod instant;
mod offset_report;
mod options;
mod overlapping_tracks;
mod photo;
mod place;
mod subsecond;
mod sync;
mod track_loader;
mod waiting;
mod zone_hint;

use std::collections::{BTreeMap, HashMap};

use crate::row::{Column, Field, Row};

use crate::photo::capture_facts::PhotoFacts;
use crate::photo::tracks::{TrackOptions, Tracks};
use crate::shape::{Diagnostics, EarlierError, FatalError, InputHeader, Outcome, Scan, Shape};
use auto::CameraSamples;
pub use instant::{Clock, Moment};
pub use options::{Direction, GeotagOptions};
pub use sync::pairs;
use waiting::WaitingRows;
use zone_hint::{Assumed, PlacementStats};

/// Number of rows output at once after all have arrived.
const PIECE: usize = 1024;

/// Holds the track, 40 bytes a fix. Photos are stored from the first one whose clock shows whole seconds or whose
/// zone is uncertain; until then they stream.
pub struct GeotagGpx {
    choice: GeotagOptions,
    /// Read at the first row with a time, which determines the years to look in.
    tracks: Option<Tracks>,
    held: WaitingRows,
    /// Whether all rows have arrived, and the zone and second of each are decided.
    is_settled: bool,
    tried: PlacementStats,
    assumed: Assumed,
    /// The time of each camera's last photo: times are ascending.
    last_ms: HashMap<String, i64>,
    /// The samples for `--camera-ahead auto`.
    samples: CameraSamples,
    /// How far each camera is ahead, in seconds, if `--camera-ahead auto` may place photos by it.
    offsets_s: BTreeMap<String, f64>,
}

impl GeotagGpx {
    pub fn new(choice: GeotagOptions) -> Self {
        let has_zone = choice.clock.zone.is_some();
        GeotagGpx {
            held: WaitingRows::new(choice.accepts_offset, has_zone, &choice.tmp_dir),
            is_settled: false,
            choice,
            tracks: None,
            tried: PlacementStats::default(),
            assumed: Assumed::default(),
            last_ms: HashMap::new(),
            samples: CameraSamples::default(),
            offsets_s: BTreeMap::new(),
        }
    }

    fn pass(
        &mut self,
        mut row: Row,
        facts: &PhotoFacts,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) {
        let track = self.track();
        match (self.choice.finds_offset, self.choice.accepts_offset) {
            (false, _) => self.tag(&mut row, facts, &track, notes),
            (true, false) => self.report_offset(&mut row, facts, &track, notes),
            (true, true) => self.tag_by_offset(&mut row, facts, &track, notes),
        }
        out.push(Outcome::Rows(vec![row]));
    }

    /// Called when all rows have arrived: decides what the time of each depends on.
    fn settle(&mut self, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        if self.tracks.is_none() {
            // No photo has a time. Problems of a track are reported nevertheless.
            Tracks::open(&self.choice.files, TrackOptions::default())?;
        }
        self.held.settle()?;
        self.is_settled = true;
        if self.choice.accepts_offset {
            self.find_offsets(notes)?;
        }
        Ok(())
    }

    fn last_words(&mut self, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        if self.choice.finds_offset && !self.choice.accepts_offset {
            self.tell_offsets(notes);
        }
        self.assumed.words().for_each(|words| notes.once(&words));
        let tracks = self.tracks.iter();
        tracks.flat_map(Tracks::last_words).for_each(|words| notes.once(&words));
        let hint = self.tried.hint(&self.track(), &self.choice.limits);
        hint.iter().for_each(|hint| notes.once(hint));
        self.refuse_unknown_offset()
    }
}

impl Scan for GeotagGpx {
    fn shape(&self, _: &InputHeader) -> Shape {
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
        Shape {
            sets: sets.map(Column::from).to_vec(),
            needs_in_header: vec![vec![Field::CapturedAt, Field::TakenAt]],
            earlier_error: EarlierError::KeptAmongOthers,
            ..Shape::default()
        }
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
        self.cover(&row, &facts, notes)?;
        if let Some((row, facts)) = self.held.push(row, facts)? {
            self.pass(row, &facts, out, notes);
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        if !self.is_settled {
            self.settle(notes)?;
        }
        for _ in 0..PIECE {
            let Some((row, facts)) = self.held.next(notes)? else { break };
            self.pass(row, &facts, out, notes);
        }
        if self.goes_on() { Ok(()) } else { self.last_words(notes) }
    }

    fn goes_on(&self) -> bool {
        self.is_settled && self.held.goes_on()
    }
}
