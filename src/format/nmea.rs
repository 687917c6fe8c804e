//! NMEA 0183 logs of any talker: places from RMC and GGA, dates from RMC and ZDA, speed from VTG.

use chrono::{Days, NaiveDate, NaiveTime};

use super::{Malformed, Place, recording::Recording};
use crate::value::{
    geo::Position,
    gps_week::correction_ms,
    track::{Fix, Measure},
};

const KMH_PER_KNOT: f64 = 1.852;

/// IEC 61162-1 allows 82 characters; receivers write more, but nothing like this.
const MAX_SENTENCE: usize = 400;

const WRONG_SUM: &str = "sentences with a wrong checksum left out";
const NO_SUM: &str = "sentences without a checksum taken as they are";
const UNREADABLE: &str = "sentences left out that cannot be read";
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
    for (line, bytes) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
        log.line(bytes, line);
    }
    log.finish()
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

/// The fields of a sentence after its address.
struct Fields<'a>(Vec<&'a str>);

impl<'a> Fields<'a> {
    fn get(&self, at: usize) -> Option<&'a str> {
        self.0.get(at).map(|field| field.trim()).filter(|field| !field.is_empty())
    }

    fn number(&self, at: usize) -> Option<f64> {
        self.get(at)?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// `hhmmss.sss`; a leap second counts as the one before.
    fn time(&self, at: usize) -> Option<NaiveTime> {
        let text = self.get(at)?;
        let (hours, minutes, seconds) = (text.get(..2)?, text.get(2..4)?, text.get(4..)?);
        let seconds: f64 = seconds.parse().ok().filter(|s| (0.0..61.0).contains(s))?;
        let second_ms = ((seconds.min(59.999)) * 1000.0).round() as u32;
        let (hours, minutes) = (hours.parse().ok()?, minutes.parse().ok()?);
        NaiveTime::from_hms_milli_opt(hours, minutes, second_ms / 1000, second_ms % 1000)
    }

    /// `ddmmyy`.
    fn date(&self, at: usize) -> Option<NaiveDate> {
        let text = self.get(at).filter(|text| text.len() == 6 && text.is_ascii())?;
        let two = |from: usize| text[from..from + 2].parse::<u32>().ok();
        let (day, month, year) = (two(0)?, two(2)?, two(4)?);
        // GPS time begins in 1980.
        let century = if year < 80 { 2000 } else { 1900 };
        NaiveDate::from_ymd_opt(century + year as i32, month, day)
    }

    /// Four fields: `ddmm.mmmm,N,dddmm.mmmm,E`.
    fn position(&self, at: usize) -> Option<Position> {
        let degrees = |at: usize, positive: &str, negative: &str| {
            let joined = self.number(at)?;
            let (whole, minutes) = ((joined / 100.0).trunc(), joined % 100.0);
            let deg = (joined >= 0.0 && minutes < 60.0).then_some(whole + minutes / 60.0)?;
            match self.get(at + 1)? {
                side if side.eq_ignore_ascii_case(positive) => Some(deg),
                side if side.eq_ignore_ascii_case(negative) => Some(-deg),
                _ => None,
            }
        };
        let lat_deg = degrees(at, "N", "S")?;
        Position::new(degrees(at + 2, "E", "W")?, lat_deg).ok()
    }
}

