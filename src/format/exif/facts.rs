//! What an EXIF block says about a picture, as values; and what in it could not be read.

use super::{
    super::{
        Malformed,
        source::{Source, Unread},
    },
    Dir, gps,
    gps::Gps,
    tags::{self, Tag},
    times::{self, CameraTime},
    tree::{self, Tree},
    value::read_coded_text,
};

/// The facts of one block. What is absent or unreadable is `None`; the second
/// kind stands in `faults` too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// DateTimeOriginal with SubSecTimeOriginal and OffsetTimeOriginal.
    pub original: Option<CameraTime>,
    /// DateTimeDigitized with its own fraction and offset.
    pub digitized: Option<CameraTime>,
    /// DateTime, the last change of the file, with its own fraction and offset.
    pub modified: Option<CameraTime>,
    pub gps: Gps,
    pub make: Option<String>,
    pub model: Option<String>,
    /// 1 to 8 (TIFF 6.0, section 8).
    pub orientation: Option<u16>,
    /// PixelXDimension and PixelYDimension: what the camera said, not the file.
    pub pixels: Option<(u32, u32)>,
    pub image_unique_id: Option<String>,
    pub description: Option<String>,
    pub artist: Option<String>,
    pub copyright: Option<String>,
    pub user_comment: Option<String>,
    /// ExifVersion: `0232`.
    pub version: Option<String>,
    pub faults: Vec<Malformed>,
}

/// Reads a block or a TIFF file. Only one without a header is an error; of a
/// broken one comes what can be read.
pub fn read(source: &mut impl Source) -> Result<Facts, Unread> {
    let tree = tree::read(source)?;
    facts(source, tree)
}

/// The same of directories that are known already.
pub fn facts(source: &mut impl Source, mut tree: Tree) -> Result<Facts, Unread> {
    let mut found = Vec::new();
    for tag in WANTED {
        let Some(entry) = tree.entry(tag) else { continue };
        match tree.raw(source, &entry)? {
            Some(raw) => found.push((tag, raw)),
            None => {
                let what = format!("value of {} cannot be read", tag.name);
                tree.faults.push(Malformed::at_byte(entry.at as usize, what));
            }
        }
    }
    let places = tree.directories.iter().flat_map(|directory| &directory.entries);
    let at = |tag: Tag| places.clone().find(|entry| entry.tag == tag.number).map_or(0, |e| e.at);
    let mut faults = Vec::new();
    let mut fault = |tag: Tag, what: String| {
        faults.push(Malformed::at_byte(at(tag) as usize, format!("{} {what}", tag.name)));
    };
    let get = |tag: Tag| found.iter().find(|(known, _)| *known == tag).map(|(_, raw)| raw.clone());
    let words = |tag| get(tag).and_then(|raw| raw.text()).filter(|text| !text.is_empty());
    let mut time = |[date, fraction, offset]: [Tag; 3]| {
        camera_time(&words, date, fraction, offset, &mut fault)
    };
    let original =
        time([tags::DATE_TIME_ORIGINAL, tags::SUB_SEC_TIME_ORIGINAL, tags::OFFSET_TIME_ORIGINAL]);
    let digitized = time([
        tags::DATE_TIME_DIGITIZED,
        tags::SUB_SEC_TIME_DIGITIZED,
        tags::OFFSET_TIME_DIGITIZED,
    ]);
    let modified = time([tags::DATE_TIME, tags::SUB_SEC_TIME, tags::OFFSET_TIME]);
    let number = |tag| get(tag).and_then(|raw| raw.uint(0));
    let mut facts = Facts {
        original,
        digitized,
        modified,
        gps: gps::read(get, &mut fault),
        make: words(tags::MAKE),
        model: words(tags::MODEL),
        orientation: number(tags::ORIENTATION).filter(|o| (1..=8).contains(o)).map(|o| o as u16),
        pixels: number(tags::PIXEL_X_DIMENSION).zip(number(tags::PIXEL_Y_DIMENSION)),
        image_unique_id: words(tags::IMAGE_UNIQUE_ID),
        description: words(tags::IMAGE_DESCRIPTION),
        artist: words(tags::ARTIST),
        copyright: words(tags::COPYRIGHT),
        user_comment: get(tags::USER_COMMENT).as_ref().and_then(read_coded_text),
        version: words(tags::EXIF_VERSION),
        faults: Vec::new(),
    };
    facts.faults = tree.faults;
    facts.faults.append(&mut faults);
    Ok(facts)
}

/// The size of the pixels that a TIFF file says it has: the largest picture in
/// it, since in a RAW file the first is often a preview.
pub fn tiff_size(source: &mut impl Source, tree: &Tree) -> Result<Option<(u32, u32)>, Unread> {
    let mut largest = None;
    for directory in tree.directories.iter().filter(|d| matches!(d.dir, Dir::Main | Dir::Sub)) {
        let mut side = |number| -> Result<Option<u32>, Unread> {
            match directory.entries.iter().find(|entry| entry.tag == number) {
                Some(entry) => Ok(tree.raw(source, entry)?.and_then(|raw| raw.uint(0))),
                None => Ok(None),
            }
        };
        let size = side(tags::IMAGE_WIDTH.number)?.zip(side(tags::IMAGE_LENGTH.number)?);
        let area = |size: Option<(u32, u32)>| size.map(|(w, h)| u64::from(w) * u64::from(h));
        if area(size) > area(largest) {
            largest = size;
        }
    }
    Ok(largest)
}

/// Each date has a fraction and an offset of its own: those of another date
/// say nothing about it.
fn camera_time(
    words: &impl Fn(Tag) -> Option<String>,
    date: Tag,
    fraction: Tag,
    offset: Tag,
    fault: &mut impl FnMut(Tag, String),
) -> Option<CameraTime> {
    let text = words(date)?;
    let mut time = match times::date_time(&text) {
        Ok(time) => time?,
        Err(why) => {
            fault(date, format!("'{text}' {why}"));
            return None;
        }
    };
    if let Some(text) = words(fraction) {
        match times::sub_second(&text) {
            Ok(None) => {}
            Ok(Some(ns)) => {
                time.local =
                    chrono::Timelike::with_nanosecond(&time.local, ns).unwrap_or(time.local);
            }
            Err(why) => fault(fraction, format!("'{text}' {why}")),
        }
    }
    if let Some(text) = words(offset) {
        match times::offset(&text) {
            Ok(offset) => time.offset = offset.or(time.offset),
            Err(why) => fault(offset, format!("'{text}' {why}")),
        }
    }
    Some(time)
}

const WANTED: [Tag; 39] = [
    tags::EXIF_VERSION,
    tags::IMAGE_DESCRIPTION,
    tags::MAKE,
    tags::MODEL,
    tags::ORIENTATION,
    tags::DATE_TIME,
    tags::ARTIST,
    tags::COPYRIGHT,
    tags::DATE_TIME_ORIGINAL,
    tags::DATE_TIME_DIGITIZED,
    tags::OFFSET_TIME,
    tags::OFFSET_TIME_ORIGINAL,
    tags::OFFSET_TIME_DIGITIZED,
    tags::USER_COMMENT,
    tags::SUB_SEC_TIME,
    tags::SUB_SEC_TIME_ORIGINAL,
    tags::SUB_SEC_TIME_DIGITIZED,
    tags::PIXEL_X_DIMENSION,
    tags::PIXEL_Y_DIMENSION,
    tags::IMAGE_UNIQUE_ID,
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
    tags::GPS_H_POSITIONING_ERROR,
];
