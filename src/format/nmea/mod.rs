//! NMEA 0183 logs of any talker: places from RMC, GGA, GNS and GLL, dates from RMC and ZDA, speed from VTG.

mod fields;

use chrono::{Days, NaiveDate, NaiveTime};

use fields::SentenceFields;

use super::track_log::Recording;
use super::{ErrorLocation, Malformed};
use crate::value::{
    geo::Position,
    gps_week::correction_ms,
    track::{Fix, Measure},
};

const KMH_PER_KNOT: f64 = 1.852;

/// IEC 61162-1 allows 82 characters; receivers write more, but nothing like this.
const MAX_SENTENCE: usize = 400;

/// The sentences that are looked at.
const KINDS: [&str; 6] = ["RMC", "GGA", "GNS", "GLL", "ZDA", "VTG"];

const WRONG_SUM: &str = "sentences with a wrong checksum left out";
const NO_SUM: &str = "sentences without a checksum taken as they are";
const UNREADABLE: &str = "sentences left out that cannot be read";
const NOT_VALID: &str = "sentences left out that the receiver marks as not valid";
const NO_DATE: &str = "fixes left out without a date, which RMC or ZDA would give";
const DATE_OF_RIDE: &str = "fixes without a date taken as of the first photo's day";
const ROLLED: &str = "dates moved by 1024 weeks, for the receiver's week number rolled over";

/// Reads a whole log as one segment. With `near_ms`, some instant of the ride such as a photo's,
/// dates that the roll-over of the week number put 1024 weeks away are brought back.
///
/// # Errors
/// Only for what has no sentence of NMEA at all.
pub fn read(bytes: &[u8], near_ms: Option<i64>) -> Result<Recording, Malformed> {
    let mut log = Log { near_ms, ..Log::default() };
    for (line, sentence) in sentences(bytes) {
        log.sentence_at(sentence, line);
    }
    log.finish()
}

/// Whether there is a sentence that has a place, a date or a speed.
pub fn is_nmea(bytes: &[u8]) -> bool {
    sentences(bytes).any(|(_, sentence)| {
        let address = sentence.strip_prefix(b"$").and_then(|sentence| sentence.get(..6));
        address.is_some_and(|address| {
            let kind = std::str::from_utf8(&address[2..5]).unwrap_or_default();
            address[5] == b',' && address[0] != b'P' && KINDS.contains(&kind)
        })
    })
}

/// What stands between one beginning of a sentence, `$` or `!`, or end of a line, and the next, with the number of its line.
/// Loggers put times of their own before a sentence, two sentences in a line, or a whole log.
fn sentences(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut line = 1;
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (&first, after) = rest.split_first()?;
        let ends = |byte: &u8| matches!(byte, b'\n' | b'\r' | b'$' | b'!');
        let end = after.iter().position(ends).map_or(rest.len(), |end| end + 1);
        let (sentence, left) = rest.split_at(end);
        rest = left;
        let is_pair = first == b'\n' && bytes[..bytes.len() - left.len() - end].ends_with(b"\r");
        line += u64::from(matches!(first, b'\n' | b'\r') && !is_pair);
        Some((line, sentence))
    })
}

/// What the sentences of one time say together.
#[derive(Default)]
struct Epoch {
    time: NaiveTime,
    line: u64,
    date: Option<NaiveDate>,
    position: Option<Position>,
    ele_m: Option<f64>,
    hdop: Option<f64>,
    speed_kmh: Option<f64>,
    course_deg: Option<f64>,
}

#[derive(Default)]
struct Log {
    near_ms: Option<i64>,
    is_nmea: bool,
    epoch: Option<Epoch>,
    /// Fixes before the first date.
    undated: Vec<Epoch>,
    /// When the last epoch with a known date was.
    dated: Option<(NaiveDate, NaiveTime)>,
    fixes: Vec<Fix>,
    recording: Recording,
}