impl Log {
    fn line(&mut self, bytes: &[u8], line: u64) {
        // Loggers put times of their own before the sentence.
        let Some(start) = bytes.iter().position(|&byte| byte == b'$') else { return };
        let sentence = bytes[start + 1..].trim_ascii_end();
        let (body, sum) = match sentence.iter().position(|&byte| byte == b'*') {
            Some(star) => (&sentence[..star], Some(&sentence[star + 1..])),
            None => (sentence, None),
        };
        let text = std::str::from_utf8(body).ok().filter(|text| text.len() <= MAX_SENTENCE);
        let Some((address, rest)) = text.and_then(|text| text.split_once(',')) else { return };
        // Two letters of any talker, then the sentence; P is somebody's own.
        let Some(kind) = address.get(2..).filter(|_| address.len() == 5) else { return };
        if !matches!(kind, "RMC" | "GGA" | "ZDA" | "VTG") || address.starts_with('P') {
            return;
        }
        match sum.map(|sum| right(body, sum)) {
            Some(false) => return self.remark(WRONG_SUM, line),
            None => self.remark(NO_SUM, line),
            Some(true) => {}
        }
        self.is_nmea = true;
        if self.sentence(kind, &Fields(rest.split(',').collect()), line).is_none() {
            self.remark(UNREADABLE, line);
        }
    }

