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
    /// A value of its own.
    Value(Member),
    /// An object of several columns, or a point of two.
    Group(Group),
    /// A column in the first line only, where a point, or an object without
    /// values, would not give its place back. These are the members that it
    /// is not named beside.
    First(Member, Vec<usize>),
    /// What an object's own columns cannot hold, and whether the first line
    /// names it.
    Whole(Member, bool),
}

/// The key stands quoted, with its colon.
struct Member {
    key: Vec<u8>,
    at: usize,
    kind: Type,
}

struct Group {
    key: Vec<u8>,
    members: Vec<Member>,
    /// The same by their flat names.
    flat: Vec<Member>,
    is_point: bool,
    /// Where a row has what these columns cannot hold: it takes the key.
    whole: usize,
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
        let mut steps = Vec::new();
        for (at, column) in all.iter().enumerate() {
            let is_asked = self.order.contains(column);
            match column.entry().map(|entry| entry.stand) {
                None if parts(&column.name).is_some() => {
                    steps.push(Step::Whole(flat(column, columns), is_asked));
                }
                None => steps.push(Step::Value(flat(column, columns))),
                Some(Stand::Top(name)) => {
                    steps.push(Step::Value(Member { key: key(name), ..flat(column, columns) }));
                }
                Some(Stand::In(name, _) | Stand::Point(name, _)) => {
                    group(&all, at, name, columns, &mut steps);
                }
            }
        }
        steps
    }
}

/// A column under its flat name.
fn flat(column: &Column, columns: &Columns) -> Member {
    let at = columns.place(column).unwrap_or(usize::MAX);
    Member { key: key(&column.name), at, kind: column.kind() }
}

/// The steps for the column at this place, which shares an object or a point
/// with others. The object stands where its columns stand together in their
/// natural order; elsewhere it stands at the last one. The parts of a point then
/// have their own places in the first line too: `lat,lon` is a common order.
fn group(all: &[&Column], at: usize, name: &str, columns: &Columns, steps: &mut Vec<Step>) {
    let is_of = |column: &Column| matches!(column.entry().map(|e| e.stand), Some(Stand::In(n, _) | Stand::Point(n, _)) if n == name);
    let members: Vec<usize> = (0..all.len()).filter(|&i| is_of(all[i])).collect();
    let together = members.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let in_order = members.windows(2).all(|pair| all[pair[0]].field < all[pair[1]].field);
    let is_point = matches!(all[at].entry().map(|e| e.stand), Some(Stand::Point(..)));
    if is_point && members.len() < 2 {
        return steps.push(Step::Value(flat(all[at], columns)));
    }
    let natural = together && (in_order || !is_point);
    if !natural {
        let place = |i: &usize| columns.place(all[*i]).unwrap_or(usize::MAX);
        let beside = members.iter().map(place).filter(|_| !is_point).collect();
        steps.push(Step::First(flat(all[at], columns), beside));
    }
    if at != members[if natural { 0 } else { members.len() - 1 }] {
        return;
    }
    let mut own: Vec<&Column> = members.into_iter().map(|i| all[i]).collect();
    if is_point {
        own.sort_by_key(|column| column.field);
    }
    let inner = |column: &&Column| match column.entry().map(|e| e.stand) {
        Some(Stand::In(_, inner)) => Member { key: key(inner), ..flat(column, columns) },
        _ => flat(column, columns),
    };
    steps.push(Step::Group(Group {
        key: key(name),
        members: own.iter().map(inner).collect(),
        flat: own.iter().map(|column| flat(column, columns)).collect(),
        is_point,
        whole: columns.place(&Column::named(name)).unwrap_or(usize::MAX),
    }));
}

impl Step {
    fn write(&self, row: &Row, first: bool, into: &mut Vec<u8>) {
        match self {
            Step::Value(member) => member.write(row, first, into),
            Step::First(member, beside) => {
                if first && beside.iter().all(|&at| row.cell(at).is_empty()) {
                    member.write(row, true, into);
                }
            }
            Step::Group(group) => group.write(row, first, into),
            Step::Whole(member, named) => member.write_whole(row, first && *named, into),
        }
    }
}

fn key(name: &str) -> Vec<u8> {
    let mut quoted = Vec::new();
    lex::quote(name, &mut quoted);
    quoted.push(b':');
    quoted
}

impl Member {
    /// `named` says that it is named where it is empty.
    fn write(&self, row: &Row, named: bool, into: &mut Vec<u8>) {
        let text = row.cell(self.at);
        if text.is_empty() && !named {
            return;
        }
        into.extend_from_slice(&self.key);
        if text.is_empty() {
            into.extend_from_slice(b"null");
        } else {
            value(text, self.kind, row.is_raw(self.at), into);
        }
        into.push(b',');
    }

    /// Where it is empty an object may have its key. A null would name the
    /// columns of that object; an empty text names this one.
    fn write_whole(&self, row: &Row, named: bool, into: &mut Vec<u8>) {
        let has_parts = || {
            let name = std::str::from_utf8(&self.key[1..self.key.len() - 2]).unwrap_or_default();
            parts(name).unwrap_or_default().iter().any(|&field| row.columns().at(field).is_some())
        };
        match row.cell(self.at) {
            "" if !named || has_parts() => {}
            "" => {
                into.extend_from_slice(&self.key);
                into.extend_from_slice(b"\"\",");
            }
            _ => self.write(row, false, into),
        }
    }
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
    if bare { into.extend_from_slice(text.as_bytes()) } else { lex::quote(text, into) }
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

impl Group {
    fn write(&self, row: &Row, first: bool, into: &mut Vec<u8>) {
        if !row.cell(self.whole).is_empty() {
            return self.flat.iter().for_each(|member| member.write(row, first, into));
        }
        if self.is_point {
            self.write_point(row, first, into);
        } else {
            self.write_object(row, first, into);
        }
    }

    fn write_object(&self, row: &Row, first: bool, into: &mut Vec<u8>) {
        if !first && self.members.iter().all(|member| row.cell(member.at).is_empty()) {
            return;
        }
        into.extend_from_slice(&self.key);
        into.push(b'{');
        self.members.iter().for_each(|member| member.write(row, first, into));
        into.pop();
        into.extend_from_slice(b"},");
    }

    fn write_point(&self, row: &Row, first: bool, into: &mut Vec<u8>) {
        let [lon, lat] = [0, 1].map(|i| self.flat.get(i).map_or("", |member| row.cell(member.at)));
        if !is_number(lon) || !is_number(lat) {
            return self.flat.iter().for_each(|member| member.write(row, first, into));
        }
        into.extend_from_slice(&self.key);
        into.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":[");
        into.extend_from_slice(lon.as_bytes());
        into.push(b',');
        into.extend_from_slice(lat.as_bytes());
        into.extend_from_slice(b"]},");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::json::Parser;
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
            // The parts of an object with values come back side by side.
            let creator = |column: &&Column| !column.name.starts_with("creator");
            let others = |row: &Row| -> Vec<Column> {
                row.columns().list().iter().filter(creator).cloned().collect()
            };
            assert_eq!(others(&back), others(&row), "{text}");
            assert!(
                !text.contains("creator_") || !text.contains("\"creator\":{\"id\":\""),
                "{text}"
            );
            assert_eq!(back, row, "{text}");
        }
    }

    #[test]
    fn unknown_values_come_back_as_they_were() {
        let text = r#"{"a":1.50,"b":"1.50","c":[true,null],"d":false}"#;
        assert_eq!(line(&mut Writer::new(&[], &[]), &json::parse(text).unwrap()).trim_end(), text);
    }
}
