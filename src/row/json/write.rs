//! A row to a JSON line. The first line names every column, null where empty,
//! so that CSV comes back through JSON lines as the same bytes.

use std::sync::Arc;

use super::lex;
use crate::row::names::{Stand, parts};
use crate::row::{Column, Columns, Row, Type};

/// Writes row after row.
pub struct Writer {
    /// The order in which columns are written; others follow in their row's order.
    order: Vec<Column>,
    /// Columns that are not written.
    omit: Vec<Column>,
    plan: Option<(Arc<Columns>, Vec<Step>)>,
    first: bool,
}

/// One step of writing a row, worked out once for rows of the same columns.
enum Step {
    /// A value of its own; the key stands quoted, with its colon.
    Value(Vec<u8>, usize, Type),
    /// An object of several columns: its key, and each one's key and place.
    Object(Vec<u8>, Vec<(Vec<u8>, usize, Type)>),
    /// A point: its key, the places of its longitude and latitude, their flat keys.
    Point(Vec<u8>, [usize; 2], [Vec<u8>; 2]),
    /// Names a column, in the first line only, where an object alone would
    /// not give its place back.
    Name(Vec<u8>),
}

impl Writer {
    pub fn new(order: &[Column], omit: &[Column]) -> Writer {
        Writer { order: order.to_vec(), omit: omit.to_vec(), plan: None, first: true }
    }

    /// Appends the row and a line end.
    pub fn write(&mut self, row: &Row, into: &mut Vec<u8>) {
        if !self.plan.as_ref().is_some_and(|(columns, _)| Arc::ptr_eq(columns, row.columns())) {
            self.plan = Some((Arc::clone(row.columns()), self.steps(row.columns())));
        }
        let Some((_, steps)) = &self.plan else { return };
        let start = into.len();
        into.push(b'{');
        for step in steps {
            step.write(row, self.first, into);
        }
        self.first = false;
        if into.len() > start + 1 {
            into.pop();
        }
        into.extend_from_slice(b"}\n");
    }

    fn steps(&self, columns: &Columns) -> Vec<Step> {
        let own = columns.list().iter().filter(|column| !self.order.contains(column));
        let all: Vec<&Column> =
            self.order.iter().chain(own).filter(|c| !self.omit.contains(c)).collect();
        let place = |column: &Column| columns.place(column).unwrap_or(usize::MAX);
        let mut steps = Vec::new();
        for (at, column) in all.iter().enumerate() {
            match column.entry().map(|entry| entry.stand) {
                None => steps.push(Step::Value(key(&column.name), place(column), Type::Text)),
                Some(Stand::Top(name)) => {
                    steps.push(Step::Value(key(name), place(column), column.kind()))
                }
                Some(Stand::In(name, _) | Stand::Point(name, _)) => {
                    group(&all, at, name, &place, &mut steps)
                }
            }
        }
        steps
    }
}

/// The steps for the column at this place, which shares an object or a point
/// with others. The object stands where its columns stand together in their
/// natural order; elsewhere it stands at the last one, and the first line
/// names each column at its own place.
fn group(
    all: &[&Column],
    at: usize,
    name: &str,
    place: &dyn Fn(&Column) -> usize,
    steps: &mut Vec<Step>,
) {
    let is_of = |column: &Column| matches!(column.entry().map(|e| e.stand), Some(Stand::In(n, _) | Stand::Point(n, _)) if n == name);
    let members: Vec<usize> = (0..all.len()).filter(|&i| is_of(all[i])).collect();
    let together = members.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let in_order = members.windows(2).all(|pair| all[pair[0]].field < all[pair[1]].field);
    let is_point = matches!(all[at].entry().map(|e| e.stand), Some(Stand::Point(..)));
    if is_point && members.len() < 2 {
        return steps.push(Step::Value(key(&all[at].name), place(all[at]), Type::Number));
    }
    let natural = together && (in_order || !is_point);
    if !natural {
        steps.push(Step::Name(key(&all[at].name)));
    }
    if at != members[if natural { 0 } else { members.len() - 1 }] {
        return;
    }
    if is_point {
        let of = |index: usize| parts(name).map(|fields| Column::from(fields[index]));
        let [Some(lon), Some(lat)] = [of(0), of(1)] else { return };
        steps.push(Step::Point(
            key(name),
            [place(&lon), place(&lat)],
            [key(&lon.name), key(&lat.name)],
        ));
        return;
    }
    let inner = |i: usize| match all[i].entry().map(|e| e.stand) {
        Some(Stand::In(_, inner)) => (key(inner), place(all[i]), all[i].kind()),
        _ => (key(&all[i].name), place(all[i]), Type::Text),
    };
    steps.push(Step::Object(key(name), members.into_iter().map(inner).collect()));
}

impl Step {
    fn write(&self, row: &Row, first: bool, into: &mut Vec<u8>) {
        match self {
            Step::Value(key, at, kind) => member(key, row, *at, *kind, first, into),
            Step::Name(key) if first => absent(key, into),
            Step::Name(_) => {}
            Step::Object(key, members) => object(key, members, row, first, into),
            Step::Point(key, places, flat) => point(key, *places, flat, row, first, into),
        }
    }
}