impl Log {
    fn sentence_at(&mut self, sentence: &[u8], line: u64) {
        let sentence = sentence.trim_ascii();
        let Some(sentence) = sentence.strip_prefix(b"$").or(sentence.strip_prefix(b"!")) else {
            return;
        };
        let (body, sum) = match memchr::memchr(b'*', sentence) {
            Some(star) => (&sentence[..star], Some(&sentence[star + 1..])),
            None => (sentence, None),
        };
        let text = std::str::from_utf8(body).ok().filter(|text| text.len() <= MAX_SENTENCE);
        let Some((address, rest)) = text.and_then(|text| text.split_once(',')) else {
            return self.remark(UNREADABLE, line);
        };
        // Two letters of any talker, then the sentence; P is somebody's own.
        let Some(kind) = address.get(2..).filter(|_| address.len() == 5) else { return };
        if !KINDS.contains(&kind) || address.starts_with('P') {
            return;
        }
        match sum.map(|sum| right(body, sum)) {
            Some(false) => return self.remark(WRONG_SUM, line),
            None => self.remark(NO_SUM, line),
            Some(true) => {}
        }
        self.is_nmea = true;
        if self.sentence(kind, &SentenceFields(rest.split(',').collect()), line).is_none() {
            self.remark(UNREADABLE, line);
        }
    }

    /// None when a field that must be there cannot be read.
    fn sentence(&mut self, kind: &str, fields: &SentenceFields<'_>, line: u64) -> Option<()> {
        match kind {
            "RMC" if fields.get(1) == Some("A") => {
                let (position, date) = (fields.position(2)?, fields.date(8)?);
                let epoch = self.epoch(fields.time(0)?, line);
                epoch.position = epoch.position.or(Some(position));
                epoch.date = Some(date);
                epoch.speed_kmh = fields.number(6).map(|knots| knots * KMH_PER_KNOT);
                epoch.course_deg = fields.number(7);
            }
            // Quality 0 is no fix, and a receiver without one leaves its fields empty.
            "GGA" if fields.number(5).is_some_and(|quality| quality > 0.0) => {
                let position = fields.position(1)?;
                let epoch = self.epoch(fields.time(0)?, line);
                epoch.position = Some(position);
                epoch.hdop = fields.number(7);
                epoch.ele_m = fields.number(8);
            }
            // One letter of mode for each system of satellites; N is none.
            "GNS" if fields.get(5).is_some_and(|mode| mode.bytes().any(|mode| mode != b'N')) => {
                let position = fields.position(1)?;
                let epoch = self.epoch(fields.time(0)?, line);
                epoch.position = Some(position);
                epoch.hdop = epoch.hdop.or(fields.number(7));
                epoch.ele_m = epoch.ele_m.or(fields.number(8));
            }
            // The status came with version 2.0.
            "GLL" if fields.get(5).unwrap_or("A") == "A" && fields.get(4).is_some() => {
                let position = fields.position(0)?;
                let epoch = self.epoch(fields.time(4)?, line);
                epoch.position = epoch.position.or(Some(position));
            }
            "ZDA" if fields.get(0).is_some() && fields.get(3).is_some() => {
                let number = |at| fields.get(at)?.parse::<u32>().ok();
                let (day, month, year) = (number(1)?, number(2)?, number(3)?);
                let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
                self.epoch(fields.time(0)?, line).date = Some(date);
            }
            // A place without a fix: before it is known, only empty fields are usual.
            "RMC" | "GLL" | "GGA" | "GNS" => {
                let place = if kind == "RMC" { 2 } else { usize::from(kind != "GLL") };
                if fields.get(place).is_some() {
                    self.remark(NOT_VALID, line);
                }
            }
            // It has no time, so it belongs to the sentences before.
            "VTG" => {
                let epoch = self.epoch.as_mut()?;
                epoch.course_deg = epoch.course_deg.or(fields.number(0));
                epoch.speed_kmh = epoch.speed_kmh.or(fields.number(6));
            }
            _ => {}
        }
        Some(())
    }

    /// The epoch of this time; another time ends the one before.
    fn epoch(&mut self, time: NaiveTime, line: u64) -> &mut Epoch {
        if self.epoch.as_ref().is_none_or(|epoch| epoch.time != time) {
            self.end_epoch();
        }
        self.epoch.get_or_insert_with(|| Epoch { time, line, ..Epoch::default() })
    }

