//! Objects and points of the Graph API, taken apart into flat fields.

use super::lex::{self, Kind};
use crate::row::Field;

/// A field, the kind of its value, and where that stands.
pub type Part = (Field, Kind, (usize, usize));

/// The fields inside an object of the Graph API, or `None` for another shape.
pub fn plain_parts(line: &str, name: &str, start: usize) -> Option<Vec<Part>> {
    let (mut found, mut plain) = (Vec::new(), true);
    let _ = lex::object(line.as_bytes(), start, 1, &mut |key, kind, value| match (
        name,
        &line[key.0 + 1..key.1 - 1],
    ) {
        ("organization", "id") => found.push((Field::OrgId, kind, value)),
        ("creator", "id") => found.push((Field::CreatorId, kind, value)),
        ("creator", "username") => found.push((Field::CreatorUsername, kind, value)),
        ("geometry" | "computed_geometry", "type") => {
            plain &= &line[value.0..value.1] == "\"Point\""
        }
        ("geometry", "coordinates") => {
            plain &= point(line, value, [Field::Lon, Field::Lat], &mut found)
        }
        ("computed_geometry", "coordinates") => {
            plain &= point(line, value, [Field::ComputedLon, Field::ComputedLat], &mut found);
        }
        _ => plain = false,
    });
    (plain && !found.is_empty()).then_some(found)
}

/// The two numbers of a point; a height or anything else is another shape.
fn point(
    line: &str,
    (start, end): (usize, usize),
    fields: [Field; 2],
    found: &mut Vec<Part>,
) -> bool {
    let bytes = line.as_bytes();
    let mut at = start + 1;
    for (index, field) in fields.into_iter().enumerate() {
        let from = lex::blank(bytes, at);
        let Ok((Kind::Bare, stop)) = lex::value(bytes, from, 2) else { return false };
        found.push((field, Kind::Bare, (from, stop)));
        at = lex::blank(bytes, stop);
        if bytes.get(at) != Some(if index == 0 { &b',' } else { &b']' }) {
            return false;
        }
        at += 1;
    }
    at == end
}

/// The table's own spelling of such a key.
pub fn parts_name(name: &str) -> &'static str {
    ["organization", "creator", "geometry"]
        .into_iter()
        .find(|&n| n == name)
        .unwrap_or("computed_geometry")
}
