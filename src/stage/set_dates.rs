//! set-dates: dates for pictures that have none, such as the frames of a
//! video: a start, and a step from each to the next.

use std::str::FromStr;

use chrono::FixedOffset;

use crate::format::exif::times;
use crate::row::{Field, Row};
use crate::value::time::LocalTime;
use crate::value::zone::{Instants, Zone};

use super::{Fault, Notes, Outcome, Scan, Shape, camera};

/// When the first picture was taken, by its clock, and the zone if the text has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Start {
    pub local: LocalTime,
    pub zone: Option<Zone>,
}

impl FromStr for Start {
    type Err = String;

    /// Reads `2024-05-01T12:00:00.5`, with or without an offset behind it.
    fn from_str(text: &str) -> Result<Self, String> {
        let time = times::date_time(text).map_err(|why| format!("'{text}' {why}"))?;
        let time = time.ok_or_else(|| format!("'{text}' is no date and time"))?;
        let fixed = |offset: FixedOffset| Zone::Fixed(offset);
        Ok(Start { local: camera::local_time(time.local), zone: time.offset.map(fixed) })
    }
}

/// Time from one picture to the next, in nanoseconds; negative when the first
/// is the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step(i64);

impl FromStr for Step {
    type Err = String;

    /// Reads seconds with at most 9 decimals, without the detour of a double:
    /// a thousand steps of 0.1 are 100 seconds.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is no number of seconds such as 2, 0.5 or -1");
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
        Ok(Step(sign * (seconds * 1_000_000_000 + nanos)))
    }
}

impl Step {
    /// So many steps, to the nearest millisecond.
    fn times_ms(self, number: u64) -> i64 {
        let ns = i128::from(self.0) * i128::from(number);
        let ms = (ns + 500_000).div_euclid(1_000_000);
        i64::try_from(ms).unwrap_or(i64::MAX)
    }
}

/// Gives the n-th row the start and n steps.
pub struct SetDates {
    start: LocalTime,
    zone: Option<Zone>,
    step: Step,
    overwrite: bool,
    number: u64,
}

impl SetDates {
    /// `zone` counts where the start has none.
    ///
    /// # Errors
    /// A start that the zone's clocks show twice or never.
    pub fn new(
        start: Start,
        step: Step,
        zone: Option<Zone>,
        overwrite: bool,
    ) -> Result<SetDates, Fault> {
        let zone = start.zone.or(zone);
        let local = start.local;
        match zone.map(|zone| zone.instants_ms(local)) {
            Some(Instants::Two(..)) => {
                return Err(Fault(format!(
                    "'{local}' comes twice in that zone: give --start with an offset such as +02:00"
                )));
            }
            Some(Instants::Never) => {
                return Err(Fault(format!("no clock of that zone shows '{local}'")));
            }
            _ => {}
        }
        Ok(SetDates { start: local, zone, step, overwrite, number: 0 })
    }

    /// The clock and the instant of the row at hand. Steps are true seconds,
    /// so a change to summer time in between moves the clock.
    fn times(&self) -> Option<(LocalTime, Option<i64>)> {
        let ahead_ms = self.step.times_ms(self.number);
        let zone = match self.zone {
            None => return Some((trimmed(self.start.moved_ms(ahead_ms)?), None)),
            Some(zone) => zone,
        };
        let Instants::One(start_ms) = zone.instants_ms(self.start) else { return None };
        let captured_ms = start_ms.checked_add(ahead_ms)?;
        let local = LocalTime::at(captured_ms, zone.offset_s(captured_ms)?)?;
        Some((trimmed(local), Some(captured_ms)))
    }

    fn set(&self, row: &mut Row) -> Result<(), String> {
        let (local, captured_ms) = self.times().ok_or("the date is beyond the calendar")?;
        row.set_display(Field::TakenAt, local);
        for field in [Field::CapturedAt, Field::Zone, Field::ZoneBy] {
            row.clear(field);
        }
        if let Some((captured_ms, zone)) = captured_ms.zip(self.zone) {
            row.set_display(Field::CapturedAt, captured_ms);
            row.set_display(Field::Zone, zone);
            row.set(Field::ZoneBy, "given");
        }
        Ok(())
    }
}

