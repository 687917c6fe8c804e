//! Track files of any known format, as one track.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use crate::disk::open;
use crate::format::track_log::Recording;
use crate::format::{gpx, nmea};
use crate::photo::order::Facts;
use crate::row::table::Reader;
use crate::row::{Column, Field, Row, WrongValue};
use crate::shape::FatalError;
use crate::value::height::Heights;
use crate::value::time::parse_instant_ms;
use crate::value::track::{Cleaning, FASTEST_MPS, Fix, Measure, Track};
use crate::value::zone::Zone;

/// A track, and what there is to say of its files.
pub struct Tracks {
    pub track: Track,
    pub words: Vec<String>,
}

/// What is known of tracks before they are read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// An instant of the photos, by which dates of rolled-over weeks are brought back.
    pub near_ms: Option<i64>,
    /// The zone of tracks that were written in local time, though they claim UTC.
    pub zone: Option<Zone>,
    /// Heights that are believed.
    pub heights: Heights,
    /// Nothing goes faster.
    pub max_mps: f64,
}

impl Default for Reading {
    fn default() -> Self {
        Reading { near_ms: None, zone: None, heights: Heights::default(), max_mps: FASTEST_MPS }
    }
}

/// Reads the files.
///
/// # Errors
/// A file that cannot be read, or is no track at all: a position must not depend on which files
/// happened to be there.
pub fn open(paths: &[PathBuf], how: Reading) -> Result<Tracks, FatalError> {
    let mut segments: Vec<(usize, Vec<Fix>)> = Vec::new();
    let mut words = Vec::new();
    for (source, path) in paths.iter().enumerate() {
        let name = path.display();
        let mut recording = read(path, how.near_ms)?;
        how.near_ms.iter().for_each(|&near_ms| recording.unroll(near_ms));
        how.zone.iter().for_each(|&zone| recording.set_zone(zone));
        let heights = recording.check_heights(how.heights);
        words.extend(heights.map(|what| format!("'{name}': {what}")));
        words.extend(recording.remarks.iter().map(|remark| format!("'{name}': {remark}")));
        let found = recording.into_segments();
        if found.is_empty() {
            words.push(format!("'{name}': no fix with a time"));
        }
        segments.extend(found.into_iter().map(|segment| (source, segment)));
    }
    let (track, cleaning) = Track::of_sources(segments, how.max_mps);
    words.extend(told(&cleaning));
    words.extend(told_wild(&cleaning, how.max_mps));
    Ok(Tracks { track, words })
}

/// Whether each file can be opened, before any work is done.
pub fn check(paths: &[PathBuf]) -> Result<(), FatalError> {
    // A pipe is read once, and has no end before that.
    let wrong = |path: &PathBuf| match std::fs::metadata(path) {
        Ok(meta) if meta.is_file() => open::file(path).err(),
        found => found.err(),
    };
    match paths.iter().find_map(|path| Some((path, wrong(path)?))) {
        Some((path, error)) => {
            Err(FatalError(format!("cannot read track '{}': {error}", path.display())))
        }
        None => Ok(()),
    }
}

fn read(path: &Path, near_ms: Option<i64>) -> Result<Recording, FatalError> {
    let name = path.display();
    let wrong = |e| FatalError(format!("cannot read track '{name}': {e}"));
    let mut bytes = Vec::new();
    open::stream(path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(wrong)?;
    // Only GPX has brackets at its start, in whatever encoding.
    let is_gpx = bytes.iter().take(8).any(|&byte| byte == b'<');
    if is_gpx {
        return gpx::read(&bytes)
            .map_err(|e| FatalError(format!("cannot read track '{name}': {e}")));
    }
    match nmea::read(&bytes, near_ms) {
        Ok(recording) => Ok(recording),
        Err(_) => rows(bytes).map_err(|e| {
            FatalError(format!("cannot read track '{name}': {e}; give GPX, NMEA, or rows of fixes"))
        }),
    }
}

/// Rows with times and places: tagged photos are a track too, a segment for each sequence.
fn rows(bytes: Vec<u8>) -> Result<Recording, String> {
    let mut reader = Reader::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut segments: BTreeMap<String, Vec<Fix>> = BTreeMap::new();
    let (mut has_times, mut count) = (false, 0);
    while let Some(row) = reader.next_row() {
        let row = row.map_err(|error| error.to_string())?;
        count += 1;
        let fix = fix(&row).map_err(|what| format!("line {}: {what}", row.line))?;
        has_times |= fix.is_some();
        let key = row.get(Field::SeqId).unwrap_or_default();
        // Looked up first, since nearly every row goes on with a sequence that is there.
        match segments.get_mut(key) {
            Some(segment) => segment.extend(fix),
            None => _ = segments.insert(key.to_string(), fix.into_iter().collect()),
        }
    }
    match has_times || count == 0 && !reader.columns().list().is_empty() {
        true => {
            Ok(Recording { segments: segments.into_values().collect(), ..Recording::default() })
        }
        false => Err("no row has a time (captured_at, or time with a zone) and a place".into()),
    }
}

fn fix(row: &Row) -> Result<Option<Fix>, String> {
    let wrong = |error: WrongValue| error.to_string();
    let facts = Facts::of(row).map_err(wrong)?;
    let named = |names: &[&str]| names.iter().find_map(|name| row.get_column(&Column::named(name)));
    let time_ms = match (facts.captured_ms, named(&["time"])) {
        (Some(time_ms), _) => Some(time_ms),
        (None, Some(text)) => Some(parse_instant_ms(text)?),
        (None, None) => None,
    };
    let (Some(time_ms), Some(position)) = (time_ms, facts.position) else { return Ok(None) };
    let number = |field, name| match row.number(field).map_err(wrong)? {
        None => named(&[name]).map(|text| finite(text, name)).transpose(),
        some => Ok(some),
    };
    Ok(Some(Fix {
        ele_m: Measure::from(number(Field::Altitude, "ele")?),
        hdop: Measure::from(row.number(Field::Hdop).map_err(wrong)?),
        speed_kmh: Measure::from(row.number(Field::SpeedKmh).map_err(wrong)?),
        course_deg: Measure::from(number(Field::TrackDeg, "course")?),
        ..Fix::new(time_ms, position)
    }))
}

fn finite(text: &str, name: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| format!("'{text}' in column '{name}' is not a number"))
}

fn told(cleaning: &Cleaning) -> impl Iterator<Item = String> {
    let counts = [
        (cleaning.sorted, "out of order were sorted"),
        (cleaning.doubled, "of an instant that had one already were left out"),
        (cleaning.strays, "of which the date or place contradicts those around were left out"),
        (cleaning.null_island, "at exactly 0, 0 were left out"),
    ];
    counts
        .into_iter()
        .filter(|count| count.0 > 0)
        .map(|(n, what)| format!("track: {n} fixes {what}"))
}

/// Fixes where nothing could have been, and the flag that believes them.
fn told_wild(cleaning: &Cleaning, max_mps: f64) -> Option<String> {
    let needed_mps = cleaning.wild_mps.ceil();
    (cleaning.wild > 0).then(|| {
        format!(
            "track: {} fixes that only more than {max_mps} m/s could reach were left out; --max-speed {needed_mps} believes them",
            cleaning.wild
        )
    })
}
