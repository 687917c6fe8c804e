//! to-gpx: rows as a GPX file, a track for each sequence and a point for each photo; and tracks of any format.

use std::path::PathBuf;

use gpx::{Gpx, GpxVersion, Track, TrackSegment, Waypoint};
use time::OffsetDateTime;

use crate::photo::order::{Photo, PhotoFacts, PhotoGroup, groups, sequence_key};
use crate::photo::tracks::{self, FileTrack, TrackOptions};
use crate::row::{Field, Row};
use crate::shape::document::{Document, height};
use crate::shape::{Diagnostics, FatalError, RowError};
use crate::value::height::Heights;
use crate::value::track::Fix;
use crate::value::zone::Zone;

/// What the user chose.
#[derive(Debug, Clone, Default)]
pub struct GpxOptions {
    /// Tracks of any format, which come first.
    pub tracks: Vec<PathBuf>,
    /// The zone of tracks that were written in local time.
    pub track_zone: Option<Zone>,
    /// Heights that are believed.
    pub heights: Heights,
}

/// Holds all rows and their points, about 1.1 KB each, and the tracks.
#[derive(Default)]
pub struct ToGpx {
    choice: GpxOptions,
    rows: Vec<Row>,
    facts: Vec<PhotoFacts>,
}

impl ToGpx {
    pub fn new(choice: GpxOptions) -> ToGpx {
        ToGpx { choice, ..ToGpx::default() }
    }

    /// The tracks of files, with all their fixes as they stand in them.
    fn tracks(&self, notes: &dyn Diagnostics) -> Result<Vec<Track>, FatalError> {
        let (zone, heights) = (self.choice.track_zone, self.choice.heights);
        let how = TrackOptions { zone, heights, ..TrackOptions::default() };
        let (parts, words) = tracks::read_all(&self.choice.tracks, how)?;
        words.iter().for_each(|words| notes.once(words));
        let mut fixes = 0;
        let mut track = |part: FileTrack| {
            let mut track = Track::new();
            track.name = Some(xml_text(&part.name, notes));
            let segments = part.recording.into_segments().into_iter();
            let points = |fixes: Vec<Fix>| fixes.iter().map(waypoint).collect();
            track.segments = segments.map(|fixes| TrackSegment { points: points(fixes) }).collect();
            fixes += track.segments.iter().map(|segment| segment.points.len()).sum::<usize>();
            track
        };
        let tracks = parts.into_iter().map(&mut track).collect();
        notes.count("fixes of tracks", fixes as u64);
        Ok(tracks)
    }

    /// A track for each sequence of rows.
    fn sequences(&self, notes: &dyn Diagnostics) -> Vec<Track> {
        let groups = groups(&self.rows, self.facts.iter().enumerate(), sequence_key);
        let untimed: usize = groups.iter().map(|group| group.untimed.len()).sum();
        if untimed > 0 {
            notes.count("without a time", untimed as u64);
        }
        let track = |group: &PhotoGroup| {
            if !group.is_captured {
                notes.once("photos whose instant is not known have no time in the file");
            }
            let points = group.photos.iter().filter_map(|photo| {
                point(&self.rows[photo.row], photo, group.is_captured, self.choice.heights, notes)
            });
            let mut track = Track::new();
            let first =
                group.photos.first().map(|photo| photo.row).or(group.untimed.first().copied());
            let name = first.and_then(|row| self.rows[row].get(Field::SeqId));
            track.name = name.map(|name| xml_text(name, notes));
            track.segments.push(TrackSegment { points: points.collect() });
            track
        };
        groups.iter().map(track).collect()
    }
}

impl Document for ToGpx {
    fn stands_alone(&self) -> bool {
        !self.choice.tracks.is_empty()
    }

    fn add(&mut self, row: &Row, notes: &dyn Diagnostics) -> Result<(), RowError> {
        let facts = PhotoFacts::from_row(row)?;
        height(row, self.choice.heights, notes)?;
        if facts.position.is_none() {
            notes.count("without a place", 1);
        } else {
            self.rows.push(row.clone());
            self.facts.push(facts);
        }
        Ok(())
    }

    fn finish(self, notes: &dyn Diagnostics) -> Result<Vec<u8>, FatalError> {
        let mut document = Gpx {
            version: GpxVersion::Gpx11,
            creator: Some("mapillary-pipes".into()),
            tracks: self.tracks(notes)?,
            ..Gpx::default()
        };
        document.tracks.extend(self.sequences(notes));
        let mut bytes = Vec::new();
        gpx::write(&document, &mut bytes)
            .map_err(|error| FatalError(format!("cannot make GPX: {error}")))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// Text as XML can hold it (XML 1.0, 2.2): without control characters.
fn xml_text(text: &str, notes: &dyn Diagnostics) -> String {
    let is_char =
        |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.chars().all(is_char) {
        return text.to_string();
    }
    notes.once("control characters in names, which XML cannot hold, are written as U+FFFD");
    text.chars().map(|c| if is_char(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// None before the year 0 and after 9999, which XML's dates do not reach.
fn instant(time_ms: i64) -> Option<OffsetDateTime> {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(time_ms) * 1_000_000).ok();
    time.filter(|time| (0..=9999).contains(&time.year()))
}

fn waypoint(fix: &Fix) -> Waypoint {
    let place = fix.position;
    let mut point = Waypoint::new(geo::Point::new(place.lon_deg(), place.lat_deg()));
    (point.elevation, point.hdop) = (fix.ele_m.get(), fix.hdop.get());
    point.time = instant(fix.time_ms).map(Into::into);
    point
}

fn point(
    row: &Row,
    photo: &Photo,
    is_captured: bool,
    heights: Heights,
    notes: &dyn Diagnostics,
) -> Option<Waypoint> {
    let place = photo.position?;
    let mut point = Waypoint::new(geo::Point::new(place.lon_deg(), place.lat_deg()));
    let altitude = row.number(Field::Altitude).ok().flatten();
    point.elevation = altitude.and_then(|m| heights.read(m, None).ok());
    let time = is_captured.then(|| instant(photo.time_ms)).flatten();
    if is_captured && time.is_none() {
        notes.count("without a time that GPX can hold", 1);
    }
    point.time = time.map(Into::into);
    let name = row.get(Field::Path).or_else(|| row.get(Field::ImgId));
    point.name = name.map(|name| xml_text(name, notes));
    Some(point)
}

#[cfg(test)]
mod tests;
