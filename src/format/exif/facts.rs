//! The values that an EXIF block holds about a picture, and the tags that could not be read.

use chrono::{NaiveDateTime, Timelike};

use super::gps;
use super::gps::Gps;
use super::tag_reader::TagReader;
use super::tags::{self, Tag};
use super::times::{self, CameraTime};
use super::tree::{self, Tree};
use super::value::kind;
use crate::format::Malformed;
use crate::format::source::{Source, Unread};

/// The values in one block. Absent and unreadable ones are `None`; unreadable ones are also in `faults`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExifFacts {
    /// DateTimeOriginal with SubSecTimeOriginal and OffsetTimeOriginal; that of IFD0 where it is the only one.
    pub original: Option<CameraTime>,
    /// DateTimeDigitized with its own fraction and offset.
    pub digitized: Option<CameraTime>,
    /// ModifyDate, which may be the date of a later edit, with its own fraction and offset.
    pub modified: Option<CameraTime>,
    pub gps: Gps,
    pub make: Option<String>,
    pub model: Option<String>,
    /// 1 to 8 (TIFF 6.0, section 8).
    pub orientation: Option<u16>,
    pub image_unique_id: Option<String>,
    pub description: Option<String>,
    pub artist: Option<String>,
    pub copyright: Option<String>,
    pub body_serial: Option<String>,
    pub lens_serial: Option<String>,
    /// ExifVersion: `0232`.
    pub version: Option<String>,
    /// The tags that are present but unreadable.
    pub unread: Vec<Tag>,
    pub faults: Vec<Malformed>,
}

/// Reads a block or a TIFF file. Only a missing header is an error; from a broken block, everything readable is
/// returned.
pub fn read(source: &mut impl Source) -> Result<ExifFacts, Unread> {
    let tree = tree::read(source)?;
    facts(source, tree)
}

/// Like [`read`], with directories that have been read already.
pub fn facts(source: &mut impl Source, tree: Tree) -> Result<ExifFacts, Unread> {
    let mut from = TagReader::new(source, tree, &WANTED)?;
    let mut facts = ExifFacts {
        original: original(&mut from),
        digitized: camera_time(&mut from, DIGITIZED),
        modified: camera_time(&mut from, MODIFIED),
        gps: gps::read(&mut from),
        make: from.words(tags::MAKE),
        model: from.words(tags::MODEL),
        orientation: orientation(&mut from),
        image_unique_id: from.words(tags::IMAGE_UNIQUE_ID),
        description: from.words(tags::IMAGE_DESCRIPTION),
        artist: from.words(tags::ARTIST),
        copyright: from.words(tags::COPYRIGHT),
        body_serial: from.words(tags::BODY_SERIAL_NUMBER),
        lens_serial: from.words(tags::LENS_SERIAL_NUMBER),
        version: from.words(tags::EXIF_VERSION),
        ..ExifFacts::default()
    };
    (facts.unread, facts.faults) = (from.unread, from.tree.faults);
    Ok(facts)
}

/// The Exif directory comes first, as tools write there.
fn original(from: &mut TagReader) -> Option<CameraTime> {
    let Some(found) = camera_time(from, ORIGINAL) else {
        let is_unread = from.unread.contains(&tags::DATE_TIME_ORIGINAL);
        return if is_unread { None } else { camera_time(from, MAIN_ORIGINAL) };
    };
    // The fraction and the offset may be in one of them.
    let second = |time: CameraTime| time.local.and_utc().timestamp();
    let tag = tags::MAIN_DATE_TIME_ORIGINAL;
    let main = read_with(from, tag, times::date_time).filter(|&main| second(main) != second(found));
    if let Some(main) = main {
        from.remark(tag, format!("is {}, that of the Exif directory is used", main.local));
    }
    Some(found)
}

/// The orientation; some programs write 0 for unknown.
fn orientation(from: &mut TagReader) -> Option<u16> {
    match from.uint(tags::ORIENTATION)? {
        0 => None,
        number @ 1..=8 => Some(number as u16),
        other => {
            from.fault(tags::ORIENTATION, format!("is {other}, not 1 to 8"));
            None
        }
    }
}

/// The tags of a date, its fraction and its offset. Those of another date do not apply.
type Clock = [Tag; 3];

const ORIGINAL: Clock =
    [tags::DATE_TIME_ORIGINAL, tags::SUB_SEC_TIME_ORIGINAL, tags::OFFSET_TIME_ORIGINAL];
const MAIN_ORIGINAL: Clock =
    [tags::MAIN_DATE_TIME_ORIGINAL, tags::SUB_SEC_TIME_ORIGINAL, tags::OFFSET_TIME_ORIGINAL];
