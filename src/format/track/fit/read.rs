//! Reads fixes from the messages of a FIT file.

use super::message::{Bytes, Definition, Header, Message};
use crate::format::track::point::{Time, TrackPoint};
use crate::format::{ErrorLocation, Malformed, parsed_track::Recording};
use crate::value::geo::Position;
use crate::value::track::Fix;

/// A date_time counts seconds from the end of 1989, UTC (profile, type date_time).
const EPOCH_S: i64 = 631_065_600;
/// Smaller values count from when the device was switched on (same source).
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

/// Whether the bytes start with a FIT header.
pub fn is_fit(bytes: &[u8]) -> bool {
    bytes.get(8..12) == Some(b".FIT") && bytes[0] >= 12
}

/// Reads a whole file, or several concatenated ones, each as one segment.
///
/// # Errors
/// Only if the bytes do not start as FIT.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    if !is_fit(bytes) {
        return Err(Malformed::at_byte(0, "not FIT: there is no header '.FIT'"));
    }
    let mut recording = Recording::default();
    let mut start = 0;
    while let Some(rest) = bytes.get(start..).filter(|rest| is_fit(rest)) {
        let header = usize::from(rest[0]);
        let size = u32::from_le_bytes([rest[4], rest[5], rest[6], rest[7]]) as usize;
        // A device that lost power has not written the size yet.
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
    /// Points from a camera: with milliseconds of its own clock, and some also with satellite time.
    metadata: Vec<(TrackPoint, i64, Option<i64>)>,
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

    /// The time with these low five bits, at or after the last one ("Compressed timestamp header").
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

    /// Fields: 0 timestamp_ms, 1 and 2 position, 3 altitude, 4 speed, 5 heading, 6 utc_timestamp.
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

    /// Dates the camera's clock, which counts from power-on. The satellite time has only whole seconds, so the
    /// greatest difference is the nearest.
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
                // A checksum of 0 means that it was not computed.
                if sum != [0, 0] && u16::from_le_bytes([sum[0], sum[1]]) != found {
                    self.remark(WRONG_SUM, end);
                }
            }
        }
    }

    fn remark(&mut self, what: &str, at: usize) {
        self.recording.remark(what, ErrorLocation::Byte(at as u64));
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

fn point(lon_deg: f64, lat_deg: f64, at: usize) -> TrackPoint {
    TrackPoint::new(ErrorLocation::Byte(at as u64), Position::new(lon_deg, lat_deg).ok())
}

/// Fifths of a metre, with an offset of 500 m below sea level.
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
mod tests;