    /// None when a field that must be there cannot be read.
    fn sentence(&mut self, kind: &str, fields: &Fields<'_>, line: u64) -> Option<()> {
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
            "ZDA" if fields.get(0).is_some() && fields.get(3).is_some() => {
                let number = |at| fields.get(at)?.parse::<u32>().ok();
                let (day, month, year) = (number(1)?, number(2)?, number(3)?);
                let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
                self.epoch(fields.time(0)?, line).date = Some(date);
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
        self.recording.remark(what, Place::Line(line));
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
mod tests {
    use super::*;
    use crate::value::time::parse_instant_ms;

    /// Sentences with their checksums, a line each.
    fn log(sentences: &[&str]) -> String {
        let sum = |body: &str| body.bytes().fold(0, |sum, byte| sum ^ byte);
        sentences.iter().map(|body| format!("${body}*{:02X}\r\n", sum(body))).collect()
    }

    fn read_text(text: &str) -> Recording {
        read(text.as_bytes(), None).unwrap()
    }

    fn times(recording: &Recording) -> Vec<String> {
        let fixes = recording.segments.iter().flatten();
        fixes.map(|fix| crate::value::time::format_instant(fix.time_ms).unwrap()).collect()
    }

    #[test]
    fn rmc_and_gga_of_one_time_are_one_fix_of_any_talker() {
        for talker in ["GP", "GN", "GL", "GA", "BD", "GB"] {
            let lines = [
                format!("{talker}GGA,120000.250,4730.000,N,00815.000,W,1,08,0.9,431.5,M,47.0,M,,"),
                format!("{talker}RMC,120000.250,A,4730.000,N,00815.000,W,10.0,359.5,010524,,,A"),
                format!("{talker}GSV,3,1,11,,,,"),
            ];
            let recording = read_text(&log(&lines.each_ref().map(|line| line.as_str())));
            let fix = recording.segments[0][0];
            assert_eq!(recording.fixes(), 1);
            assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (-8.25, 47.5));
            assert_eq!(fix.time_ms, 1_714_564_800_250);
            assert_eq!((fix.ele_m.get(), fix.hdop.get()), (Some(431.5), Some(0.9)));
            assert_eq!((fix.speed_kmh.get(), fix.course_deg.get()), (Some(18.52), Some(359.5)));
            assert!(recording.remarks.is_empty());
        }
    }

    #[test]
    fn a_log_without_dates_is_of_the_day_of_the_ride() {
        let places =
            |time: &str| format!("GPGGA,{time},4730.0,N,00815.0,E,1,08,0.9,431.5,M,47.0,M,,");
        let lines = ["235900", "000100"].map(places);
        let text = log(&lines.each_ref().map(|line| line.as_str()));
        let near_ms = parse_instant_ms("2024-05-02T08:00:00Z").unwrap();
        let recording = read(text.as_bytes(), Some(near_ms)).unwrap();
        assert_eq!(times(&recording), ["2024-05-01T23:59:00Z", "2024-05-02T00:01:00Z"]);
        assert!(recording.remarks[0].to_string().starts_with(DATE_OF_RIDE));
        assert_eq!(read_text(&text).fixes(), 0);
    }

    #[test]
    fn a_wrong_checksum_and_a_missing_fix_are_left_out() {
        let mut text = log(&[
            "GPRMC,120000,A,4730.0,N,00815.0,E,,,010524",
            "GPRMC,120001,V,,,,,,,010524",
            "GPGGA,120002,,,,,0,,,,M,,M,,",
            "GPRMC,120003,A,4730.0,N,00815.0,E,,,010524",
        ]);
        text += "$GPRMC,120004,A,4730.0,N,00815.0,E,,,010524*00\n";
        text += "10:00 $GPRMC,120005,A,4730.0,N,00815.0,E,,,010524\n$GPRMC,1200";
        let recording = read_text(&text);
        assert_eq!(recording.fixes(), 3);
        let remarks: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
        let wanted = [
            "sentences with a wrong checksum left out in line 5",
            "sentences without a checksum taken as they are: 2, first in line 6",
        ];
        assert_eq!(remarks, wanted);
    }

    #[test]
    fn midnight_begins_a_new_day_even_without_a_date() {
        let gga = |time: &str| format!("GPGGA,{time},4730.0,N,00815.0,E,1,08,1,1,M,,M,,");
        let lines = [
            gga("235957"),
            "GPZDA,235958,30,04,2024,00,00".into(),
            gga("235959"),
            gga("000001"),
            gga("000002"),
        ];
        let recording = read_text(&log(&lines.each_ref().map(|line| line.as_str())));
        assert_eq!(
            times(&recording),
            [
                "2024-04-30T23:59:57Z",
                "2024-04-30T23:59:59Z",
                "2024-05-01T00:00:01Z",
                "2024-05-01T00:00:02Z"
            ]
        );
        let lines = [gga("235959"), "GPRMC,000000,A,4730.0,N,00815.0,E,,,010524".into()];
        let recording = read_text(&log(&lines.each_ref().map(|line| line.as_str())));
        assert_eq!(times(&recording), ["2024-04-30T23:59:59Z", "2024-05-01T00:00:00Z"]);
    }

    #[test]
    fn a_log_without_any_date_says_so() {
        let recording = read_text(&log(&["GPGGA,120000,4730.0,N,00815.0,E,1,08,1,1,M,,M,,"]));
        assert_eq!((recording.fixes(), recording.remarks[0].what.as_str()), (0, NO_DATE));
    }

    #[test]
    fn a_week_number_that_rolled_over_is_brought_back() {
        // 1024 weeks before 2024-05-01.
        let text = log(&["GPRMC,120000,A,4730.0,N,00815.0,E,,,150904"]);
        assert_eq!(times(&read_text(&text)), ["2004-09-15T12:00:00Z"]);
        let near = read(text.as_bytes(), Some(1_714_500_000_000)).unwrap();
        assert_eq!(times(&near), ["2024-05-01T12:00:00Z"]);
        assert_eq!(near.remarks[0].what, ROLLED);
        assert_eq!(
            times(&read(text.as_bytes(), Some(1_095_200_000_000)).unwrap()),
            ["2004-09-15T12:00:00Z"]
        );
    }

    #[test]
    fn a_log_cut_or_mutated_anywhere_does_no_harm() {
        let whole = log(&[
            "GPGGA,120000.00,4730.0,N,00815.0,E,1,08,1,1,M,,M,,",
            "GPRMC,120000.00,A,4730.0,N,00815.0,E,1,2,010524,,,A",
            "GPVTG,2,T,,M,1,N,1.852,K",
            "GPZDA,120001.00,01,05,2024,00,00",
        ])
        .into_bytes();
        for end in 0..whole.len() {
            assert!(read(&whole[..end], None).map_or(0, |recording| recording.fixes()) <= 1);
        }
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            // Without stars no checksum protects the fields.
            bytes.iter_mut().filter(|byte| **byte == b'*').for_each(|byte| *byte = b',');
            let _ = read(&bytes, Some(random.i64(..) / 4096));
        }
    }
}