impl Scan for SetDates {
    fn shape(&self) -> Shape {
        let sets = [Field::TakenAt, Field::CapturedAt, Field::Zone, Field::ZoneBy, Field::Status];
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: sets.map(|field| field.into()).to_vec(),
            ..Shape::default()
        }
    }

    /// A date that was read stays, and takes its place in the count.
    fn push(
        &mut self,
        mut row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Notes,
    ) -> Result<(), Fault> {
        let has_date = row.get(Field::TakenAt).is_some();
        if has_date && !self.overwrite {
            row.set(Field::Status, "held");
            notes.once("some pictures have a date, which stays: --overwrite replaces it");
            out.push(Outcome::Rows(vec![row]));
        } else {
            row.set(Field::Status, "done");
            out.push(match self.set(&mut row) {
                Err(what) => Outcome::Failed(row, what),
                Ok(()) => Outcome::Rows(vec![row]),
            });
        }
        self.number += 1;
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Notes) -> Result<(), Fault> {
        Ok(())
    }
}

/// No more digits than the time needs.
fn trimmed(time: LocalTime) -> LocalTime {
    camera::local_time(time.naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(start: &str, step: &str, zone: Option<&str>) -> Vec<(String, Option<i64>)> {
        let zone = zone.map(|zone| zone.parse().unwrap());
        let (start, step) = (start.parse().unwrap(), step.parse().unwrap());
        let mut dates = SetDates::new(start, step, zone, false).unwrap();
        let mut next = || {
            let (local, captured_ms) = dates.times().unwrap();
            dates.number += 1;
            (local.to_string(), captured_ms)
        };
        (0..3).map(|_| next()).collect()
    }

    #[test]
    fn fractions_and_steps_back_are_taken() {
        let found = times("2024-05-01T12:00:00", "0.25", None);
        assert_eq!(found[1], ("2024-05-01T12:00:00.25".into(), None));
        assert_eq!(times("2024-05-01 12:00:00", "-1", None)[2].0, "2024-05-01T11:59:58");
    }

    #[test]
    fn many_small_steps_add_up_exactly() {
        let step: Step = "0.033333333".parse().unwrap();
        assert_eq!(step.times_ms(3_000), 100_000);
        let tenth: Step = "0.1".parse().unwrap();
        assert_eq!(tenth.times_ms(1_000_000), 100_000_000);
    }

    #[test]
    fn a_zone_makes_the_instant_known() {
        let found = times("2024-05-01T12:00:00+02:00", "1", Some("America/New_York"));
        assert_eq!(found[0].1, Some(1_714_557_600_000), "the zone of the start counts");
        assert_eq!(
            times("2024-05-01T12:00:00", "1", Some("Europe/Berlin"))[1].1,
            Some(1_714_557_601_000)
        );
    }

    #[test]
    fn the_clock_jumps_when_summer_time_begins() {
        let found = times("2024-03-31T01:59:59", "1", Some("Europe/Berlin"));
        assert_eq!(
            (found[1].0.as_str(), found[1].1),
            ("2024-03-31T03:00:00", Some(1_711_846_800_000))
        );
    }

    #[test]
    fn a_start_that_comes_twice_or_never_is_refused() {
        for start in ["2024-10-27T02:30:00", "2024-03-31T02:30:00"] {
            let zone = "Europe/Berlin".parse().ok();
            let made = SetDates::new(start.parse().unwrap(), Step(1), zone, false);
            assert!(made.is_err(), "{start}");
        }
    }

    #[test]
    fn what_is_no_start_or_step_is_refused() {
        for text in ["", "2024-05-01", "noon", "2024-05-01T12:0"] {
            assert!(text.parse::<Start>().is_err(), "{text}");
        }
        for text in ["", "-", ".", "1e3", "1.0000000001", "99999999", "--1", "nan"] {
            assert!(text.parse::<Step>().is_err(), "{text}");
        }
    }
}
