//! Writes a row as a JSON line. Each line has all columns of the table and those that the row itself names,
//! null where empty. So CSV converted to JSON lines and back is the same bytes, and no line depends on those
//! before it.

mod steps;

use std::sync::Arc;

use steps::{NestedGroup, ObjectMember, WriteStep, key};

use crate::row::known_fields::{JsonPlace, parts};
use crate::row::{Column, Columns, Row};

/// Writes rows one by one.
pub struct Writer {
    /// The columns of the table, in the order in which they are written; others follow in the order of their
    /// row.
    order: Vec<Column>,
    /// The number of columns in `order` that are not omitted.
    asked: usize,
    /// Columns that are left out.
    omit: Vec<Column>,
    plan: Option<(Arc<Columns>, Vec<WriteStep>)>,
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
                Some(JsonPlace::Top(name)) => {
                    let member = ObjectMember { key: key(name), ..self.flat(column, columns) };
                    steps.push(WriteStep::Value(member));
                }
                Some(JsonPlace::In(name, _) | JsonPlace::Point(name, _)) => {
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

    /// Adds the steps for the column at this index, which shares an object or a point with other columns. The
    /// object is written at its first column if its columns are adjacent and in their natural order, otherwise
    /// at its last. In the second case, columns of the table also keep their own position: `lat,lon` is a
    /// common order.
    fn group(
        &self,
        all: &[&Column],
        at: usize,
        name: &str,
        columns: &Columns,
        steps: &mut Vec<WriteStep>,
    ) {
        let is_of = |column: &Column| matches!(column.entry().map(|e| e.stand), Some(JsonPlace::In(n, _) | JsonPlace::Point(n, _)) if n == name);
        let members: Vec<usize> = (0..all.len()).filter(|&i| is_of(all[i])).collect();
        let is_point = matches!(all[at].entry().map(|e| e.stand), Some(JsonPlace::Point(..)));
        if is_point && members.len() < 2 {
            return steps.push(WriteStep::Value(self.flat(all[at], columns)));
        }
        let is_natural = |members: &[usize]| {
            let is_turned = |pair: &[usize]| is_point && all[pair[0]].field > all[pair[1]].field;
            !members.windows(2).any(|pair| pair[1] != pair[0] + 1 || is_turned(pair))
        };
        let member = self.flat(all[at], columns);
        // Columns that other rows have added must not change this line: only those of the table count, which
        // come first.
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
            Some(JsonPlace::In(_, inner)) => {
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

#[cfg(test)]
mod tests;
