//! to-gpx: rows as a GPX file, a track for each sequence and a point for each photo.

use gpx::{Gpx, GpxVersion, Track, TrackSegment, Waypoint};
use time::OffsetDateTime;

use crate::row::{Field, Row};

use crate::value::height::Heights;

use crate::photo::order::{Facts, Photo, groups, sequence_key};
use crate::shape::document::{Document, height};
use crate::shape::{Diagnostics, FatalError};

/// Holds all rows and their points, about 1.1 KB each.
#[derive(Default)]
pub struct ToGpx {
    heights: Heights,
    rows: Vec<Row>,
    facts: Vec<Facts>,
}

impl ToGpx {
    /// `heights` are believed, and no others.
    pub fn new(heights: Heights) -> ToGpx {
        ToGpx { heights, ..ToGpx::default() }
    }
}

impl Document for ToGpx {
    fn add(&mut self, row: &Row, notes: &dyn Diagnostics) -> Result<(), String> {
        let facts = Facts::of(row).map_err(|wrong| wrong.to_string())?;
        height(row, self.heights, notes)?;
        if facts.position.is_none() {
            notes.count("without a place", 1);
        } else {
            self.rows.push(row.clone());
            self.facts.push(facts);
        }
        Ok(())
    }

    fn finish(self, notes: &dyn Diagnostics) -> Result<Vec<u8>, FatalError> {
        let groups = groups(&self.rows, self.facts.iter().enumerate(), sequence_key);
        let mut document = Gpx {
            version: GpxVersion::Gpx11,
            creator: Some("mapillary-pipes".into()),
            ..Gpx::default()
        };
        for group in &groups {
            if !group.is_captured {
                notes.once("photos whose instant is not known have no time in the file");
            }
            let points = group.photos.iter().filter_map(|photo| {
                point(&self.rows[photo.row], photo, group.is_captured, self.heights)
            });
            let mut track = Track::new();
            let first =
                group.photos.first().map(|photo| photo.row).or(group.untimed.first().copied());
            track.name = first.and_then(|row| self.rows[row].get(Field::SeqId)).map(String::from);
            track.segments.push(TrackSegment { points: points.collect() });
            document.tracks.push(track);
        }
        let untimed: usize = groups.iter().map(|group| group.untimed.len()).sum();
        if untimed > 0 {
            notes.count("without a time", untimed as u64);
        }
        let mut bytes = Vec::new();
        gpx::write(&document, &mut bytes)
            .map_err(|error| FatalError(format!("cannot make GPX: {error}")))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

fn point(row: &Row, photo: &Photo, is_captured: bool, heights: Heights) -> Option<Waypoint> {
    let place = photo.position?;
    let mut point = Waypoint::new(geo::Point::new(place.lon_deg(), place.lat_deg()));
    let altitude = row.number(Field::Altitude).ok().flatten();
    point.elevation = altitude.and_then(|m| heights.read(m, None).ok());
    let nanos = i128::from(photo.time_ms) * 1_000_000;
    let time = is_captured.then(|| OffsetDateTime::from_unix_timestamp_nanos(nanos).ok());
    point.time = time.flatten().map(Into::into);
    point.name = row.get(Field::Path).or_else(|| row.get(Field::ImgId)).map(String::from);
    Some(point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format;

    struct Silent;

    impl Diagnostics for Silent {
        fn once(&self, _: &str) {}
        fn warn(&self, _: &str) {}
        fn count(&self, _: &'static str, _: u64) {}
    }

    #[test]
    fn what_is_written_is_read_again_as_the_same_track() {
        let row = |sequence: &str, ms: &str, lon: &str| {
            Row::of(&[
                (Field::SeqId, sequence),
                (Field::CapturedAt, ms),
                (Field::Lon, lon),
                (Field::Lat, "52.12345678"),
                (Field::Altitude, "31.5"),
            ])
        };
        let mut document = ToGpx::default();
        for row in [
            row("a", "1714557602250", "13.1"),
            row("b", "1714557609000", "13.2"),
            row("a", "1714557601000", "13"),
        ] {
            document.add(&row, &Silent).unwrap();
        }
        let read = format::gpx::read(&document.finish(&Silent).unwrap()).unwrap();
        assert!(read.remarks.is_empty(), "{:?}", read.remarks);
        let times: Vec<Vec<i64>> =
            read.segments.iter().map(|s| s.iter().map(|fix| fix.time_ms).collect()).collect();
        assert_eq!(times, [vec![1_714_557_601_000, 1_714_557_602_250], vec![1_714_557_609_000]]);
        let fix = read.segments[0][1];
        assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (13.1, 52.12345678));
        assert_eq!(fix.ele_m.get(), Some(31.5));
    }
}
