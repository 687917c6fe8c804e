//! A row to a JSON line. Each line names every column that the table has, or its own row, null where empty: CSV comes
//! back through JSON lines as the same bytes, and no line depends on those before it.

use std::sync::Arc;

use super::lex;
use crate::row::names::{Stand, parts};
use crate::row::{Column, Columns, Row, Type};

/// Writes row after row.
pub struct Writer {
    /// The order in which columns are written; others follow in their row's order.
    order: Vec<Column>,
    /// How many of these are written.
    asked: usize,
    /// Columns that are not written.
    omit: Vec<Column>,
    plan: Option<(Arc<Columns>, Vec<WriteStep>)>,
}

/// One step of writing a row, worked out once for rows of the same columns.
enum WriteStep {
    /// A value of its own.
    Value(ObjectMember),
    /// An object of several columns, or a point of two.
    NestedGroup(NestedGroup),
    /// A column of the table at its own place, where a point, or an object
    /// without values, would not give that back. These are the members that it
    /// is not named beside.
    Place(ObjectMember, Vec<usize>),
    /// What an object's own columns cannot hold, and whether these are of the table.
    Whole(ObjectMember, bool),
}

/// The key stands quoted, with its colon.
struct ObjectMember {
    key: Vec<u8>,
    at: usize,
    kind: Type,
    /// Whether it is of the table, so that all lines name it.
    is_asked: bool,
}

struct NestedGroup {
    key: Vec<u8>,
    members: Vec<ObjectMember>,
    /// The same by their flat names.
    flat: Vec<ObjectMember>,
    is_point: bool,
    /// Where a row has what these columns cannot hold: it takes the key.
    whole: usize,
}

impl Writer {
    pub fn new(order: &[Column], omit: &[Column]) -> Writer {
        let asked = order.iter().filter(|column| !omit.contains(column)).count();
        Writer { order: order.to_vec(), asked, omit: omit.to_vec(), plan: None }
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
            step.write(row, into);
        }
        if into.len() > start + 1 {
            into.pop();
        }
        into.extend_from_slice(b"}\n");
    }

    fn steps(&self, columns: &Columns) -> Vec<WriteStep> {
        let own = columns.list().iter().filter(|column| !self.order.contains(column));
        let all: Vec<&Column> =
            self.order.iter().chain(own).filter(|c| !self.omit.contains(c)).collect();
        let mut steps = Vec::new();
        for (at, column) in all.iter().enumerate() {
            match column.entry().map(|entry| entry.stand) {
                None if parts(&column.name).is_some() => {
                    let fields = parts(&column.name).unwrap_or_default();
                    let has_parts = fields.iter().any(|&it| self.order.contains(&it.into()));
                    steps.push(WriteStep::Whole(self.flat(column, columns), has_parts));
                }
                None => steps.push(WriteStep::Value(self.flat(column, columns))),
                Some(Stand::Top(name)) => {
                    let member = ObjectMember { key: key(name), ..self.flat(column, columns) };
                    steps.push(WriteStep::Value(member));
                }
                Some(Stand::In(name, _) | Stand::Point(name, _)) => {
                    self.group(&all, at, name, columns, &mut steps);
                }
            }
        }
        steps
    }

    /// A column under its flat name.
    fn flat(&self, column: &Column, columns: &Columns) -> ObjectMember {
        let at = columns.place(column).unwrap_or(usize::MAX);
        let is_asked = self.order.contains(column);
        ObjectMember { key: key(&column.name), at, kind: column.kind(), is_asked }
    }

    /// The steps for the column at this place, which shares an object or a point
    /// with others. The object stands where its columns stand together in their
    /// natural order; elsewhere it stands at the last one. The columns of a table
    /// then have their own places, too: `lat,lon` is a common order.
    fn group(
        &self,
        all: &[&Column],
        at: usize,
        name: &str,
        columns: &Columns,
        steps: &mut Vec<WriteStep>,
    ) {
        let is_of = |column: &Column| matches!(column.entry().map(|e| e.stand), Some(Stand::In(n, _) | Stand::Point(n, _)) if n == name);
        let members: Vec<usize> = (0..all.len()).filter(|&i| is_of(all[i])).collect();
        let is_point = matches!(all[at].entry().map(|e| e.stand), Some(Stand::Point(..)));
        if is_point && members.len() < 2 {
            return steps.push(WriteStep::Value(self.flat(all[at], columns)));
        }
        let is_natural = |members: &[usize]| {
            let is_turned = |pair: &[usize]| is_point && all[pair[0]].field > all[pair[1]].field;
            !members.windows(2).any(|pair| pair[1] != pair[0] + 1 || is_turned(pair))
        };
        let member = self.flat(all[at], columns);
        // Columns that other rows have brought must not change what a line has: those of the table are the first.
        let (table, _) = members.split_at(members.partition_point(|&i| i < self.asked));
        if member.is_asked && !is_natural(table) {
            let place = |i: &usize| columns.place(all[*i]).unwrap_or(usize::MAX);
            let beside = members.iter().map(place).filter(|_| !is_point).collect();
            steps.push(WriteStep::Place(member, beside));
        }
        if at != members[if is_natural(&members) { 0 } else { members.len() - 1 }] {
            return;
        }
        let mut own: Vec<&Column> = members.into_iter().map(|i| all[i]).collect();
        if is_point {
            own.sort_by_key(|column| column.field);
        }
        let inner = |column: &&Column| match column.entry().map(|e| e.stand) {
            Some(Stand::In(_, inner)) => {
                ObjectMember { key: key(inner), ..self.flat(column, columns) }
            }
            _ => self.flat(column, columns),
        };
        steps.push(WriteStep::NestedGroup(NestedGroup {
            key: key(name),
            members: own.iter().map(inner).collect(),
            flat: own.iter().map(|column| self.flat(column, columns)).collect(),
            is_point,
            whole: columns.place(&Column::named(name)).unwrap_or(usize::MAX),
        }));
    }
}

