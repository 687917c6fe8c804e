//! Glider logs in the IGC format (FAI, "Technical Specification for GNSS Flight Recorders", appendix A).
//!
//! Signatures are not checked.

use chrono::{Days, NaiveDate, NaiveTime};

use super::point::{Time, TrackPoint};
use super::scalars;
use crate::format::{ErrorLocation, Malformed, parsed_track::Recording};
use crate::value::geo::Position;
use crate::value::track::Fix;

const UNREADABLE: &str = "B records left out that cannot be read";
const NOT_VALID: &str = "fixes left out that the recorder marks as not valid (V)";
const NO_DATE: &str = "fixes left out without a date, which a record HFDTE would give";
const NO_HEIGHT: &str = "points without a height by satellites";

/// Reads a whole log as one segment.
///
/// # Errors
/// Only if there is no B record, or neither a date nor a recorder name.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    let text = scalars::decode(bytes);
    let mut log = Log::default();
    let mut is_igc = false;
    for (line, record) in (1..).zip(text.lines()) {
        let record = record.trim_end();
        match record.as_bytes().first() {
            Some(b'A') if line == 1 => is_igc = true,
            Some(b'H') if record.get(2..5) == Some("DTE") => {
                is_igc = true;
                log.set_date(&record[5..]);
            }
            Some(b'I') => log.extensions = extensions(record).unwrap_or_default(),
            Some(b'B') => {
                log.fix(record, ErrorLocation::Line(line));
            }
            _ => {}
        }
    }
    if is_igc && log.has_fixes {
        Ok(log.finish())
    } else {
        Err(Malformed::at_line(1, "not IGC: there is no B record"))
    }
}

/// Whether the first lines are those of an IGC log.
pub fn is_igc(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim_end);
    let is_recorder = |line: &str| {
        line.len() >= 4
            && line.starts_with('A')
            && line[1..].bytes().all(|b| b.is_ascii_graphic() || b == b' ')
    };
    let is_first = head.is_ascii() && head.lines().next().is_some_and(is_recorder);
    lines.any(|line| {
        let is_date = line.starts_with('H') && line.get(2..5) == Some("DTE");
        is_date || is_first && fields(line).is_some()
    })
}

#[derive(Default)]
struct Log {
    recording: Recording,
    segment: Vec<Fix>,
    date: Option<NaiveDate>,
    last: Option<NaiveTime>,
    extensions: Vec<Extension>,
    has_fixes: bool,
}

/// Bytes at the end of each B record, as defined by the I record.
struct Extension {
    start: usize,
    end: usize,
    code: String,
}

impl Log {
    /// `HFDTEDDMMYY`, or `HFDTEDATE:DDMMYY,NN` with the flight number.
    fn set_date(&mut self, text: &str) {
        let text = text.trim_start_matches("DATE").trim_start_matches([':', ' ']);
        let number = |at: usize| text.get(at..at + 2)?.parse::<u32>().ok();
        let (Some(day), Some(month), Some(year)) = (number(0), number(2), number(4)) else {
            return;
        };
        let year = if year >= 80 { 1900 + year } else { 2000 + year };
        self.date = NaiveDate::from_ymd_opt(year as i32, month, day);
        self.last = None;
    }

    fn fix(&mut self, record: &str, at: ErrorLocation) {
        let Some((time, position, is_valid)) = fields(record) else {
            return self.recording.remark(UNREADABLE, at);
        };
        self.has_fixes = true;
        if !is_valid {
            return self.recording.remark(NOT_VALID, at);
        }
        let Some(date) = self.day_of(time) else { return self.recording.remark(NO_DATE, at) };
        let extension_ms = self.extension(record, "TDS").map_or(0, milliseconds);
        let mut point = TrackPoint::new(at, self.refined(record, position));
        let ms = date.and_time(time).and_utc().timestamp_millis() + extension_ms;
        point.time = Time::from_ms(ms);
        let height = |from: usize| record.get(from..from + 5)?.trim().parse::<f64>().ok();
        let (pressure_m, satellites_m) = (height(25), height(30));
        // A recorder without a satellite altitude writes 0, which the pressure altitude reveals.
        let is_known = satellites_m != Some(0.0) || pressure_m == Some(0.0);
        point.ele_m = satellites_m.filter(|_| is_known);
        point.set_speed_mps(self.number(record, "GSP").map(|kmh| kmh / 3.6));
        point.set_course(self.number(record, "TRT"));
        if point.ele_m.is_none() {
            self.recording.remark(NO_HEIGHT, at);
        }
        self.segment.extend(point.into_fix(&mut self.recording));
    }

