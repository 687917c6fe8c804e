//! set-dates: sets dates of pictures without one: for video frames from a start time and an interval, for others from
//! the file name.

mod known_instant;
mod steps;

use chrono::FixedOffset;

use crate::row::{Field, Row};
use crate::value::instant::LocalTime;
use crate::value::name_time;
use crate::value::zone::{self, Instants, Zone};

use crate::photo::camera;
use crate::photo::why::clear_remarks;
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, RowError, Scan, Shape};
use crate::value::provenance::{Status, TimeBy, ZoneBy};
pub use steps::{FlagError, Interval, Start};

/// The source of the dates.
#[derive(Debug, Clone)]
pub enum DateSource {
    /// The n-th row gets the start plus n intervals.
    Steps(Start, Interval),
    /// The name of each file, by a strftime pattern or by a date found in it.
    Names(Option<String>),
}

/// Gives each row a date.
pub struct SetDates {
    source: DateSource,
    zone: Option<Zone>,
    overwrite: bool,
    number: u64,
}

const BEYOND: &str = "the date is beyond the years 1 to 9999";

/// The local time of a row, and its instant with the zone if known.
type Dated = (LocalTime, Option<(i64, Zone)>);

impl SetDates {
    /// `zone` is that of the camera's clock. If the start or a name has an offset of its own, both have to agree.
    ///
    /// # Errors
    /// If the start occurs twice or never in the zone, or has another offset.
    pub fn new(
        source: DateSource,
        zone: Option<Zone>,
        overwrite: bool,
    ) -> Result<SetDates, FatalError> {
        if let DateSource::Steps(start, _) = &source {
            captured(start.local, start.offset, zone)
                .map_err(|why| FatalError(format!("--start: {why}")))?;
        }
        Ok(SetDates { source, zone, overwrite, number: 0 })
    }

    fn date(&self, row: &Row) -> Result<Dated, RowError> {
        match &self.source {
            DateSource::Steps(start, step) => {
                self.stepped(start, *step).ok_or_else(|| BEYOND.into())
            }
            DateSource::Names(pattern) => self.named(row, pattern.as_deref()),
        }
    }

    /// Intervals are true seconds, so a change to or from summer time in between moves the clock.
    fn stepped(&self, start: &Start, step: Interval) -> Option<Dated> {
        let ahead_ms = step.times_ms(self.number);
        let Some((start_ms, zone)) = captured(start.local, start.offset, self.zone).ok()? else {
            return Some((trimmed(start.local.moved_ms(ahead_ms)?), None));
        };
        let captured_ms = start_ms.checked_add(ahead_ms)?;
        let local = LocalTime::at(captured_ms, zone.offset_s(captured_ms)?)?;
        Some((trimmed(local), Some((captured_ms, zone))))
    }

    fn named(&self, row: &Row, pattern: Option<&str>) -> Result<Dated, RowError> {
        let place = row.get(Field::Member).filter(|_| row.get(Field::Path).is_none());
        let name = place.or(row.get(Field::Path)).ok_or("the row has no path")?;
        let name = name.rsplit('/').next().unwrap_or(name);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let time = match pattern {
            Some(pattern) => name_time::find_by(stem, pattern)?,
            None => name_time::find(stem)?,
        };
        let local = camera::local_time(time.local);
        let is_utc = time.offset.is_some_and(|offset| offset.local_minus_utc() == 0);
        if let (true, Some(zone)) = (is_utc, self.zone) {
            return in_zone(local.clock_ms(), zone);
        }
        Ok((local, captured(local, time.offset, self.zone)?))
    }

    /// The status of a row, once it has its date. A date that was read is kept, and so is an instant. The modification
    /// date of a file is not a date of its picture.
    fn give(&self, row: &mut Row, notes: &dyn Diagnostics) -> Result<Status, RowError> {
        clear_remarks(row, &known_instant::REMARKS);
        let is_modified = row.get(Field::TimeBy) == Some(TimeBy::Modified.word());
        if self.overwrite || is_modified {
            return self.set(row, None).map(|()| Status::Done);
        }
        if row.get(Field::TakenAt).is_some() {
            notes.once("some pictures already have a date, which is kept: --overwrite replaces it");
            return Ok(Status::Held);
        }
        if let Some(captured_ms) = row.instant_ms(Field::CapturedAt)? {
            return self.keep_instant(row, captured_ms, notes);
        }
        let own = row.get(Field::Zone).map(str::parse).transpose()?;
        self.set(row, own).map(|()| Status::Done)
    }

