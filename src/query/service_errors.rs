//! How an error of the service affects a row or the run, and how a response becomes a row.

use std::ops::ControlFlow::{self, Break, Continue};

use super::{thumbnail_urls, unread_parts};
use crate::row::altitude::{Altitude, TWO_HEIGHTS};
use crate::row::{Column, Field, Row, json};
use crate::service::{Entity, Error, unread_entries};
use crate::shape::{Cut, Diagnostics, End, FatalError, Outcome, RowError};
use crate::value::datetime_parser;
use crate::value::picture_id;

/// The result of an error: fatal if it affects the run, otherwise a failure of the row.
pub fn failed(row: Row, error: Error) -> Result<Outcome, FatalError> {
    crate::shape::Error::from(error).fail(row)
}

/// Like [`failed`], for the rows of one request.
pub fn all_failed(rows: Vec<Row>, error: &Error) -> Result<Vec<Outcome>, FatalError> {
    rows.into_iter().map(|row| failed(row, error.clone())).collect()
}

/// Requests the rows that have a valid id; the others fail, each with its reason.
pub fn pictures(
    rows: Vec<Row>,
    ask: impl FnOnce(Vec<Row>) -> Result<Vec<Outcome>, FatalError>,
) -> Result<Vec<Outcome>, FatalError> {
    let read: Vec<Result<Row, Outcome>> = rows.into_iter().map(with_id).collect();
    let mut wrong = Vec::with_capacity(read.len());
    let mut good = Vec::with_capacity(read.len());
    for row in read {
        match row {
            Ok(row) => {
                good.push(row);
                wrong.push(None);
            }
            Err(outcome) => wrong.push(Some(outcome)),
        }
    }
    let mut answers = if good.is_empty() { Vec::new() } else { ask(good)? }.into_iter();
    Ok(wrong.into_iter().filter_map(|wrong| wrong.or_else(|| answers.next())).collect())
}

/// The row with its bare id, if it was given as a link or a formula.
pub fn with_bare_id(mut row: Row) -> Row {
    let text = row.get(Field::ImgId).unwrap_or_default();
    if let Some(id) = picture_id::read(text).ok().filter(|id| *id != text) {
        let id = id.to_string();
        row.set(Field::ImgId, &id);
    }
    row
}

/// The row with its bare id, or its failure, if the service cannot be asked for it.
pub fn with_id(row: Row) -> Result<Row, Outcome> {
    let row = with_bare_id(row);
    let text = row.get(Field::ImgId).unwrap_or_default();
    match picture_id::read(text) {
        Ok(_) => Ok(row),
        Err(_) if Field::named(text).is_some() => {
            let what = format!("'{text}' is the name of a column: a header line among the rows");
            Err(Outcome::Failed(row, what))
        }
        Err(what) => Err(Outcome::Failed(row, what.to_string())),
    }
}

/// Counts the dropped entries of a list.
pub fn dropped(odd: u64, repeated: u64, notes: &dyn Diagnostics) {
    for (what, count) in [(ODD, odd), (REPEATED, repeated)] {
        if count > 0 {
            notes.count(what, count);
        }
    }
}

/// The outcome of a list with entries that cannot be read: it is incomplete.
pub fn unread(list: Row, odd: u64) -> Option<Outcome> {
    unread_entries(odd).map(|why| Outcome::Cut(Cut { rows: Vec::new(), list, why }))
}

/// The name of dropped list entries in the final counts.
const ODD: &str = "odd entries dropped";
pub const REPEATED: &str = "repeats dropped";

/// Returns the row, the answer to it and the answer's text; or the row's outcome if there is no answer.
pub fn answer(
    row: Row,
    entity: Entity,
) -> Result<ControlFlow<Outcome, (Row, Row, String)>, FatalError> {
    match entity {
        Entity::Gone => Ok(Break(Outcome::Ended(row, End::Gone))),
        Entity::Failed(error) => failed(row, error).map(Break),
        Entity::Found(found) => Ok(match read(found.get()) {
            Ok(answer) => Continue((row, answer, found.get().to_string())),
            Err(what) => Break(Outcome::failed(row, what)),
        }),
    }
}

