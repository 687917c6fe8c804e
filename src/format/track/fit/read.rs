//! Fixes from the messages of a FIT file.

use super::message::{Bytes, Definition, Header, Message};
use crate::format::track::point::{Point, Time};
use crate::format::{Malformed, Place, track_log::Recording};
use crate::value::geo::Position;
use crate::value::track::Fix;

/// Seconds of a date_time count from the end of 1989, UTC (profile, type date_time).
const EPOCH_S: i64 = 631_065_600;
/// What is smaller counts from when the device was switched on (the same).
const FIRST_DATE_S: u32 = 0x1000_0000;

/// Global message numbers (profile, type mesg_num).
const RECORD: u16 = 20;
const GPS_METADATA: u16 = 160;
const TIMESTAMP: u8 = 253;

const NO_PLACE: &str = "records without a place left out";
const POWER_ON: &str =
    "records left out, since their time counts from power-on and nothing gives the date";
const WRONG_SUM: &str = "the checksum is wrong; what is there was used";
const CUT_OFF: &str = "the file is cut off; what is there was used";
const UNDEFINED: &str = "a message without a definition ends what can be read";

/// Whether a header of FIT begins the bytes.
pub fn is_fit(bytes: &[u8]) -> bool {
    bytes.get(8..12) == Some(b".FIT") && bytes[0] >= 12
}

/// Reads a whole file, or several behind each other, each as one segment.
///
/// # Errors
/// Only for what does not begin as FIT.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    if !is_fit(bytes) {
        return Err(Malformed::at_byte(0, "not FIT: there is no header '.FIT'"));
    }
    let mut recording = Recording::default();
    let mut start = 0;
    while let Some(rest) = bytes.get(start..).filter(|rest| is_fit(rest)) {
        let header = usize::from(rest[0]);
        let size = u32::from_le_bytes([rest[4], rest[5], rest[6], rest[7]]) as usize;
        // A device that was cut off has not filled in the size yet.
        let size = if size == 0 { rest.len().saturating_sub(header) } else { size };
        let end = start + header.saturating_add(size).min(rest.len());
        let mut file = File { bytes, start, end, last_s: None, ..File::default() };
        file.read(start + header);
        file.check_sum(start + header + size);
        file.finish(&mut recording);
        start = (start + header).saturating_add(size).saturating_add(2);
    }
    Ok(recording)
}

#[derive(Default)]
struct File<'a> {
    bytes: &'a [u8],
    start: usize,
    end: usize,
    /// The last time, to which compressed times are relative.
    last_s: Option<u32>,
    records: Vec<Fix>,
    /// Of a camera: with milliseconds of its own clock, some with the time of the satellites.
    metadata: Vec<(Point, i64, Option<i64>)>,
    recording: Recording,
}

