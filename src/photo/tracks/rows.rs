//! Rows as a track: tagged photos, or any table with times and positions.

use std::collections::BTreeMap;
use std::io::Cursor;

use crate::format::{ErrorLocation, parsed_track::Recording};
use crate::photo::capture_facts::PhotoFacts;
use crate::row::altitude::{Altitude, TWO_HEIGHTS};
use crate::row::row_format::Reader;
use crate::row::{Column, Columns, Field, Row, WrongValue};
use crate::shape::RowError;
use crate::value::instant::parse_instant_ms;
use crate::value::shown::decimal_comma;
use crate::value::track::{Fix, Measure};

const NO_FIX: &str = "rows without a time or a place left out";
/// Rounded to seconds, they would be one.
const TWO_TIMES: &str =
    "rows whose times in 'captured_at' and 'time' differ, of which 'captured_at' is used";

/// Rows with times and positions: tagged photos are a track too, a segment for each sequence.
///
/// # Errors
/// `None` for a file that is not a table of positions, otherwise the error message.
pub fn read(bytes: Vec<u8>) -> Result<Recording, Option<String>> {
    let mut reader = Reader::new(Cursor::new(bytes)).map_err(|_| None)?;
    let mut segments: BTreeMap<String, Vec<Fix>> = BTreeMap::new();
    let mut recording = Recording::default();
    let (mut has_times, mut count) = (false, 0);
    while let Some(row) = reader.next_row() {
        if !has_places(&reader.columns()) {
            return Err(None);
        }
        let row = row.map_err(|error| Some(error.to_string()))?;
        count += 1;
        let fix =
            fix(&row, &mut recording).map_err(|what| Some(format!("line {}: {what}", row.line)))?;
        has_times |= fix.is_some();
        if fix.is_none() {
            recording.remark(NO_FIX, ErrorLocation::Line(row.line));
        }
        let key = row.get(Field::SeqId).unwrap_or_default();
        // Looked up first, because nearly every row continues an existing sequence.
        match segments.get_mut(key) {
            Some(segment) => segment.extend(fix),
            None => _ = segments.insert(key.to_string(), fix.into_iter().collect()),
        }
    }
    let what = "no row has a time (captured_at, or time with a zone) and a place";
    match has_places(&reader.columns()) {
        false => Err(None),
        true if !has_times && count > 0 => Err(Some(what.into())),
        true => {
            recording.segments = segments.into_values().collect();
            Ok(recording)
        }
    }
}

/// Whether the start of a file may be the start of such rows.
pub fn are_rows(head: &[u8]) -> bool {
    let is_whole = Reader::new(Cursor::new(head.to_vec()));
    is_whole.is_ok_and(|mut reader| {
        // In JSON lines, a row names the columns; the last row may be cut off.
        let _ = reader.next_row();
        has_places(&reader.columns())
    })
}

fn has_places(columns: &Columns) -> bool {
    columns.at(Field::Lon).is_some() && columns.at(Field::Lat).is_some()
}

fn fix(row: &Row, recording: &mut Recording) -> Result<Option<Fix>, RowError> {
    let wrong = |error: WrongValue| error.to_string();
    let facts = PhotoFacts::with_instant(row).map_err(wrong)?;
    let named = |names: &[&str]| names.iter().find_map(|name| row.get_column(&Column::named(name)));
    let time_ms = match (facts.captured_ms, named(&["time"])) {
        (Some(time_ms), other) => {
            let other_ms = other.and_then(|text| parse_instant_ms(text).ok());
            if other_ms.is_some_and(|other_ms| time_ms.abs_diff(other_ms) >= 1000) {
                recording.remark(TWO_TIMES, ErrorLocation::Line(row.line));
            }
            Some(time_ms)
        }
        (None, Some(text)) => Some(parse_instant_ms(text)?),
        (None, None) => None,
    };
    let (Some(time_ms), Some(position)) = (time_ms, facts.position) else { return Ok(None) };
    let number = |field, name| match row.number(field).map_err(wrong)? {
        None => named(&[name]).map(|text| finite(text, name)).transpose(),
        some => Ok(some),
    };
    let altitude = Altitude::of(row).map_err(wrong)?;
    if altitude.other_m.is_some() {
        recording.remark(TWO_HEIGHTS, ErrorLocation::Line(row.line));
    }
    Ok(Some(Fix {
        ele_m: Measure::from(altitude.m.or(number(Field::Altitude, "ele")?)),
        hdop: Measure::from(row.number(Field::Hdop).map_err(wrong)?),
        speed_kmh: Measure::from(row.number(Field::SpeedKmh).map_err(wrong)?),
        course_deg: Measure::from(number(Field::TrackDeg, "course")?),
        ..Fix::new(time_ms, position)
    }))
}

