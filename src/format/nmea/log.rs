//! Combines the sentences of one time into a fix, and determines its date, which few sentences have.

use chrono::{NaiveDate, NaiveTime};

use super::epoch::Epoch;
use super::fields::SentenceFields;
use super::time_of_day::{day_after, nearest_day};
use super::{KINDS, MAX_SENTENCE};
use crate::format::parsed_track::Recording;
use crate::format::{ErrorLocation, Malformed};
use crate::value::{gps_week::correction_ms, track::Fix};

const WRONG_SUM: &str = "sentences with a wrong checksum left out";
const NO_SUM: &str = "sentences without a checksum taken as they are";
const UNREADABLE: &str = "sentences left out that cannot be read";
const NOT_VALID: &str = "sentences left out that the receiver marks as not valid";
const APART: &str =
    "fixes whose sentences are more than 10 m apart, of which GGA and GNS are believed first";
const DOUBTFUL: &str = "fixes used although another sentence of their time is not valid";
pub(super) const NO_DATE: &str = "fixes left out without a date, which RMC or ZDA would give";
pub(super) const DATE_OF_RIDE: &str = "fixes without a date taken as of the first photo's day";
pub(super) const ROLLED: &str =
    "dates moved by 1024 weeks, for the receiver's week number rolled over";

/// The content of the sentences so far.
#[derive(Default)]
pub(super) struct Log {
    near_ms: Option<i64>,
    is_nmea: bool,
    epoch: Option<Epoch>,
    /// The time of the last sentence that was not valid, if it came first of its time.
    doubtful: Option<NaiveTime>,
    /// Fixes before the first date.
    undated: Vec<Epoch>,
    /// The time of the last epoch with a known date.
    dated: Option<(NaiveDate, NaiveTime)>,
    fixes: Vec<Fix>,
    recording: Recording,
}

impl Log {
    pub fn new(near_ms: Option<i64>) -> Log {
        Log { near_ms, ..Log::default() }
    }

