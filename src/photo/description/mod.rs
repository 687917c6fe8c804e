//! Builds the service's description of a photo from its row and file: first the row, then the columns of an earlier
//! description, then the description that an app wrote into the photo. Contradictions are reported.

pub mod checks;
pub mod columns;
pub mod error;
pub mod file_facts;
pub mod gather;
pub mod list;
pub mod problem;
mod sequence_limits;
pub mod write_into;

use std::path::Path;

use crate::format::description::{Description, Heading, Read};
use crate::photo::camera::is_worked_out;
use crate::photo::taken;
use crate::row::altitude::Altitude;
use crate::row::{Field, Row, WrongValue};
use crate::value::geo::Position;

pub use error::Error;
pub use file_facts::FileFacts;
pub use problem::Problem;

/// Positions and times that are further apart disagree.
const SAME_M: f64 = 1.0;
const SAME_MS: i64 = 1000;

/// A description, and the remarks on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Described {
    pub description: Description,
    pub problem: Option<Problem>,
    /// Contradictions, and unreadable values.
    pub remarks: Vec<String>,
    /// Personal settings that an app wrote into the photo, and that are not passed on.
    pub personal: Vec<&'static str>,
}

/// Describes the photo of a row; `file` is the metadata of the photo itself, if available.
///
/// # Errors
/// If a value of the row is unreadable.
pub fn describe(row: &Row, file: Option<&FileFacts>) -> Result<Described, Error> {
    let members = columns::read(row)?;
    let said = file.and_then(|file| file.said.clone()).unwrap_or_default();
    let mut described = Described { personal: said.personal.clone(), ..Described::default() };
    described
        .remarks
        .extend(said.unread.iter().map(|unread| format!("ImageDescription: {unread}")));
    let sources = Sources { row, members: &members, said: &said, file };
    let place = sources.place(&mut described.remarks)?;
    let captured_ms = sources.captured_ms(&mut described.remarks)?;
    described.problem = match (place, captured_ms) {
        (None, _) => Some(Problem::NoPosition),
        (_, None) => Some(Problem::NoTime { has_clock: row.get(Field::TakenAt).is_some() }),
        (Some((lon, lat)), _) if lon == 0.0 && lat == 0.0 => Some(Problem::NullIsland),
        _ => file.and_then(|file| file.fault.clone()).map(Problem::Invalid),
    };
    let altitude = Altitude::of(row)?;
    altitude.other_m.iter().for_each(|m| {
        described.remarks.push(format!("the height in geometry is {m} m"));
    });
    let text = |field: Field| row.get(field).map(str::trim).map(String::from);
    let either = |pick: fn(&Description) -> Option<String>| {
        pick(&members).or_else(|| pick(&said.description))
    };
    let path = row.get(Field::Path).map(Path::new).and_then(Path::file_name);
    described.description = Description {
        lon_deg: place.map(|(lon, _)| lon),
        lat_deg: place.map(|(_, lat)| lat),
        altitude_m: altitude.m.or(members.altitude_m).or(said.description.altitude_m),
        captured_ms,
        heading: sources.heading()?,
        make: text(Field::Make).or_else(|| either(|d| d.make.clone())),
        model: text(Field::Model).or_else(|| either(|d| d.model.clone())),
        orientation: Some(sources.orientation()?),
        sequence: text(Field::SeqId).or_else(|| either(|d| d.sequence.clone())),
        file_name: path
            .map(|name| name.to_string_lossy().into_owned())
            .or(members.file_name.clone()),
        accuracy_m: members.accuracy_m.or(said.description.accuracy_m),
        camera_uuid: either(|d| d.camera_uuid.clone())
            .or_else(|| file.and_then(FileFacts::camera_uuid)),
    };
    Ok(described)
}

/// The sources of values, in order of precedence.
struct Sources<'a> {
    row: &'a Row,
    members: &'a Description,
    said: &'a Read,
    file: Option<&'a FileFacts>,
}