    fn end_epoch(&mut self) {
        let Some(epoch) = self.epoch.take() else { return };
        let known = epoch.date.map(|date| self.unrolled(date, &epoch));
        let followed = self.dated.and_then(|(date, time)| day_after(date, time, epoch.time));
        let Some(date) = known.or(followed) else {
            self.undated.push(epoch);
            return;
        };
        self.dated = Some((date, epoch.time));
        // Fixes before the first date are of its day, or of the day before when their hour is late.
        for earlier in std::mem::take(&mut self.undated) {
            let late = earlier.time > epoch.time;
            let day = if late { date.pred_opt() } else { Some(date) };
            self.fixes.extend(day.and_then(|day| fix(&earlier, day)));
        }
        self.fixes.extend(fix(&epoch, date));
    }

    /// A log without any date is of the days around the ride.
    fn date(&mut self, epoch: Epoch) {
        let date = match (self.dated, self.near_ms) {
            (Some((date, time)), _) => day_after(date, time, epoch.time),
            (None, Some(near_ms)) => nearest_day(near_ms, epoch.time),
            (None, None) => None,
        };
        if epoch.position.is_some() {
            self.remark(if date.is_some() { DATE_OF_RIDE } else { NO_DATE }, epoch.line);
        }
        if let Some(date) = date {
            self.dated = Some((date, epoch.time));
            self.fixes.extend(fix(&epoch, date));
        }
    }

    /// The date within 512 weeks of the ride, when that is known.
    fn unrolled(&mut self, date: NaiveDate, epoch: &Epoch) -> NaiveDate {
        let Some(near_ms) = self.near_ms else { return date };
        let date_ms = date.and_time(epoch.time).and_utc().timestamp_millis();
        let correction_ms = correction_ms(date_ms, near_ms);
        if correction_ms != 0 {
            self.remark(ROLLED, epoch.line);
        }
        date.checked_add_signed(chrono::TimeDelta::milliseconds(correction_ms)).unwrap_or(date)
    }

    fn remark(&mut self, what: &str, line: u64) {
        self.recording.remark(what, ErrorLocation::Line(line));
    }

    fn finish(mut self) -> Result<Recording, Malformed> {
        self.end_epoch();
        if !self.is_nmea {
            return Err(Malformed::at_line(1, "no sentence of NMEA 0183 that has a position"));
        }
        std::mem::take(&mut self.undated).into_iter().for_each(|epoch| self.date(epoch));
        if !self.fixes.is_empty() {
            self.recording.segments.push(self.fixes);
        }
        Ok(self.recording)
    }
}

/// The day of a time after another: the same, or the next when the clock went past midnight.
fn day_after(date: NaiveDate, last: NaiveTime, time: NaiveTime) -> Option<NaiveDate> {
    let back = last.signed_duration_since(time);
    if back.num_hours() >= 12 { date.checked_add_days(Days::new(1)) } else { Some(date) }
}

/// The day on which this time was within twelve hours of an instant.
fn nearest_day(near_ms: i64, time: NaiveTime) -> Option<NaiveDate> {
    let near = chrono::DateTime::from_timestamp_millis(near_ms)?.naive_utc();
    let days = [near.date().pred_opt()?, near.date(), near.date().succ_opt()?];
    days.into_iter().min_by_key(|day| (day.and_time(time) - near).abs())
}

fn fix(epoch: &Epoch, date: NaiveDate) -> Option<Fix> {
    let time_ms = date.and_time(epoch.time).and_utc().timestamp_millis();
    Some(Fix {
        ele_m: Measure::from(epoch.ele_m),
        hdop: Measure::from(epoch.hdop),
        speed_kmh: Measure::from(epoch.speed_kmh),
        course_deg: Measure::from(epoch.course_deg),
        ..Fix::new(time_ms, epoch.position?)
    })
}

/// Whether the checksum, the exclusive or of all bytes between $ and *, is right.
fn right(body: &[u8], sum: &[u8]) -> bool {
    let written = std::str::from_utf8(sum.get(..2).unwrap_or_default());
    let written = written.ok().and_then(|text| u8::from_str_radix(text, 16).ok());
    written == Some(body.iter().fold(0, |sum, byte| sum ^ byte))
}

#[cfg(test)]
mod tests;