impl File<'_> {
    fn read(&mut self, start: usize) {
        let mut definitions: [Option<Definition>; 16] = Default::default();
        let all = self.bytes;
        let mut bytes = Bytes::new(&all[..self.end], start);
        while bytes.at < self.end {
            let at = bytes.at;
            let Some(header) = bytes.byte() else { return };
            match Header::new(header) {
                Header::Definition { local, has_developer_fields } => {
                    match Definition::read(&mut bytes, has_developer_fields) {
                        None => return self.remark(CUT_OFF, at),
                        some => definitions[usize::from(local)] = some,
                    }
                }
                Header::Data { local, time_offset_s } => {
                    let Some(definition) = &definitions[usize::from(local)] else {
                        return self.remark(UNDEFINED, at);
                    };
                    match definition.message(&mut bytes) {
                        None => return self.remark(CUT_OFF, at),
                        Some(message) => self.message(message, time_offset_s, at),
                    }
                }
            }
        }
    }

    fn message(&mut self, message: Message<'_>, time_offset_s: Option<u8>, at: usize) {
        let written_s = message.u32(TIMESTAMP);
        let compressed_s = time_offset_s.and_then(|offset_s| self.uncompressed(offset_s));
        let time_s = written_s.or(compressed_s);
        self.last_s = time_s.or(self.last_s);
        match message.kind() {
            RECORD => self.record(message, time_s, at),
            GPS_METADATA => self.gps_metadata(message, time_s, at),
            _ => {}
        }
    }

    /// The low five bits of a time, at or after the last ("Compressed timestamp header").
    fn uncompressed(&self, offset_s: u8) -> Option<u32> {
        let last_s = self.last_s?;
        last_s.checked_add(u32::from(offset_s).wrapping_sub(last_s) & 0x1f)
    }

    fn record(&mut self, message: Message<'_>, time_s: Option<u32>, at: usize) {
        let place = message.semicircles_deg(1).zip(message.semicircles_deg(0));
        let Some((lon_deg, lat_deg)) = place else { return self.remark(NO_PLACE, at) };
        let mut point = point(lon_deg, lat_deg, at);
        point.ele_m = message.u32(78).or(message.u16(2).map(u32::from)).map(height_m);
        let speed = message.u32(73).or(message.u16(6).map(u32::from));
        point.set_speed_mps(speed.map(|mm| f64::from(mm) / 1000.0));
        point.time = match time_s {
            None => Time::Absent,
            Some(time_s) if time_s < FIRST_DATE_S => return self.remark(POWER_ON, at),
            Some(time_s) => Time::from_ms((EPOCH_S + i64::from(time_s)) * 1000),
        };
        self.records.extend(point.into_fix(&mut self.recording));
    }

    /// Fields: 0 timestamp_ms, 1 and 2 place, 3 height, 4 speed, 5 heading, 6 utc_timestamp.
    fn gps_metadata(&mut self, message: Message<'_>, time_s: Option<u32>, at: usize) {
        let place = message.semicircles_deg(2).zip(message.semicircles_deg(1));
        let Some((lon_deg, lat_deg)) = place else { return self.remark(NO_PLACE, at) };
        let mut point = point(lon_deg, lat_deg, at);
        point.ele_m = message.u32(3).map(height_m);
        point.set_speed_mps(message.u32(4).map(|mm| f64::from(mm) / 1000.0));
        point.set_course(message.u16(5).map(|hundredths| f64::from(hundredths) / 100.0));
        let Some(time_s) = time_s else {
            point.into_fix(&mut self.recording);
            return;
        };
        let own_ms = i64::from(time_s) * 1000 + i64::from(message.u16(0).unwrap_or(0));
        let utc_ms = message.u32(6).map(|utc_s| i64::from(utc_s) * 1000);
        self.metadata.push((point, own_ms, utc_ms));
    }

    /// The camera's clock counts from power-on. The satellites' has whole seconds alone, so that the greatest difference
    /// is the nearest.
    fn correlate(&mut self) -> Vec<Fix> {
        let is_own = |own_ms: i64| own_ms < i64::from(FIRST_DATE_S) * 1000;
        let known = self.metadata.iter().filter(|(_, own_ms, _)| is_own(*own_ms));
        let behind_ms = known.filter_map(|(_, own_ms, utc_ms)| Some((*utc_ms)? - own_ms)).max();
        let mut fixes = Vec::new();
        for (mut point, own_ms, _) in std::mem::take(&mut self.metadata) {
            let behind_ms = if is_own(own_ms) { behind_ms } else { Some(0) };
            match behind_ms {
                None => self.recording.remark(POWER_ON, point.at),
                Some(behind_ms) => {
                    point.time = Time::from_ms(EPOCH_S * 1000 + own_ms + behind_ms);
                    fixes.extend(point.into_fix(&mut self.recording));
                }
            }
        }
        fixes
    }

    fn check_sum(&mut self, end: usize) {
        match end.checked_add(2).and_then(|sum_end| self.bytes.get(end..sum_end)) {
            None if self.recording.remarks.iter().any(|remark| remark.what == CUT_OFF) => {}
            None => self.remark(CUT_OFF, self.end),
            Some(sum) => {
                let found = self.bytes[self.start..end].iter().fold(0, |sum, &byte| add(sum, byte));
                // A sum of 0 means that none was worked out.
                if sum != [0, 0] && u16::from_le_bytes([sum[0], sum[1]]) != found {
                    self.remark(WRONG_SUM, end);
                }
            }
        }
    }

    fn remark(&mut self, what: &str, at: usize) {
        self.recording.remark(what, Place::Byte(at as u64));
    }

    fn finish(mut self, recording: &mut Recording) {
        let metadata = self.correlate();
        let segments = [metadata, self.records].into_iter().filter(|segment| !segment.is_empty());
        recording.segments.extend(segments);
        for remark in self.recording.remarks {
            recording.remark_more(&remark.what, remark.first, remark.count);
        }
    }
}

