//! set-dates: dates for pictures that have none: of the frames of a video by a start and a step from each to the next, of
//! others by their names.

use std::str::FromStr;

use chrono::FixedOffset;

use crate::format::exif::times;
use crate::row::{Field, Row};
use crate::value::instant::LocalTime;
use crate::value::name_time;
use crate::value::zone::{Instants, Zone};

use crate::photo::camera;
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, RowError, Scan, Shape};
use crate::value::provenance::{Status, TimeBy, ZoneBy};

/// A flag that is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    #[error("'{text}' {why}, such as 2024-05-01T12:00:00")]
    Date { text: String, why: &'static str },
    #[error("'{0}' is not a number of seconds such as 2, 0.5 or -1")]
    Interval(String),
}

/// When the first picture was taken, by its clock, and the zone if the text has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Start {
    pub local: LocalTime,
    pub zone: Option<Zone>,
}

impl FromStr for Start {
    type Err = FlagError;

    /// Reads `2024-05-01T12:00:00.5`, with or without an offset behind it.
    fn from_str(text: &str) -> Result<Self, FlagError> {
        let wrong = |why| FlagError::Date { text: text.to_string(), why };
        let time = times::date_time(text).map_err(wrong)?;
        let time = time.ok_or_else(|| wrong("is not a date and time"))?;
        let fixed = |offset: FixedOffset| Zone::Fixed(offset);
        Ok(Start { local: camera::local_time(time.local), zone: time.offset.map(fixed) })
    }
}

/// Time from one picture to the next, in nanoseconds; negative when the first
/// is the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval(i64);

impl FromStr for Interval {
    type Err = FlagError;

    /// Reads seconds with at most 9 decimals, without the detour of a double:
    /// a thousand steps of 0.1 are 100 seconds.
    fn from_str(text: &str) -> Result<Self, FlagError> {
        let wrong = || FlagError::Interval(text.to_string());
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        // A step of more than a year is a slip of the hand.
        let is_number =
            digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
        if !is_number || whole.len() > 7 || fraction.len() > 9 {
            return Err(wrong());
        }
        let seconds: i64 = format!("0{whole}").parse().map_err(|_| wrong())?;
        let nanos: i64 = format!("{fraction:0<9}").parse().map_err(|_| wrong())?;
        Ok(Interval(sign * (seconds * 1_000_000_000 + nanos)))
    }
}

impl Interval {
    /// So many steps, to the nearest millisecond.
    fn times_ms(self, number: u64) -> i64 {
        let ns = i128::from(self.0) * i128::from(number);
        let ms = (ns + 500_000).div_euclid(1_000_000);
        i64::try_from(ms).unwrap_or(i64::MAX)
    }
}

/// What tells the dates.
#[derive(Debug, Clone)]
pub enum DateSource {
    /// The n-th row gets the start and n steps.
    Steps(Start, Interval),
    /// The name of each file, by a pattern of strftime or by what is found in it.
    Names(Option<String>),
}

/// Gives each row a date.
pub struct SetDates {
    source: DateSource,
    zone: Option<Zone>,
    overwrite: bool,
    number: u64,
}

/// The clock of a row, and its instant with the zone where that is known.
type Dated = (LocalTime, Option<(i64, Zone)>);

impl SetDates {
    /// `zone` counts where the start or the name has none.
    ///
    /// # Errors
    /// A start that the zone's clocks show twice or never.
    pub fn new(
        source: DateSource,
        zone: Option<Zone>,
        overwrite: bool,
    ) -> Result<SetDates, FatalError> {
        if let DateSource::Steps(start, _) = &source
            && let Some(zone) = start.zone.or(zone)
        {
            instant_ms(start.local, zone).map_err(|why| FatalError(format!("--start: {why}")))?;
        }
        Ok(SetDates { source, zone, overwrite, number: 0 })
    }

    fn date(&self, row: &Row) -> Result<Dated, RowError> {
        match &self.source {
            DateSource::Steps(start, step) => {
                self.stepped(start, *step).ok_or_else(|| "the date is beyond the calendar".into())
            }
            DateSource::Names(pattern) => self.named(row, pattern.as_deref()),
        }
    }

    /// Steps are true seconds, so a change to summer time in between moves the clock.
    fn stepped(&self, start: &Start, step: Interval) -> Option<Dated> {
        let ahead_ms = step.times_ms(self.number);
        let Some(zone) = start.zone.or(self.zone) else {
            return Some((trimmed(start.local.moved_ms(ahead_ms)?), None));
        };
        let captured_ms = instant_ms(start.local, zone).ok()?.checked_add(ahead_ms)?;
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
        let Some(zone) = time.offset.map(Zone::Fixed).or(self.zone) else {
            return Ok((local, None));
        };
        Ok((local, Some((instant_ms(local, zone)?, zone))))
    }

    fn set(&self, row: &mut Row) -> Result<(), RowError> {
        let (local, instant) = self.date(row)?;
        row.set_display(Field::TakenAt, local);
        row.set(
            Field::TimeBy,
            if matches!(self.source, DateSource::Names(_)) {
                TimeBy::Name.word()
            } else {
                TimeBy::Given.word()
            },
        );
        for field in [Field::CapturedAt, Field::Zone, Field::ZoneBy] {
            row.clear(field);
        }
        if let Some((captured_ms, zone)) = instant {
            row.set_display(Field::CapturedAt, captured_ms);
            row.set_display(Field::Zone, zone);
            row.set(Field::ZoneBy, ZoneBy::Given.word());
        }
        Ok(())
    }
}

/// The one instant at which a clock of the zone shows this.
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
        ];
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: sets.map(|field| field.into()).to_vec(),
            ..Shape::default()
        }
    }

    /// A date that was read stays, and takes its place in the count. When a file was changed is no date of its picture.
    fn push(
        &mut self,
        mut row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let is_modified = row.get(Field::TimeBy) == Some(TimeBy::Modified.word());
        let has_date = row.get(Field::TakenAt).is_some() && !is_modified;
        if has_date && !self.overwrite {
            row.set(Field::Status, Status::Held.word());
            notes.once("some pictures already have a date, which is kept: --overwrite replaces it");
            out.push(Outcome::Rows(vec![row]));
        } else {
            row.set(Field::Status, Status::Done.word());
            out.push(match self.set(&mut row) {
                Err(what) => Outcome::failed(row, what),
                Ok(()) => Outcome::Rows(vec![row]),
            });
        }
        self.number += 1;
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        Ok(())
    }
}

/// No more digits than the time needs.
fn trimmed(time: LocalTime) -> LocalTime {
    camera::local_time(time.naive())
}

#[cfg(test)]
mod tests;