fn finite(text: &str, name: &str) -> Result<f64, RowError> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| {
        format!("'{text}' in column '{name}' is not a number{}", decimal_comma(text)).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rows: &str) -> Recording {
        read(rows.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn rows_are_fixes_by_their_sequence_and_those_that_are_none_are_counted() {
        let recording = text(
            "seq_id,captured_at,lon,lat,altitude,hdop,speed_kmh,track_deg\n\
             b,1714564800000,8.25,47.5,431.5,0.9,36,90\n\
             a,1714564801000,8.25,47.6,,,,\n\
             a,,8.25,47.7,,,,\n\
             b,1714564803000,,,,,,\n\
             b,1714564804000,8.25,47.8,,,,\n",
        );
        assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        let fix = recording.segments[1][0];
        assert_eq!(
            (fix.time_ms, fix.ele_m.get(), fix.hdop.get()),
            (1_714_564_800_000, Some(431.5), Some(0.9))
        );
        assert_eq!((fix.speed_kmh.get(), fix.course_deg.get()), (Some(36.0), Some(90.0)));
        let said: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
        assert_eq!(said, [format!("{NO_FIX}: 2, first in line 4")]);
    }

    #[test]
    fn the_names_of_gpx_are_read_too() {
        let recording =
            text("time,lon,lat,ele,course\n2024-05-01T14:00:00+02:00,8.25,47.5,431.5,90\n");
        let fix = recording.segments[0][0];
        assert_eq!(
            (fix.time_ms, fix.ele_m.get(), fix.course_deg.get()),
            (1_714_564_800_000, Some(431.5), Some(90.0))
        );
        assert_eq!(recording.remarks, []);
    }

    #[test]
    fn a_table_without_places_is_no_track_and_a_wrong_number_is_named() {
        assert_eq!(read(b"captured_at,name\n1714564800000,a\n".to_vec()), Err(None));
        let none = read(b"lon,lat\n8.25,47.5\n".to_vec()).unwrap_err().unwrap();
        assert!(none.starts_with("no row has a time"), "{none}");
        let wrong = read(b"captured_at,lon,lat,ele\n1714564800000,8.25,47.5,high\n".to_vec());
        assert_eq!(wrong.unwrap_err().unwrap(), "line 2: 'high' in column 'ele' is not a number");
        assert_eq!(text("captured_at,lon,lat\n").segments.len(), 0);
    }

    #[test]
    fn two_times_of_a_row_that_differ_are_said_with_their_line() {
        let rows = "lon,lat,captured_at,time\n8,47,1714564800500,2024-05-01T12:00:00Z\n\
            8,47,1714564801000,2024-05-01T13:00:01Z\n8,47,1714564802000,noon\n8,47,,2024-05-01T12:00:03Z\n\
            8,47,1714564804000,2024-05-01T12:00:07Z\n";
        let recording = read(rows.into()).unwrap();
        let seconds: Vec<i64> =
            recording.segments[0].iter().map(|fix| fix.time_ms / 1000).collect();
        assert_eq!(seconds, [0, 1, 2, 3, 4].map(|second| 1_714_564_800 + second));
        let said: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
        assert_eq!(said, [format!("{TWO_TIMES}: 2, first in line 3")]);
    }

    #[test]
    fn a_row_has_the_instant_of_its_clock_and_the_height_of_its_geometry() {
        let rows = "path,taken_at,zone,geometry,altitude\n\
            a,2024-07-01T12:00:00,+02:00,POINT Z (8 47 55),\n\
            b,2024-07-01T12:00:01,+02:00,POINT Z (8 47 55),10\n";
        let recording = read(rows.into()).unwrap();
        let fixes: Vec<_> =
            recording.segments[0].iter().map(|fix| (fix.time_ms, fix.ele_m.get())).collect();
        assert_eq!(fixes, [(1_719_828_000_000, Some(55.0)), (1_719_828_001_000, Some(10.0))]);
        let said: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
        assert_eq!(said, [format!("{TWO_HEIGHTS} in line 3")]);
    }
}
