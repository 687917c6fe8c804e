//! The values that a row sets in its picture, by group.

mod row_values;

use crate::format::exif::gps::{Direction, Gps};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, RowError};
use crate::value::geo::Position;
use crate::value::instant::{LocalTime, utc};
use crate::value::track_position::How;

use super::options::{NoZone, Options, TagGroup};
use super::service_origin::is_of_service;
use row_values::{RowValues, is_pano};

/// The values of each group that the row has and the options select.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wanted {
    pub position: Option<Fix>,
    pub direction: Option<Heading>,
    /// Or why there is none, which is an error only if one is needed.
    pub time: Option<Result<Clock, NoZone>>,
    pub camera: Option<(Option<String>, Option<String>)>,
    pub id: Option<Id>,
    pub rights: Option<Rights>,
    /// Whether the row shows that its id comes from the service.
    pub is_of_service: bool,
    pub pano: bool,
}

/// A position and the values that belong to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    pub place: Position,
    pub altitude_m: Option<f64>,
    pub captured_ms: Option<i64>,
    pub speed_kmh: Option<f64>,
    pub track_deg: Option<f64>,
    pub hdop: Option<f64>,
    /// How it was computed; `None` for a recorded position.
    pub by: Option<String>,
    pub gap_s: Option<f64>,
    pub gap_m: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    pub direction: Direction,
    pub by: Option<String>,
}

/// A local time, and its offset from UTC in seconds if known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    pub local: LocalTime,
    pub offset_s: Option<i32>,
    /// Whether the camera's clock showed it; otherwise it only stands for the instant.
    pub is_of_camera: bool,
}

impl Clock {
    pub fn captured_ms(&self) -> Option<i64> {
        Some(self.local.clock_ms() - i64::from(self.offset_s?) * 1000)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Id {
    pub img_id: String,
    pub seq_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Rights {
    pub creator: Option<String>,
}

impl Wanted {
    /// # Errors
    /// Names the value that does not match its column.
    pub fn from_row(
        row: &Row,
        options: &Options,
        notes: &dyn Diagnostics,
    ) -> Result<Wanted, RowError> {
        let values = RowValues { row, notes };
        let mut wanted = Wanted::default();
        let position = values.position(options)?;
        if options.has(TagGroup::Direction) {
            wanted.direction = values.direction(options.direction)?;
        }
        if options.has(TagGroup::Time) {
            let place = position.as_ref().map(|fix| fix.place);
            wanted.time = values.time(options.zone, place)?;
        }
        if options.has(TagGroup::Position) {
            wanted.position = position;
        }
        let name = |field| row.get(field).map(str::trim).map(String::from);
        let (make, model) = (name(Field::Make), name(Field::Model));
        if options.has(TagGroup::Camera) && (make.is_some() || model.is_some()) {
            wanted.camera = Some((make, model));
        }
        let img_id = name(Field::ImgId);
        wanted.is_of_service = is_of_service(row);
        if options.has(TagGroup::Rights) && img_id.is_some() {
            wanted.rights = Some(Rights { creator: name(Field::CreatorUsername) });
        }
        if options.has(TagGroup::Id) {
            wanted.id = img_id.map(|img_id| Id { img_id, seq_id: name(Field::SeqId) });
        }
        wanted.pano = options.has(TagGroup::Pano) && is_pano(row)?;
        Ok(wanted)
    }
}

impl Fix {
    /// The values of the GPS directory. The method is one of the standard's values if one of them applies (Exif 2.32,
    /// 4.6.6, GPSProcessingMethod).
    pub fn gps(&self) -> Gps {
        let from_track = self.by.as_deref().is_some_and(|by| by.parse::<How>().is_ok());
        Gps {
            lat: Some(self.place.lat_deg()),
            lon: Some(self.place.lon_deg()),
            altitude_m: self.altitude_m,
            utc: self.captured_ms.and_then(utc),
            track: self.track_deg.map(|deg| Direction { deg, magnetic: false }),
            speed_kmh: self.speed_kmh,
            dop: self.hdop,
            processing_method: from_track.then(|| "GPS".into()),
            ..Gps::default()
        }
    }
}