fn key(name: &str) -> Vec<u8> {
    let mut quoted = Vec::new();
    lex::quote(name, &mut quoted);
    quoted.push(b':');
    quoted
}

fn absent(key: &[u8], into: &mut Vec<u8>) {
    into.extend_from_slice(key);
    into.extend_from_slice(b"null,");
}

fn member(key: &[u8], row: &Row, at: usize, kind: Type, first: bool, into: &mut Vec<u8>) {
    let text = row.cell(at);
    if text.is_empty() {
        if first {
            absent(key, into);
        }
        return;
    }
    into.extend_from_slice(key);
    value(text, kind, row.is_raw(at), into);
    into.push(b',');
}

/// A text that is not of its column's type is written as a string: nothing is
/// lost, and who reads the column says what is wrong.
fn value(text: &str, kind: Type, raw: bool, into: &mut Vec<u8>) {
    let bare = match kind {
        Type::Id => false,
        Type::Number => is_number(text),
        Type::Bool => text == "true" || text == "false",
        Type::Json => raw || is_json(text),
        Type::Text => raw,
    };
    match bare {
        true => into.extend_from_slice(text.as_bytes()),
        false => lex::quote(text, into),
    }
}

fn is_number(text: &str) -> bool {
    lex::number(text.as_bytes()) == Some(text.len())
}

fn is_json(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes[0], b'{' | b'[')
        && !bytes.contains(&b'\n')
        && lex::value(bytes, 0, 1).is_ok_and(|(_, end)| end == bytes.len())
}

fn object(
    key: &[u8],
    members: &[(Vec<u8>, usize, Type)],
    row: &Row,
    first: bool,
    into: &mut Vec<u8>,
) {
    if !first && members.iter().all(|(_, at, _)| row.cell(*at).is_empty()) {
        return;
    }
    into.extend_from_slice(key);
    into.push(b'{');
    for (inner, at, kind) in members {
        member(inner, row, *at, *kind, first, into);
    }
    into.pop();
    into.extend_from_slice(b"},");
}

fn point(
    key: &[u8],
    places: [usize; 2],
    flat: &[Vec<u8>; 2],
    row: &Row,
    first: bool,
    into: &mut Vec<u8>,
) {
    let [lon, lat] = places.map(|at| row.cell(at));
    if is_number(lon) && is_number(lat) {
        into.extend_from_slice(key);
        into.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":[");
        into.extend_from_slice(lon.as_bytes());
        into.push(b',');
        into.extend_from_slice(lat.as_bytes());
        into.extend_from_slice(b"]},");
        return;
    }
    for (flat, at) in flat.iter().zip(places) {
        member(flat, row, at, Type::Number, first, into);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Parser;
    use super::*;
    use crate::row::{Field, json};

    fn line(writer: &mut Writer, row: &Row) -> String {
        let mut out = Vec::new();
        writer.write(row, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn types_come_from_the_table() {
        let row = Row::of(&[
            (Field::ImgId, "1463097064038568"),
            (Field::CapturedAt, "1624789614209"),
            (Field::IsPano, "true"),
            (Field::Width, "wide"),
            (Field::CameraParameters, "[0.85,0]"),
        ]);
        let text = line(&mut Writer::new(&[], &[]), &row);
        assert_eq!(
            text,
            "{\"id\":\"1463097064038568\",\"captured_at\":1624789614209,\"is_pano\":true,\"width\":\"wide\",\"camera_parameters\":[0.85,0]}\n"
        );
    }

    #[test]
    fn the_first_line_names_what_is_empty_and_the_next_leave_it_out() {
        let row = Row::of(&[
            (Field::ImgId, "1"),
            (Field::Lon, ""),
            (Field::Lat, ""),
            (Field::CreatorId, ""),
        ]);
        let mut writer = Writer::new(&[], &[]);
        assert_eq!(
            line(&mut writer, &row),
            "{\"id\":\"1\",\"lon\":null,\"lat\":null,\"creator\":{\"id\":null}}\n"
        );
        assert_eq!(line(&mut writer, &row), "{\"id\":\"1\"}\n");
    }

    #[test]
    fn any_order_of_columns_comes_back() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..500 {
            let mut fields = vec![
                Field::Lat,
                Field::Lon,
                Field::CreatorId,
                Field::CreatorUsername,
                Field::OrgId,
                Field::SeqId,
                Field::ComputedLat,
            ];
            random.shuffle(&mut fields);
            fields.truncate(random.usize(1..8));
            let cells: Vec<_> =
                fields.iter().map(|&f| (f, if random.bool() { "1" } else { "" })).collect();
            let row = Row::of(&cells);
            let text = line(&mut Writer::new(&[], &[]), &row);
            let mut back = Row::new(Columns::of(&[]));
            Parser::default().read(&text, &mut back).unwrap();
            assert_eq!(back.columns().list(), row.columns().list(), "{text}");
            assert_eq!(back, row, "{text}");
        }
    }

    #[test]
    fn unknown_values_come_back_as_they_were() {
        let text = r#"{"a":1.50,"b":"1.50","c":[true,null],"d":false}"#;
        assert_eq!(line(&mut Writer::new(&[], &[]), &json::parse(text).unwrap()).trim_end(), text);
    }
}
