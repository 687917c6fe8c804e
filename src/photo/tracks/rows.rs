//! Rows as a track: tagged photos, or any table with times and positions.

use std::collections::BTreeMap;
use std::io::Cursor;

use crate::format::parsed_track::Recording;
use crate::photo::capture_facts::PhotoFacts;
use crate::row::row_format::Reader;
use crate::row::{Column, Columns, Field, Row, WrongValue};
use crate::shape::RowError;
use crate::value::instant::parse_instant_ms;
use crate::value::shown::decimal_comma;
use crate::value::track::{Fix, Measure};

/// Rows with times and positions: tagged photos are a track too, a segment for each sequence.
///
/// # Errors
/// `None` for a file that is not a table of positions, otherwise the error message.
pub fn read(bytes: Vec<u8>) -> Result<Recording, Option<String>> {
    let mut reader = Reader::new(Cursor::new(bytes)).map_err(|_| None)?;
    let mut segments: BTreeMap<String, Vec<Fix>> = BTreeMap::new();
    let (mut has_times, mut count) = (false, 0);
    while let Some(row) = reader.next_row() {
        if !has_places(&reader.columns()) {
            return Err(None);
        }
        let row = row.map_err(|error| Some(error.to_string()))?;
        count += 1;
        let fix = fix(&row).map_err(|what| Some(format!("line {}: {what}", row.line)))?;
        has_times |= fix.is_some();
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
            Ok(Recording { segments: segments.into_values().collect(), ..Recording::default() })
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

fn fix(row: &Row) -> Result<Option<Fix>, RowError> {
    let wrong = |error: WrongValue| error.to_string();
    let facts = PhotoFacts::from_row(row).map_err(wrong)?;
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

fn finite(text: &str, name: &str) -> Result<f64, RowError> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| {
        format!("'{text}' in column '{name}' is not a number{}", decimal_comma(text)).into()
    })
}