    pub fn sentence_at(&mut self, sentence: &[u8], line: u64) {
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
        // The address is two letters for the talker, then the sentence type. P marks a proprietary sentence.
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

    /// `None` if a required field cannot be read.
    fn sentence(&mut self, kind: &str, fields: &SentenceFields<'_>, line: u64) -> Option<()> {
        match kind {
            // The mode was added in version 2.3.
            "RMC" if fields.get(1) == Some("A") && fields.get(11) != Some("N") => {
                let position = fields.position(2)?;
                let date = match fields.get(8) {
                    Some(_) => Some(fields.date(8)?),
                    None => None,
                };
                let epoch = self.epoch(fields.time(0)?, line);
                epoch.place(position, false);
                epoch.date = date.or(epoch.date);
                epoch.speed_kmh = fields.knots_kmh(6).or(epoch.speed_kmh);
                epoch.course_deg = fields.course_deg(7).or(epoch.course_deg);
            }
            // Quality 0 means no fix; a receiver without a fix may also leave the fields empty.
            "GGA" if fields.number(5).is_some_and(|quality| quality > 0.0) => {
                let position = fields.position(1)?;
                let epoch = self.epoch(fields.time(0)?, line);
                epoch.place(position, true);
                epoch.hdop = fields.hdop(7).or(epoch.hdop);
                epoch.ele_m = fields.height_m(8).or(epoch.ele_m);
            }
            // One mode letter for each satellite system; N means none.
            "GNS" if fields.get(5).is_some_and(|mode| mode.bytes().any(|mode| mode != b'N')) => {
                let position = fields.position(1)?;
                let epoch = self.epoch(fields.time(0)?, line);
                epoch.place(position, true);
                epoch.hdop = epoch.hdop.or(fields.hdop(7));
                epoch.ele_m = epoch.ele_m.or(fields.number(8));
            }
            // The time and the status were added in version 2.0, the mode in 2.3.
            "GLL"
                if fields.get(5).unwrap_or("A") == "A"
                    && fields.get(6) != Some("N")
                    && fields.get(0).is_some() =>
            {
                let position = fields.position(0)?;
                self.epoch(fields.time(4)?, line).place(position, false);
            }
            "ZDA" if fields.get(0).is_some() && fields.get(3).is_some() => {
                let number = |at| fields.get(at)?.parse::<u32>().ok();
                let (day, month, year) = (number(1)?, number(2)?, number(3)?);
                let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
                self.epoch(fields.time(0)?, line).date = Some(date);
            }
            // A position without a fix. Before its first fix, a receiver normally writes only empty fields.
            "RMC" | "GLL" | "GGA" | "GNS" => {
                let place = if kind == "RMC" { 2 } else { usize::from(kind != "GLL") };
                if fields.get(place).is_some() {
                    self.remark(NOT_VALID, line);
                    self.doubt(fields.time(if kind == "GLL" { 4 } else { 0 }));
                }
            }
            // It has no time, so it belongs to the preceding sentences. Before the first fix it is empty.
            "VTG" => {
                if let Some(epoch) = &mut self.epoch {
                    epoch.course_deg = epoch.course_deg.or(fields.course_deg(0));
                    let speed_kmh = fields.speed(6).or(fields.knots_kmh(4));
                    epoch.speed_kmh = epoch.speed_kmh.or(speed_kmh);
                }
            }
            _ => {}
        }
        Some(())
    }

    /// The epoch of this time; a different time ends the previous one.
    fn epoch(&mut self, time: NaiveTime, line: u64) -> &mut Epoch {
        if self.epoch.as_ref().is_none_or(|epoch| epoch.time != time) {
            self.end_epoch();
        }
        let is_doubtful = self.doubtful == Some(time);
        self.epoch.get_or_insert_with(|| Epoch { time, line, is_doubtful, ..Epoch::default() })
    }

    /// Notes the time of a sentence that is not valid; others of that time may be.
    fn doubt(&mut self, time: Option<NaiveTime>) {
        match &mut self.epoch {
            Some(epoch) if Some(epoch.time) == time => epoch.is_doubtful = true,
            _ => self.doubtful = time,
        }
    }

    fn end_epoch(&mut self) {
        let Some(epoch) = self.epoch.take() else { return };
        if epoch.is_apart {
            self.remark(APART, epoch.line);
        }
        if epoch.is_doubtful && epoch.position.is_some() {
            self.remark(DOUBTFUL, epoch.line);
        }
        let known = epoch.date.map(|date| self.unrolled(date, &epoch));
        let followed = self.dated.and_then(|(date, time)| day_after(date, time, epoch.time));
        let Some(date) = known.or(followed) else {
            self.undated.push(epoch);
            return;
        };
        self.dated = Some((date, epoch.time));
        // Fixes before the first date get its date, or the day before if their time of day is later.
        for earlier in std::mem::take(&mut self.undated) {
            let late = earlier.time > epoch.time;
            let day = if late { date.pred_opt() } else { Some(date) };
            self.fixes.extend(day.and_then(|day| earlier.fix(day)));
        }
        self.fixes.extend(epoch.fix(date));
    }

    /// Dates an epoch of a log that has no date, by the days around the ride.
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
            self.fixes.extend(epoch.fix(date));
        }
    }

    /// The date within 512 weeks of the ride, if the ride's time is known.
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

    pub fn finish(mut self) -> Result<Recording, Malformed> {
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

/// Whether the checksum, the XOR of all bytes between $ and *, is correct.
fn right(body: &[u8], sum: &[u8]) -> bool {
    let computed = body.iter().fold(0, |sum, byte| sum ^ byte);
    let digit = |at: usize| char::from(*sum.get(at)?).to_digit(16);
    digit(0).zip(digit(1)).is_some_and(|(high, low)| high * 16 + low == u32::from(computed))
}

#[cfg(test)]
mod tests;