    /// The date, which advances when the clock passes midnight.
    fn day_of(&mut self, time: NaiveTime) -> Option<NaiveDate> {
        let back = self.last.map(|last| last.signed_duration_since(time).num_hours());
        if back.is_some_and(|hours| hours >= 12) {
            self.date = self.date?.checked_add_days(Days::new(1));
        }
        self.last = Some(time);
        self.date
    }

    fn extension<'a>(&self, record: &'a str, code: &str) -> Option<&'a str> {
        let extension = self.extensions.iter().find(|extension| extension.code == code)?;
        record.get(extension.start..extension.end)
    }

    fn number(&self, record: &str, code: &str) -> Option<f64> {
        self.extension(record, code)?.trim().parse().ok()
    }

    /// The position with the extra digits of its minutes from LAD and LOD.
    fn refined(&self, record: &str, position: Position) -> Option<Position> {
        let digits_deg = |code| {
            let digits = self.extension(record, code)?;
            let number: f64 =
                digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
            Some(number / 10_f64.powi(3 + digits.len() as i32) / 60.0)
        };
        let further = |code, is_negative: bool| {
            digits_deg(code).unwrap_or(0.0) * if is_negative { -1.0 } else { 1.0 }
        };
        let lat_deg = position.lat_deg() + further("LAD", record.as_bytes()[14] == b'S');
        let lon_deg = position.lon_deg() + further("LOD", record.as_bytes()[23] == b'W');
        Position::new(lon_deg, lat_deg).ok()
    }

    fn finish(mut self) -> Recording {
        if !self.segment.is_empty() {
            self.recording.segments.push(self.segment);
        }
        self.recording
    }
}

/// `BHHMMSSDDMMmmmNDDDMMmmmEA`: time, position, and whether it is a satellite fix.
fn fields(record: &str) -> Option<(NaiveTime, Position, bool)> {
    let record = record.get(..25).filter(|record| record.is_ascii() && record.starts_with('B'))?;
    let number = |from: usize, to: usize| {
        let digits = &record[from..to];
        digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let time = NaiveTime::from_hms_opt(number(1, 3)?, number(3, 5)?, number(5, 7)?)?;
    let degrees = |whole: u32, thousandths: u32, letter: &str, letters: [&str; 2]| {
        let degrees = f64::from(whole) + f64::from(thousandths) / 60_000.0;
        let sign = match letter {
            _ if thousandths >= 60_000 => return None,
            letter if letter == letters[0] => 1.0,
            letter if letter == letters[1] => -1.0,
            _ => return None,
        };
        Some(sign * degrees)
    };
    let lat_deg = degrees(number(7, 9)?, number(9, 14)?, &record[14..15], ["N", "S"])?;
    let lon_deg = degrees(number(15, 18)?, number(18, 23)?, &record[23..24], ["E", "W"])?;
    let is_valid = match &record[24..25] {
        "A" => true,
        "V" => false,
        _ => return None,
    };
    Some((time, Position::new(lon_deg, lat_deg).ok()?, is_valid))
}

/// `I` and a count, then for each extension its first and last byte, counted from 1, and its three-letter code.
fn extensions(record: &str) -> Option<Vec<Extension>> {
    let count: usize = record.get(1..3)?.parse().ok()?;
    let parts = (0..count).map(|n| record.get(3 + n * 7..10 + n * 7));
    let read = |part: &str| {
        let (start, end): (usize, usize) = (part[..2].parse().ok()?, part[2..4].parse().ok()?);
        Some(Extension { start: start.checked_sub(1)?, end, code: part[4..].to_string() })
    };
    Some(parts.map_while(|part| part.filter(|part| part.is_ascii()).and_then(read)).collect())
}

/// Decimal digits of a second, in milliseconds.
fn milliseconds(digits: &str) -> i64 {
    format!("0.{digits}").parse().map_or(0, |second: f64| (second * 1000.0).round() as i64)
}

#[cfg(test)]
mod tests;