fn point(lon_deg: f64, lat_deg: f64, at: usize) -> Point {
    Point::new(Place::Byte(at as u64), Position::new(lon_deg, lat_deg).ok())
}

/// Fifths of a metre above 500 m below the sea.
fn height_m(fifths: u32) -> f64 {
    f64::from(fifths) / 5.0 - 500.0
}

/// The next checksum (FIT SDK, "CRC calculation": CRC-16 with the polynomial 0x8005, reflected).
fn add(sum: u16, byte: u8) -> u16 {
    (0..8).fold(
        sum ^ u16::from(byte),
        |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xa001 } else { sum >> 1 }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number, size and base type of a field.
    type Fields<'a> = &'a [(u8, u8, u8)];

    fn definition(local: u8, is_big_endian: bool, kind: u16, fields: Fields) -> Vec<u8> {
        let number = if is_big_endian { kind.to_be_bytes() } else { kind.to_le_bytes() };
        let mut bytes = vec![0x40 | local, 0, u8::from(is_big_endian)];
        bytes.extend(number);
        bytes.push(fields.len() as u8);
        fields.iter().for_each(|&(number, size, base)| bytes.extend([number, size, base]));
        bytes
    }

    fn file(data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![14, 0x10, 0, 0];
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes.extend(b".FIT\0\0");
        bytes.extend(data);
        let sum = bytes.iter().fold(0, |sum, &byte| add(sum, byte));
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    const RECORD_FIELDS: Fields =
        &[(253, 4, 0x86), (0, 4, 0x85), (1, 4, 0x85), (78, 4, 0x86), (73, 4, 0x86)];
    /// 2024-05-01T12:00:00Z.
    const NOON_S: u32 = (1_714_564_800 - EPOCH_S) as u32;

    fn record(header: u8, time_s: u32, lat_deg: f64) -> Vec<u8> {
        let semicircles = |deg: f64| (deg / 180.0 * f64::from(1_u32 << 31)) as i32;
        let mut bytes = vec![header];
        bytes.extend(time_s.to_le_bytes());
        bytes.extend(semicircles(lat_deg).to_le_bytes());
        bytes.extend(semicircles(-8.25).to_le_bytes());
        bytes.extend(((431.4_f64 + 500.0) * 5.0).round().to_le_u32());
        bytes.extend(10_000_u32.to_le_bytes());
        bytes
    }

    trait ToLe {
        fn to_le_u32(self) -> [u8; 4];
    }

    impl ToLe for f64 {
        fn to_le_u32(self) -> [u8; 4] {
            (self as u32).to_le_bytes()
        }
    }

    fn ride() -> Vec<u8> {
        let mut data = definition(0, false, RECORD, RECORD_FIELDS);
        (0..5).for_each(|s| data.extend(record(0, NOON_S + s, 47.5)));
        data
    }

    fn remarks(recording: &Recording) -> Vec<String> {
        recording.remarks.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn records_have_place_height_and_speed() {
        let recording = read(&file(&ride())).unwrap();
        let fix = recording.segments[0][1];
        assert_eq!((recording.fixes(), fix.time_ms), (5, 1_714_564_801_000));
        assert!((fix.position.lat_deg() - 47.5).abs() < 1e-7);
        assert!((fix.position.lon_deg() + 8.25).abs() < 1e-7);
        assert_eq!((fix.ele_m.get(), fix.speed_kmh.get()), (Some(431.4), Some(36.0)));
        assert!(recording.remarks.is_empty(), "{:?}", recording.remarks);
    }

    #[test]
    fn either_byte_order_and_compressed_times_and_fields_of_developers_are_read() {
        let mut data = definition(0, false, RECORD, RECORD_FIELDS);
        data.extend(record(0, NOON_S, 47.5));
        let mut big = definition(1, true, RECORD, &[(0, 4, 0x85), (1, 4, 0x85), (2, 2, 0x84)]);
        big[0] |= 0x20;
        big.extend([1, 0, 3, 0]);
        data.extend(big);
        // Two seconds later, then across the five bits.
        for offset_s in [(NOON_S + 2) & 0x1f, (NOON_S + 2 + 30) & 0x1f] {
            data.push(0x80 | 1 << 5 | offset_s as u8);
            data.extend(0x2000_0000_i32.to_be_bytes());
            data.extend(0x1000_0000_i32.to_be_bytes());
            data.extend(2_600_u16.to_be_bytes());
            data.extend([9, 9, 9]);
        }
        let recording = read(&file(&data)).unwrap();
        let fixes = &recording.segments[0];
        let seconds: Vec<i64> = fixes.iter().map(|fix| fix.time_ms / 1000 % 3600).collect();
        assert_eq!(seconds, [0, 2, 32]);
        assert_eq!((fixes[1].position.lat_deg(), fixes[1].position.lon_deg()), (45.0, 22.5));
        assert_eq!(fixes[1].ele_m.get(), Some(20.0));
    }

    #[test]
    fn a_camera_has_milliseconds_and_its_clock_is_set_by_the_satellites() {
        let fields: Fields =
            &[(253, 4, 0x86), (0, 2, 0x84), (1, 4, 0x85), (2, 4, 0x85), (6, 4, 0x86)];
        let mut data = definition(0, false, GPS_METADATA, fields);
        for tenth in 0..20_u32 {
            let own_ms = 100_400 + tenth * 100;
            data.push(0);
            data.extend((own_ms / 1000).to_le_bytes());
            data.extend(((own_ms % 1000) as u16).to_le_bytes());
            data.extend([0x2000_0000_i32.to_le_bytes(), 0x1000_0000_i32.to_le_bytes()].concat());
            // The true second begins at 100.7 s of the camera's clock.
            data.extend((NOON_S + (own_ms + 300) / 1000 - 101).to_le_bytes());
        }
        let recording = read(&file(&data)).unwrap();
        let fixes = &recording.segments[0];
        assert_eq!(fixes[3].time_ms, 1_714_564_800_000);
        assert_eq!(fixes[4].time_ms, 1_714_564_800_100);
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let mut data = ride();
        data.extend(record(0, 1000, 47.5));
        let mut none = record(0, NOON_S, 47.5);
        none[5..9].copy_from_slice(&i32::MAX.to_le_bytes());
        data.extend(none);
        let mut bytes = file(&data);
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        let recording = read(&bytes).unwrap();
        assert_eq!(recording.fixes(), 5);
        let said = remarks(&recording);
        assert!(said[0].starts_with(POWER_ON) && said[1].starts_with(NO_PLACE), "{said:?}");
        assert!(said[2].starts_with(WRONG_SUM), "{said:?}");
        let mut lost = ride();
        lost.push(5);
        assert!(remarks(&read(&file(&lost)).unwrap())[0].starts_with(UNDEFINED));
    }

    #[test]
    fn files_behind_each_other_are_segments_and_one_without_its_size_is_read_to_its_end() {
        let twice = [file(&ride()), file(&ride())].concat();
        assert_eq!(read(&twice).unwrap().segments.len(), 2);
        let mut crashed = file(&ride());
        crashed[4..8].fill(0);
        crashed.truncate(crashed.len() - 2);
        let recording = read(&crashed).unwrap();
        assert_eq!(recording.fixes(), 5);
        assert!(remarks(&recording)[0].starts_with(CUT_OFF));
    }

    #[test]
    fn a_file_cut_anywhere_or_changed_at_random_does_no_harm() {
        let whole = file(&ride());
        let all = read(&whole).unwrap().segments.concat();
        for end in 0..whole.len() {
            let Ok(cut) = read(&whole[..end]) else { continue };
            let fixes = cut.segments.concat();
            assert_eq!(fixes, all[..fixes.len()]);
            assert!(remarks(&cut).iter().any(|remark| remark.starts_with(CUT_OFF)), "{end}");
        }
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..8) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            let _ = read(&bytes);
        }
    }
}
