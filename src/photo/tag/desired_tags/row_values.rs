//! The values of a row in tag form: if it has both a recorded and a computed one, the one that the options select.

use super::{Clock, Fix, Heading};
use crate::format::exif::gps::Direction;
use crate::photo::camera;
use crate::photo::tag::options::{NoZone, Options, ValueSource, ZoneFor};
use crate::row::altitude::{Altitude, TWO_HEIGHTS};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, RowError};
use crate::value::geo::Position;
use crate::value::height_validity::Heights;
use crate::value::instant::LocalTime;
use crate::value::provenance::NOT_FOUND;
use crate::value::zone::{self, Instants, Zone};

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

    /// A position; `None` for 0, 0, which is reported.
    fn place(&self, lon: Field, lat: Field) -> Result<Option<Position>, RowError> {
        match (self.number(lon)?, self.number(lat)?) {
            (Some(lon_deg), Some(lat_deg)) => {
                let place = Position::new(lon_deg, lat_deg)?;
                if place.is_null_island() {
                    let path = self.row.get(Field::Path).unwrap_or_default();
                    let (lon, lat) = (lon.flat(), lat.flat());
                    self.notes.warn(&format!("'{path}': {lon} and {lat} {NULL_ISLAND}"));
                }
                Ok(Some(place).filter(|place| !place.is_null_island()))
            }
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
        let Some((place, is_computed)) = place else {
            altitude.iter().for_each(|_| self.notes.once(ALTITUDE_ALONE));
            return Ok(None);
        };
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
        let altitude = match field {
            Field::Altitude => Altitude::of(self.row)?,
            field => Altitude { m: self.number(field)?, other_m: None },
        };
        altitude.other_m.iter().for_each(|_| self.notes.once(TWO_HEIGHTS));
        let Some(m) = altitude.m else { return Ok(None) };
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
        Ok(self.row.instant_ms(Field::CapturedAt)?)
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
            let offset_s = self.offset_s(local, captured_ms)?;
            return Ok(Some(Ok(Clock { local, offset_s, is_of_camera: true })));
        }
        let Some(captured_ms) = captured_ms else { return Ok(None) };
        let zone = match zone {
            ZoneFor::Zone(zone) => Ok(zone),
            ZoneFor::Position => place_zone(place),
        };
        Ok(Some(match zone {
            Ok(zone) => Ok(self.clock_in(zone, captured_ms)?),
            Err(none) => Err(none),
        }))
    }

    /// How far the camera's clock is ahead of UTC: by the instant, which may have been corrected, and otherwise by
    /// the zone.
    fn offset_s(
        &self,
        local: LocalTime,
        captured_ms: Option<i64>,
    ) -> Result<Option<i32>, RowError> {
        let zone = self.row.get(Field::Zone).map(str::parse::<Zone>).transpose()?;
        let Some(captured_ms) = captured_ms else {
            return Ok(zone.and_then(|zone| self.offset_in(zone, local)));
        };
        let offset_s = written_offset_s(local.clock_ms() - captured_ms);
        let is = zone.and_then(|zone| zone.offset_s(captured_ms));
        match (offset_s, is) {
            (None, _) => self.notes.once(CLOCK_IS_OFF),
            (Some(by_instant), Some(by_zone)) if by_instant != by_zone => {
                self.notes.once(OTHER_ZONE);
            }
            _ => {}
        }
        Ok(offset_s)
    }

    fn offset_in(&self, zone: Zone, local: LocalTime) -> Option<i32> {
        match zone.instants_ms(local) {
            Instants::One(captured_ms) => zone.offset_s(captured_ms),
            Instants::Two(..) | Instants::Never => {
                self.notes.once(NOT_ONCE);
                None
            }
        }
    }

    fn clock_in(&self, zone: Zone, captured_ms: i64) -> Result<Clock, RowError> {
        let offset_s = zone.offset_s(captured_ms);
        let local = offset_s.and_then(|offset_s| LocalTime::at(captured_ms, offset_s));
        let local = local.ok_or_else(|| format!("{captured_ms} has no date in {zone}"))?;
        Ok(Clock { local: camera::local_time(local.naive()), offset_s, is_of_camera: false })
    }
}

/// Readers, ours included, take it for a receiver without a fix.
const NULL_ISLAND: &str = "are 0, 0, which is not a place";

/// Reported once per run.
const ALTITUDE_ALONE: &str =
    "some rows have an altitude and no position: the altitude is not written";

/// Reported once per run.
const CLOCK_IS_OFF: &str = "taken_at of some rows is not a whole zone ahead of captured_at, as after a correction of the \
    camera's clock: their files get the date without an offset from UTC";

/// Reported once per run.
const OTHER_ZONE: &str = "taken_at of some rows is ahead of captured_at by another offset than that of their zone: the \
    offset between both is written, so that the instant is right";

/// Reported once per run.
const NOT_ONCE: &str = "taken_at of some rows comes twice or never in their zone: their files get the date without an \
    offset from UTC";

/// An offset that a clock may have: a multiple of a quarter of an hour, if the instant has lost a fraction of a second.
fn written_offset_s(ahead_ms: i64) -> Option<i32> {
    let quarters = (ahead_ms as f64 / QUARTER_MS as f64).round() as i64;
    let is_real = (-12 * 4..=14 * 4).contains(&quarters);
    let is_near = (ahead_ms - quarters * QUARTER_MS).abs() < 1000;
    (is_real && is_near).then_some((quarters * QUARTER_MS / 1000) as i32)
}

const QUARTER_MS: i64 = 15 * 60 * 1000;

fn place_zone(place: Option<Position>) -> Result<Zone, NoZone> {
    zone::zone_at(place.ok_or(NoZone::NoPosition)?).ok_or(NoZone::NotOnTheMap)
}

pub fn is_pano(row: &Row) -> Result<bool, RowError> {
    match row.get(Field::CameraType) {
        Some(kind) => Ok(matches!(kind, "equirectangular" | "spherical")),
        None => Ok(row.flag(Field::IsPano)?.unwrap_or(false)),
    }
}
