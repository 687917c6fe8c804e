//! The requested fields.

use super::query::Query;

/// The parts of a comma-separated list, ignoring commas within brackets.
fn at_top(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    list.split(move |c: char| {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

/// The requested fields of the objects in a field: `detections.value`, `detections{value,geometry}`.
pub fn fields_within(query: &Query, field: &str) -> Vec<String> {
    let mut within: Vec<String> = Vec::new();
    for part in at_top(query.get("fields").unwrap_or_default()) {
        let Some(rest) = part.trim().strip_prefix(field) else { continue };
        let names = match rest.strip_prefix('.') {
            Some(name) => name,
            None => rest.trim_start_matches('{').trim_end_matches('}'),
        };
        if rest.starts_with(['.', '{']) {
            within.extend(at_top(names).map(|name| name.trim().to_owned()));
        }
    }
    within
}

/// The requested fields, each once, in order: `creator.username` and `creator{id,username}` request `creator`. `None`
/// if the request names none.
pub fn fields(query: &Query) -> Option<Vec<String>> {
    let mut fields: Vec<String> = Vec::new();
    for field in at_top(query.get("fields")?) {
        let name = field.split(['.', '{', '(']).next().unwrap_or(field).trim();
        if !name.is_empty() && fields.iter().all(|other| other != name) {
            fields.push(name.to_owned());
        }
    }
    Some(fields)
}