/// An object of the service as a row, with known errors corrected.
///
/// # Errors
/// If it is not an object, or if an object or a point in it has another shape.
pub fn read(object: &str) -> Result<Row, RowError> {
    let mut row =
        json::parse(object).map_err(|what| format!("the service sent bad JSON: {what}"))?;
    unread_parts::check(&row).map_err(|unread| unread.to_string())?;
    if let (None, Ok(Altitude { m: Some(height_m), .. })) =
        (row.get(Field::Altitude), Altitude::of(&row))
    {
        row.set_display(Field::Altitude, height_m);
    }
    clean(&mut row);
    Ok(row)
}

/// Reports a height of the place in an answer that does not become a value of the row.
pub fn unused_height(answer: &Row, sets: &[Column], notes: &dyn Diagnostics) {
    let is_set = |field: Field| sets.contains(&field.into());
    let Ok(height) = Altitude::of(answer) else { return };
    if is_set(Field::Altitude) && height.other_m.is_some() {
        notes.once(TWO_HEIGHTS);
    } else if is_set(Field::Lon) && !is_set(Field::Altitude) && height.m.is_some() {
        notes.once(NO_ALTITUDE);
    }
}

const NO_ALTITUDE: &str = "the service's 'geometry' has heights: --fields with altitude keeps them";

/// Sets columns from an answer. Fields that it omits keep their values, since the service also omits what it knows. But
/// a link that is no longer sent is no longer valid: it is cleared, and so is the quality of its picture.
pub fn overlay(row: &mut Row, answer: &Row, sets: &[Column]) {
    for column in sets {
        let at = answer.columns().place(column);
        let (text, raw) = at.map_or(("", false), |at| (answer.cell(at), answer.is_raw(at)));
        if !text.is_empty() || (ends_with_answer(column) && row.get_column(column).is_some()) {
            row.set_column(column, text, raw);
        }
    }
}

/// Whether the value of a row becomes invalid if an answer omits it.
pub fn ends_with_answer(column: &Column) -> bool {
    column.field.is_some_and(|field| field == Field::Quality || thumbnail_urls::is_link(field))
}

/// Corrects known errors of the service.
pub fn clean(row: &mut Row) {
    for field in [Field::Altitude, Field::ComputedAltitude] {
        // Altitudes below sea level arrive as unsigned 32-bit numbers.
        if let Ok(Some(height_m)) = row.number(field)
            && (WRAPPED_M / 2.0..WRAPPED_M).contains(&height_m)
        {
            row.set_display(field, height_m - WRAPPED_M);
        }
    }
    for field in [Field::CompassAngle, Field::ComputedCompassAngle] {
        if let Ok(Some(deg)) = row.number(field)
            && !(0.0..=360.0).contains(&deg)
        {
            row.set_display(field, crate::value::geo::normal_deg(deg));
        }
    }
    if let Some(ms) = row.get(Field::CapturedAt).and_then(instant_of_text) {
        row.set_display(Field::CapturedAt, ms);
    }
    // Some cameras had no clock; no real picture is from 1970 or earlier.
    if let Ok(Some(captured_ms)) = row.integer(Field::CapturedAt)
        && captured_ms <= 0
    {
        row.clear(Field::CapturedAt);
    }
    for field in [Field::Make, Field::Model] {
        if row.get(field) == Some("none") {
            row.clear(field);
        }
    }
}

/// An instant written as a date and a time with its zone, in ms since 1970 UTC.
fn instant_of_text(text: &str) -> Option<i64> {
    // A number is never a date here, not even one of 14 digits.
    let is_number = text.trim().parse::<f64>().is_ok();
    (!is_number).then(|| datetime_parser::date_time(text).ok()??.captured_ms())?
}

const WRAPPED_M: f64 = 4_294_967_296.0;

#[cfg(test)]
mod tests;