const DIGITIZED: Clock =
    [tags::DATE_TIME_DIGITIZED, tags::SUB_SEC_TIME_DIGITIZED, tags::OFFSET_TIME_DIGITIZED];
const MODIFIED: Clock = [tags::DATE_TIME, tags::SUB_SEC_TIME, tags::OFFSET_TIME];

fn camera_time(from: &mut TagReader, [date, fraction, offset]: Clock) -> Option<CameraTime> {
    let mut time = read_with(from, date, times::date_time)?;
    if let Some(text) = from.words(date)
        && let Some(why) = times::contradicted_zone(&text)
    {
        from.remark(date, format!("'{text}' {why}"));
    }
    if let Some(ns) = sub_second(from, fraction) {
        time.local = with_fraction(from, time.local, ns, [date, fraction]);
    }
    let beside = read_with(from, offset, times::offset);
    if let (Some(beside), Some(written)) = (beside, time.offset)
        && beside != written
    {
        from.remark(offset, format!("is {beside} and used, {} says {written}", date.name));
    }
    time.offset = beside.or(time.offset);
    Some(time)
}

/// The time with the fraction of its own tag. If the date has one too, one must begin with the other, and the longer
/// one is used.
fn with_fraction(
    from: &mut TagReader,
    local: NaiveDateTime,
    ns: u32,
    [date, fraction]: [Tag; 2],
) -> NaiveDateTime {
    let digits = |ns: u32| format!("{ns:09}").trim_end_matches('0').to_string();
    let (written, beside) = (digits(local.nanosecond()), digits(ns));
    if !beside.is_empty() && written.starts_with(&beside) {
        return local;
    }
    if !beside.starts_with(&written) {
        from.remark(fraction, format!("is .{beside} and used, {} says .{written}", date.name));
    }
    local.with_nanosecond(ns).unwrap_or(local)
}

/// Text, or with some cameras a number: one with three digits can only be milliseconds.
fn sub_second(from: &mut TagReader, tag: Tag) -> Option<u32> {
    let number = from.raw(tag)?;
    if !matches!(number.kind, kind::SHORT | kind::LONG) {
        return read_with(from, tag, times::sub_second);
    }
    let ms = match from.uint(tag)? {
        ms @ (0 | 100..1000) => Ok(Some(ms * 1_000_000)),
        other => Err(format!("is the number {other}, which may be milliseconds or digits")),
    };
    from.or_fault(tag, ms)
}

fn read_with<T>(
    from: &mut TagReader,
    tag: Tag,
    read: impl FnOnce(&str) -> Result<Option<T>, &'static str>,
) -> Option<T> {
    let text = from.words(tag)?;
    let value = read(&text).map_err(|why| format!("'{text}' {why}"));
    from.or_fault(tag, value)
}

const WANTED: [Tag; 38] = [
    tags::DATE_TIME,
    tags::SUB_SEC_TIME,
    tags::OFFSET_TIME,
    tags::EXIF_VERSION,
    tags::IMAGE_DESCRIPTION,
    tags::MAKE,
    tags::MODEL,
    tags::ORIENTATION,
    tags::ARTIST,
    tags::COPYRIGHT,
    tags::MAIN_DATE_TIME_ORIGINAL,
    tags::DATE_TIME_ORIGINAL,
    tags::DATE_TIME_DIGITIZED,
    tags::OFFSET_TIME_ORIGINAL,
    tags::OFFSET_TIME_DIGITIZED,
    tags::SUB_SEC_TIME_ORIGINAL,
    tags::SUB_SEC_TIME_DIGITIZED,
    tags::IMAGE_UNIQUE_ID,
    tags::BODY_SERIAL_NUMBER,
    tags::LENS_SERIAL_NUMBER,
    tags::GPS_LATITUDE_REF,
    tags::GPS_LATITUDE,
    tags::GPS_LONGITUDE_REF,
    tags::GPS_LONGITUDE,
    tags::GPS_ALTITUDE_REF,
    tags::GPS_ALTITUDE,
    tags::GPS_TIME_STAMP,
    tags::GPS_STATUS,
    tags::GPS_DOP,
    tags::GPS_SPEED_REF,
    tags::GPS_SPEED,
    tags::GPS_TRACK_REF,
    tags::GPS_TRACK,
    tags::GPS_IMG_DIRECTION_REF,
    tags::GPS_IMG_DIRECTION,
    tags::GPS_MAP_DATUM,
    tags::GPS_PROCESSING_METHOD,
    tags::GPS_DATE_STAMP,
];

#[cfg(test)]
mod tests;
