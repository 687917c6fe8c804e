//! Splits objects and points of the Graph API into flat fields.

use std::ops::Range;

use super::lex::{self, JsonKind};
use crate::row::Field;
use crate::row::known_fields::parts;
use crate::row::point_parser::{self, PointSpan};

/// A field, the kind of its value, and the span of the value in the line.
pub type FieldSpan = (Field, JsonKind, (usize, usize));

/// The fields inside a value, and whether they hold all of it.
pub type Parts = (Vec<FieldSpan>, bool);

/// The fields inside the value of this key, or `None` if it has another shape. Further members do not change what the
/// fields mean.
pub fn read(line: &str, name: &str, kind: JsonKind, value: (usize, usize)) -> Option<Parts> {
    match (name, kind) {
        ("organization" | "creator", JsonKind::Object) => members(line, name, value.0),
        ("organization" | "creator", _) => None,
        (_, JsonKind::Object) => point(line, name, value.0),
        (_, JsonKind::String) => text(line, name, (value.0 + 1)..(value.1 - 1)),
        _ => None,
    }
}

fn members(line: &str, name: &str, start: usize) -> Option<Parts> {
    let (mut found, mut plain) = (Vec::new(), true);
    lex::object(line.as_bytes(), start, 1, &mut |key, kind, value| match (
        name,
        &line[key.0 + 1..key.1 - 1],
    ) {
        ("organization", "id") => found.push((Field::OrgId, kind, value)),
        ("creator", "id") => found.push((Field::CreatorId, kind, value)),
        ("creator", "username") => found.push((Field::CreatorUsername, kind, value)),
        _ => plain = false,
    })
    .ok()?;
    (!found.is_empty()).then_some((found, plain))
}

fn point(line: &str, name: &str, start: usize) -> Option<Parts> {
    let (mut place, mut is_point, mut plain) = (None, true, true);
    lex::object(line.as_bytes(), start, 1, &mut |key, kind, (start, end)| match (
        &line[key.0 + 1..key.1 - 1],
        kind,
    ) {
        ("type", _) => is_point &= &line[start..end] == "\"Point\"",
        ("coordinates", JsonKind::Array) => {
            place = point_parser::of_coordinates(line, start..end);
        }
        (name, _) => {
            plain = false;
            is_point &= name != "crs" || point_parser::is_of_degrees(&line[start..end]);
        }
    })
    .ok()?;
    let (fields, is_all) = is_point.then(|| placed(name, place?))??;
    Some((fields, is_all && plain))
}

/// A WKT point. A text with escapes is not recognized.
fn text(line: &str, name: &str, inside: Range<usize>) -> Option<Parts> {
    let place = point_parser::of_wkt(&line[inside.clone()])?;
    let within = |range: Range<usize>| range.start + inside.start..range.end + inside.start;
    placed(name, PointSpan { lon: within(place.lon), lat: within(place.lat), ..place })
}

fn placed(name: &str, place: PointSpan) -> Option<Parts> {
    let &[lon, lat] = parts(name)? else { return None };
    let part = |field, range: Range<usize>| (field, JsonKind::Bare, (range.start, range.end));
    Some((vec![part(lon, place.lon), part(lat, place.lat)], place.is_all))
}

/// The spelling of this key in the table of names.
pub fn parts_name(name: &str) -> &'static str {
    ["organization", "creator", "geometry"]
        .into_iter()
        .find(|&n| n == name)
        .unwrap_or("computed_geometry")
}
