//! The columns that are filled from a picture's metadata.

use crate::row::{Column, Field, Row};
use crate::value::geo::rounded_deg;

use super::{Camera, GPS_TIME, TIME, instant};

/// The columns that reading can set, in order.
pub const COLUMNS: [Field; 27] = [
    Field::Path,
    Field::TakenAt,
    Field::TimeBy,
    Field::CapturedAt,
    Field::Zone,
    Field::ZoneBy,
    Field::Lon,
    Field::Lat,
    Field::Altitude,
    Field::CompassAngle,
    Field::SpeedKmh,
    Field::TrackDeg,
    Field::Hdop,
    Field::PositionBy,
    Field::DirectionBy,
    Field::GapS,
    Field::GapM,
    Field::Make,
    Field::Model,
    Field::ExifOrientation,
    Field::Width,
    Field::Height,
    Field::CameraType,
    Field::ImgId,
    Field::SeqId,
    Field::CreatorUsername,
    Field::Why,
];

/// The columns as a stage declares them.
pub fn columns() -> Vec<Column> {
    COLUMNS.map(Column::from).to_vec()
}

impl Camera {
    /// Sets the columns that the file has values for. The upload's size in the row is kept, because the file may be a
    /// smaller version.
    pub fn fill(&self, row: &mut Row) {
        let mut set = |field, text: Option<String>| {
            text.iter().for_each(|text| row.set(field, text));
        };
        set(Field::TakenAt, self.taken_at.map(|time| time.to_string()));
        set(Field::TimeBy, self.time_by.map(|by| by.to_string()));
        set(Field::CapturedAt, self.captured_ms.map(|ms| ms.to_string()));
        set(Field::Zone, self.zone.map(|zone| zone.to_string()));
        set(Field::ZoneBy, self.zone_by.map(|by| by.to_string()));
        set(Field::Lon, self.position.map(|place| decimal(place.lon_deg(), 8)));
        set(Field::Lat, self.position.map(|place| decimal(place.lat_deg(), 8)));
        set(Field::Altitude, self.altitude_m.map(|m| decimal(m, 3)));
        set(Field::CompassAngle, self.direction.map(|direction| bearing(direction.deg)));
        set(Field::SpeedKmh, self.speed_kmh.map(|kmh| decimal(kmh, 2)));
        set(Field::TrackDeg, self.track_deg.map(bearing));
        set(Field::Hdop, self.hdop.map(|hdop| decimal(hdop, 2)));
        set(Field::PositionBy, self.position_by.clone());
        set(Field::DirectionBy, self.direction_by.clone());
        set(Field::GapS, self.gap_s.map(|s| decimal(s, 3)));
        set(Field::GapM, self.gap_m.map(|m| decimal(m, 3)));
        set(Field::Make, self.make.clone());
        set(Field::Model, self.model.clone());
        set(Field::ExifOrientation, self.orientation.map(|number| number.to_string()));
        set(Field::CameraType, self.is_pano.then(|| "equirectangular".into()));
        set(Field::ImgId, self.img_id.clone());
        set(Field::SeqId, self.seq_id.clone());
        set(Field::CreatorUsername, self.creator.clone());
        set(Field::Why, self.why.clone());
        if let Some((width, height)) = self.size
            && row.get(Field::Width).is_none()
            && row.get(Field::Height).is_none()
        {
            row.set_display(Field::Width, width);
            row.set_display(Field::Height, height);
        }
    }
}

/// Whether the row has a remark on a GPS time that disagrees with its clock.
pub fn stamp_disagrees(row: &Row) -> bool {
    row.get(Field::Why).is_some_and(|why| why.contains(instant::STAMP))
}

/// The row's remarks on a GPS time or date that disagrees with its clock, and on other times of the photo that differ.
pub fn stamp_remarks(row: &Row) -> Option<String> {
    let why = row.get(Field::Why)?;
    let two = [TIME, GPS_TIME].map(|what| format!("{what} "));
    let begins = [instant::STAMP, instant::STAMP_DATE, &two[0], &two[1]];
    let is_of_stamp = |part: &&str| begins.iter().any(|begin| part.starts_with(begin));
    let parts: Vec<&str> = why.split("; ").filter(is_of_stamp).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Removes remarks on a previous position. Contradictions within the photo are kept.
pub fn keep_stamp_remarks(row: &mut Row) {
    match stamp_remarks(row) {
        Some(said) => row.set(Field::Why, &said),
        None => row.clear(Field::Why),
    }
}

/// A direction in hundredths of a degree, from 0 to 359.99.
pub fn bearing(deg: f64) -> String {
    decimal(rounded_deg(deg, 2), 2)
}

/// A number with at most this many decimals.
pub fn decimal(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}
