//! The values of a row in tag form: if it has both a recorded and a computed one, the one that the options select.

use super::{Clock, Fix, Heading, utc};
use crate::format::exif::gps::Direction;
use crate::photo::camera;
use crate::photo::tag::options::{NoZone, Options, ValueSource, ZoneFor};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, RowError};
use crate::value::geo::Position;
use crate::value::height_validity::Heights;
use crate::value::instant::LocalTime;
use crate::value::provenance::NOT_FOUND;
use crate::value::zone::{self, Zone};

pub struct RowValues<'a> {
    pub row: &'a Row,
    pub notes: &'a dyn Diagnostics,
}

impl RowValues<'_> {
    fn number(&self, field: Field) -> Result<Option<f64>, RowError> {
        Ok(self.row.number(field)?)
    }

    fn not_negative(&self, field: Field) -> Result<Option<f64>, RowError> {
        match self.number(field)? {
            Some(number) if number < 0.0 => Err(self.row.wrong(field, "0 or more").into()),
            number => Ok(number),
        }
    }

    /// How a value was computed, if it was.
    fn evidence(&self, field: Field) -> Option<String> {
        self.row.get(field).filter(|by| *by != NOT_FOUND && !camera::is_tag(by)).map(String::from)
    }

    /// The selected one of two values; true if it is the computed one.
    fn one_of<T>(
        &self,
        what: &str,
        [raw, computed]: [Option<T>; 2],
        source: ValueSource,
        has_evidence: bool,
    ) -> Option<(T, bool)> {
        let both = raw.is_some() && computed.is_some();
        let first = match source {
            _ if has_evidence => false,
            ValueSource::Raw => false,
            ValueSource::Computed | ValueSource::Best => true,
        };
        if both && !has_evidence {
            let which = if first { "computed" } else { "recorded" };
            self.notes
                .once(&format!("{what}: there are two, the {which} one is used (see --{what})"));
        }
        match (first, source) {
            (false, _) => raw.map(|raw| (raw, false)),
            (true, ValueSource::Best) => {
                computed.map(|value| (value, true)).or(raw.map(|raw| (raw, false)))
            }
            (true, _) => computed.map(|value| (value, true)),
        }
    }

    fn place(&self, lon: Field, lat: Field) -> Result<Option<Position>, RowError> {
        match (self.number(lon)?, self.number(lat)?) {
            (Some(lon), Some(lat)) => Ok(Some(Position::new(lon, lat)?)),
            (None, None) => Ok(None),
            _ => Err(format!("only one of {} and {} has a value", lon.flat(), lat.flat()).into()),
        }
    }

    pub fn position(&self, options: &Options) -> Result<Option<Fix>, RowError> {
        if self.row.get(Field::PositionBy) == Some(NOT_FOUND) {
            return Ok(None);
        }
        let by = self.evidence(Field::PositionBy);
        let computed = self.place(Field::ComputedLon, Field::ComputedLat)?;
        let places = [self.place(Field::Lon, Field::Lat)?, computed];
        let place = self.one_of("position", places, options.position, by.is_some());
        let height = |field| self.height(field, options.heights);
        let heights = [height(Field::Altitude)?, height(Field::ComputedAltitude)?];
        let altitude = self.one_of("altitude", heights, options.altitude, by.is_some());
        let Some((place, is_computed)) = place else { return Ok(None) };
        Ok(Some(Fix {
            place,
            altitude_m: altitude.map(|(m, _)| m),
            captured_ms: self.captured_ms()?,
            speed_kmh: self.not_negative(Field::SpeedKmh)?,
            track_deg: self.number(Field::TrackDeg)?,
            hdop: self.not_negative(Field::Hdop)?,
            gap_s: by.as_ref().map_or(Ok(None), |_| self.number(Field::GapS))?,
            gap_m: by.as_ref().map_or(Ok(None), |_| self.number(Field::GapM))?,
            by: by.or(is_computed.then(|| "computed".into())),
        }))
    }

    /// An altitude; `None` for an implausible number, which is reported.
    fn height(&self, field: Field, heights: Heights) -> Result<Option<f64>, RowError> {
        let Some(m) = self.number(field)? else { return Ok(None) };
        let height = heights.read(m, None).map_err(|why| {
            let path = self.row.get(Field::Path).unwrap_or_default();
            self.notes.warn(&format!("'{path}': {} {m} {why}", field.flat()));
        });
        Ok(height.ok())
    }

    pub fn direction(&self, source: ValueSource) -> Result<Option<Heading>, RowError> {
        let by = self.evidence(Field::DirectionBy);
        let magnetic = by.as_deref() == Some(camera::MAGNETIC);
        let angles = [self.number(Field::CompassAngle)?, self.number(Field::ComputedCompassAngle)?];
        let angle = self.one_of("direction", angles, source, by.is_some() && !magnetic);
        Ok(angle.map(|(deg, is_computed)| Heading {
            direction: Direction { deg: deg.rem_euclid(360.0), magnetic: magnetic && !is_computed },
            by: if is_computed { Some("computed".into()) } else { by.filter(|_| !magnetic) },
        }))
    }

    fn captured_ms(&self) -> Result<Option<i64>, RowError> {
        let ms = self.row.integer(Field::CapturedAt)?;
        match ms {
            Some(ms) if utc(ms).is_none() => {
                Err(self.row.wrong(Field::CapturedAt, "a time in ms since 1970").into())
            }
            ms => Ok(ms),
        }
    }

    /// The camera's own clock if the row has it; otherwise the instant in the requested zone.
    pub fn time(
        &self,
        zone: ZoneFor,
        place: Option<Position>,
    ) -> Result<Option<Result<Clock, NoZone>>, RowError> {
        let captured_ms = self.captured_ms()?;
        if let Some(text) = self.row.get(Field::TakenAt) {
            let local: LocalTime = text.parse()?;
            let ahead_ms = captured_ms.map(|captured| local.clock_ms() - captured);
            let offset_s = ahead_ms.filter(|ms| {
                self.row.get(Field::Zone).is_some()
                    && ms % 60_000 == 0
                    && (-12 * 3_600_000..=14 * 3_600_000).contains(ms)
            });
            return Ok(Some(Ok(Clock { local, offset_s: offset_s.map(|ms| (ms / 1000) as i32) })));
        }
        let Some(captured_ms) = captured_ms else { return Ok(None) };
        let zone = match zone {
            ZoneFor::Zone(zone) => Ok(zone),
            ZoneFor::Position => place_zone(place),
        };
        Ok(zone.map(|zone| clock_in(zone, captured_ms)).transpose())
    }
}

/// `None` beyond the calendar.
fn clock_in(zone: Zone, captured_ms: i64) -> Option<Clock> {
    let offset_s = zone.offset_s(captured_ms)?;
    let local = LocalTime::at(captured_ms, offset_s)?;
    Some(Clock { local: camera::local_time(local.naive()), offset_s: Some(offset_s) })
}

fn place_zone(place: Option<Position>) -> Result<Zone, NoZone> {
    zone::zone_at(place.ok_or(NoZone::NoPosition)?).ok_or(NoZone::NotOnTheMap)
}

pub fn is_pano(row: &Row) -> Result<bool, RowError> {
    match row.get(Field::CameraType) {
        Some(kind) => Ok(matches!(kind, "equirectangular" | "spherical")),
        None => Ok(row.flag(Field::IsPano)?.unwrap_or(false)),
    }
}