impl WriteStep {
    fn write(&self, row: &Row, into: &mut Vec<u8>) {
        match self {
            WriteStep::Value(member) => member.write(row, into),
            WriteStep::Place(member, beside) => {
                if beside.iter().all(|&at| row.cell(at).is_empty()) {
                    member.write(row, into);
                }
            }
            WriteStep::NestedGroup(group) => group.write(row, into),
            WriteStep::Whole(member, has_parts) => member.write_whole(row, *has_parts, into),
        }
    }
}

fn key(name: &str) -> Vec<u8> {
    let mut quoted = Vec::new();
    lex::quote(name, &mut quoted);
    quoted.push(b':');
    quoted
}

impl ObjectMember {
    /// Whether the line has its key, with a value or without.
    fn is_named(&self, row: &Row) -> bool {
        self.is_asked || row.names_at(self.at)
    }

    fn write(&self, row: &Row, into: &mut Vec<u8>) {
        let text = row.cell(self.at);
        if text.is_empty() && !self.is_named(row) {
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
    fn write_whole(&self, row: &Row, has_parts: bool, into: &mut Vec<u8>) {
        let names_parts = || {
            let name = std::str::from_utf8(&self.key[1..self.key.len() - 2]).unwrap_or_default();
            parts(name).unwrap_or_default().iter().any(|&field| row.names(field))
        };
        match row.cell(self.at) {
            "" if !self.is_named(row) || has_parts || names_parts() => {}
            "" => {
                into.extend_from_slice(&self.key);
                into.extend_from_slice(b"\"\",");
            }
            _ => self.write(row, into),
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

impl NestedGroup {
    fn write(&self, row: &Row, into: &mut Vec<u8>) {
        if !row.cell(self.whole).is_empty() {
            return self.flat.iter().for_each(|member| member.write(row, into));
        }
        if self.is_point {
            self.write_point(row, into);
        } else {
            self.write_object(row, into);
        }
    }

    fn write_object(&self, row: &Row, into: &mut Vec<u8>) {
        if !self.members.iter().any(|member| member.is_named(row)) {
            return;
        }
        into.extend_from_slice(&self.key);
        into.push(b'{');
        self.members.iter().for_each(|member| member.write(row, into));
        into.pop();
        into.extend_from_slice(b"},");
    }

    fn write_point(&self, row: &Row, into: &mut Vec<u8>) {
        let [lon, lat] = [0, 1].map(|i| self.flat.get(i).map_or("", |member| row.cell(member.at)));
        if !is_number(lon) || !is_number(lat) {
            return self.flat.iter().for_each(|member| member.write(row, into));
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
mod tests;