impl Sources<'_> {
    /// Longitude and latitude.
    fn place(&self, remarks: &mut Vec<String>) -> Result<Option<(f64, f64)>, WrongValue> {
        let own = self.own_place()?;
        let both = |d: &Description| Some((d.lon_deg?, d.lat_deg?));
        let (members, said) = (both(self.members), both(&self.said.description));
        let by = self.row.get(Field::PositionBy);
        if let (Some(own), Some(members)) = (own, members)
            && let Some(m) = apart_m(own, members)
        {
            remarks.push(format!("MAPLatitude and MAPLongitude said a place {m:.0} m away"));
        }
        // A computed position is expected to differ.
        if let (Some(place), Some(said)) = (own.or(members), said)
            && !is_worked_out(by)
            && let Some(m) = apart_m(place, said)
        {
            remarks.push(format!("ImageDescription says a place {m:.0} m away"));
        }
        Ok(own.or(members).or(said.filter(|_| by != Some("none"))))
    }

    fn own_place(&self) -> Result<Option<(f64, f64)>, WrongValue> {
        let row = self.row;
        if row.get(Field::PositionBy) == Some("none") {
            return Ok(None);
        }
        match (row.number(Field::Lon)?, row.number(Field::Lat)?) {
            (Some(lon), Some(lat)) if lon.abs() > 180.0 || lat.abs() > 90.0 => {
                let field = if lon.abs() > 180.0 { Field::Lon } else { Field::Lat };
                Err(row.wrong(field, "a place on the earth"))
            }
            (Some(lon), Some(lat)) => {
                let exact = self.file.and_then(|file| file.position_if_rounded((lon, lat)));
                Ok(Some(exact.unwrap_or((lon, lat))))
            }
            (Some(_), None) => Err(row.wrong(Field::Lon, "a place without lat")),
            (None, Some(_)) => Err(row.wrong(Field::Lat, "a place without lon")),
            (None, None) => Ok(None),
        }
    }

    fn captured_ms(&self, remarks: &mut Vec<String>) -> Result<Option<i64>, WrongValue> {
        let own = taken::instant_ms(self.row)?;
        if own.is_some_and(|ms| crate::format::description::capture_time(ms).is_none()) {
            return Err(self.row.wrong(Field::CapturedAt, "a time in ms since 1970"));
        }
        let said = self.file.map_or(self.said.description.captured_ms, FileFacts::said_ms);
        let mut differs = |a: Option<i64>, b: Option<i64>, who: &str| {
            if let (Some(a), Some(b)) = (a, b)
                && (a - b).abs() > SAME_MS
            {
                let s = (b - a) as f64 / 1000.0;
                remarks.push(format!(
                    "{who} a time {:.0} s {}",
                    s.abs(),
                    if s < 0.0 { "earlier" } else { "later" }
                ));
            }
        };
        differs(own, self.members.captured_ms, "MAPCaptureTime said");
        differs(own.or(self.members.captured_ms), said, "ImageDescription says");
        Ok(own.or(self.members.captured_ms).or(said))
    }

    /// The service wants both true and magnetic north; a row has one direction.
    fn heading(&self) -> Result<Option<Heading>, WrongValue> {
        let own = self.row.number(Field::CompassAngle)?.map(|deg| {
            let deg = self.file.and_then(|file| file.direction_if_rounded(deg)).unwrap_or(deg);
            Heading { true_deg: deg, magnetic_deg: deg }
        });
        Ok(own.or(self.members.heading).or(self.said.description.heading))
    }

    /// A photo without the tag is upright.
    fn orientation(&self) -> Result<u16, WrongValue> {
        let own = match self.row.integer(Field::ExifOrientation)? {
            None => None,
            Some(number @ 1..=8) => Some(number as u16),
            Some(_) => return Err(self.row.wrong(Field::ExifOrientation, "1 to 8")),
        };
        let file = self.file.and_then(|file| file.exif_orientation());
        Ok(own
            .or(self.members.orientation)
            .or(file)
            .or(self.said.description.orientation)
            .unwrap_or(1))
    }
}

/// The distance of two positions, if it is more than a rounding error.
fn apart_m(a: (f64, f64), b: (f64, f64)) -> Option<f64> {
    let [a, b] = [a, b].map(|(lon, lat)| Position::new(lon, lat).ok());
    Some(a?.distance_m(b?)).filter(|m| *m > SAME_M)
}

#[cfg(test)]
mod tests;