    /// Dates a row; `own` is the zone of the row, which counts unless another one is given.
    fn set(&self, row: &mut Row, own: Option<Zone>) -> Result<(), RowError> {
        let (local, mut instant) = self.date(row)?;
        let is_given = instant.is_some();
        if let Some(own) = own {
            instant = self.with_own_zone(row, local, instant, own);
        }
        row.set_display(Field::TakenAt, local);
        row.set(
            Field::TimeBy,
            if matches!(self.source, DateSource::Names(_)) {
                TimeBy::Name.word()
            } else {
                TimeBy::Given.word()
            },
        );
        row.clear(Field::CapturedAt);
        if is_given || own.is_none() {
            [Field::Zone, Field::ZoneBy].into_iter().for_each(|field| row.clear(field));
        }
        if let Some((captured_ms, zone)) = instant {
            row.set_display(Field::CapturedAt, captured_ms);
            row.set_display(Field::Zone, zone);
        }
        if is_given {
            row.set(Field::ZoneBy, ZoneBy::Given.word());
        }
        Ok(())
    }
}

/// A name in UTC says when, and not what the camera's clock showed.
fn in_zone(captured_ms: i64, zone: Zone) -> Result<Dated, RowError> {
    let offset_s = zone.offset_s(captured_ms).ok_or(BEYOND)?;
    let local = LocalTime::at(captured_ms, offset_s).ok_or(BEYOND)?;
    Ok((trimmed(local), Some((captured_ms, zone))))
}

/// The instant of a time and its zone, by its own offset if it has one.
fn captured(
    local: LocalTime,
    offset: Option<FixedOffset>,
    zone: Option<Zone>,
) -> Result<Option<(i64, Zone)>, RowError> {
    let Some(offset) = offset else {
        return zone.map(|zone| Ok((instant_ms(local, zone)?, zone))).transpose();
    };
    let own = Zone::Fixed(offset);
    let captured_ms = instant_ms(local, own)?;
    let in_zone = zone.map(|zone| (zone, zone.offset_s(captured_ms)));
    match in_zone {
        Some((zone, is)) if is != Some(offset.local_minus_utc()) => {
            let is = zone::offset_text(is.unwrap_or_default());
            Err(format!("'{local}' has the offset {own}, and a clock of {zone} is at {is} then")
                .into())
        }
        _ => Ok(Some((captured_ms, zone.unwrap_or(own)))),
    }
}

/// The only instant at which a clock of the zone shows this time.
fn instant_ms(local: LocalTime, zone: Zone) -> Result<i64, RowError> {
    match zone.instants_ms(local) {
        Instants::One(ms) => Ok(ms),
        Instants::Two(..) => {
            Err(format!("'{local}' comes twice in {zone}: give an offset such as +02:00").into())
        }
        Instants::Never => Err(format!("no clock of {zone} ever shows '{local}'").into()),
    }
}

impl Scan for SetDates {
    fn shape(&self, _: &InputHeader) -> Shape {
        let sets = [
            Field::TakenAt,
            Field::TimeBy,
            Field::CapturedAt,
            Field::Zone,
            Field::ZoneBy,
            Field::Status,
            Field::Why,
        ];
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: sets.map(|field| field.into()).to_vec(),
            ..Shape::default()
        }
    }

    /// A row that keeps its date still counts.
    fn push(
        &mut self,
        mut row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        out.push(match self.give(&mut row, notes) {
            Err(what) => Outcome::failed(row, what),
            Ok(status) => {
                row.set(Field::Status, status.word());
                Outcome::Rows(vec![row])
            }
        });
        self.number += 1;
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        Ok(())
    }
}

/// Without more fractional digits than needed.
fn trimmed(time: LocalTime) -> LocalTime {
    camera::local_time(time.naive())
}

#[cfg(test)]
mod tests;
