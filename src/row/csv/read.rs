//! CSV to rows: any line ends, doubled names, folded objects.

use std::io::Read;
use std::sync::Arc;

use super::MORE;
use crate::row::table::ReadError;
use crate::row::{Column, Columns, MAX_ROW_BYTES, Row, json, names};

/// What each cell of a line stands for.
#[derive(Clone)]
enum Slot {
    Column(usize),
    /// An object or a point of the Graph API as JSON, or `more`: unfolded.
    Folded(Arc<str>),
}

/// Reads row after row.
pub struct Reader<R> {
    lines: csv::Reader<Bounded<R>>,
    record: csv::StringRecord,
    columns: Arc<Columns>,
    slots: Vec<Slot>,
    /// The slots of a line that is short by just the doubled names.
    short: Option<Vec<Slot>>,
    /// Whether cells and columns are the same, so that a line is copied whole.
    plain: bool,
    /// Where lines end in CR LF the reader below counts a line late.
    late: u64,
    /// What was seen that the user should know, once.
    pub note: Option<String>,
}

impl<R: Read> Reader<R> {
    pub fn new(input: R) -> Result<Self, ReadError> {
        let bounded = Bounded { input, left: MAX_ROW_BYTES };
        let mut lines =
            csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bounded);
        let mut header = csv::StringRecord::new();
        read_record(&mut lines, &mut header)?;
        let late = u64::from(lines.position().line() == 1);
        let slots = Header::of(&header);
        let plain =
            slots.short.is_none() && !slots.all.iter().any(|s| matches!(s, Slot::Folded(_)));
        Ok(Reader {
            lines,
            record: header,
            columns: slots.columns,
            slots: slots.all,
            short: slots.short,
            plain,
            late,
            note: None,
        })
    }

    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// Reads the next row; false at the end. After an error of a row the next
    /// call goes on with the line after it.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        self.lines.get_mut().left = MAX_ROW_BYTES;
        if !read_record(&mut self.lines, &mut self.record)? {
            return Ok(false);
        }
        let line = self.record.position().map_or(0, |position| position.line() + self.late);
        row.restart(&self.columns, line);
        if self.plain && self.record.len() == self.slots.len() {
            row.ends.reserve(self.record.len());
            row.text.push_str(self.record.as_slice());
            row.ends.extend(
                (0..self.record.len())
                    .filter_map(|at| self.record.range(at))
                    .map(|range| range.end as u32),
            );
            return Ok(true);
        }
        let slots = self.slots_for(line)?;
        self.fill(&slots, row).map(|()| true).map_err(|what| ReadError::Row { line, what })
    }

    fn slots_for(&mut self, line: u64) -> Result<Vec<Slot>, ReadError> {
        let found = self.record.len();
        if found == self.slots.len() {
            return Ok(self.slots.clone());
        }
        match &self.short {
            Some(short) if found == short.len() => {
                self.note.get_or_insert_with(|| {
                    format!("line {line}: the header names some columns twice and the rows leave the doubles out; read so")
                });
                Ok(short.clone())
            }
            _ => Err(ReadError::Row {
                line,
                what: format!("{found} cells, but the header has {}", self.slots.len()),
            }),
        }
    }

    fn fill(&self, slots: &[Slot], row: &mut Row) -> Result<(), String> {
        for (slot, text) in slots.iter().zip(&self.record) {
            match slot {
                _ if text.is_empty() => {}
                Slot::Column(at) => put(row, &self.columns.list()[*at], text, false)?,
                Slot::Folded(name) => unfold(row, name, text)?,
            }
        }
        Ok(())
    }
}

/// Sets a cell; two columns of one field must agree.
fn put(row: &mut Row, column: &Column, text: &str, raw: bool) -> Result<(), String> {
    match row.get_column(column) {
        Some(before) if before != text => {
            Err(format!("two values for column '{}': '{before}' and '{text}'", column.name))
        }
        _ => {
            row.set_column(column, text, raw);
            Ok(())
        }
    }
}

fn unfold(row: &mut Row, name: &str, text: &str) -> Result<(), String> {
    let object = match name == MORE {
        true => json::parse(text),
        false => json::parse(&format!("{{\"{name}\":{text}}}")),
    };
    // What is no JSON is a text like any other, for whom it concerns.
    let Ok(object) = object else {
        return put(row, &Column { name: name.into(), field: None }, text, false);
    };
    object.filled().try_for_each(|(column, text, raw)| put(row, column, text, raw))
}

struct Header {
    columns: Arc<Columns>,
    all: Vec<Slot>,
    short: Option<Vec<Slot>>,
}

impl Header {
    fn of(names: &csv::StringRecord) -> Header {
        let mut list: Vec<Column> = Vec::new();
        let (mut all, mut short, mut doubles) = (Vec::new(), Vec::new(), 0);
        for name in names.iter().map(str::trim) {
            if name == MORE || names::parts(name).is_some() {
                list.extend(
                    names::parts(name).unwrap_or_default().iter().map(|&field| field.into()),
                );
                all.push(Slot::Folded(name.into()));
                short.push(Slot::Folded(name.into()));
                continue;
            }
            let column = Column::named(name);
            let before = list.iter().position(|other| *other == column);
            let at = before.unwrap_or_else(|| {
                list.push(column);
                list.len() - 1
            });
            all.push(Slot::Column(at));
            match before {
                Some(_) => doubles += 1,
                None => short.push(Slot::Column(at)),
            }
        }
        let columns = Columns::new(list.iter().cloned());
        // `more` and points may have named a column before: look each up again.
        let settle = |slots: Vec<Slot>| {
            slots
                .into_iter()
                .map(|slot| match slot {
                    Slot::Column(at) => Slot::Column(columns.place(&list[at]).unwrap_or(at)),
                    folded => folded,
                })
                .collect()
        };
        let (all, short) = (settle(all), settle(short));
        Header { all, short: (doubles > 0).then_some(short), columns }
    }
}

/// False at the end of the input.
fn read_record<R: Read>(
    lines: &mut csv::Reader<Bounded<R>>,
    record: &mut csv::StringRecord,
) -> Result<bool, ReadError> {
    lines.read_record(record).map_err(|error| match error.kind() {
        csv::ErrorKind::Utf8 { pos, err } => ReadError::Row {
            line: pos.as_ref().map_or(0, |pos| pos.line()),
            what: format!("not UTF-8 in cell {}", err.field() + 1),
        },
        _ => ReadError::Input(error.into()),
    })
}

/// Ends a row that would not end: one stray quote else makes the whole rest of
/// a file a single cell.
struct Bounded<R> {
    input: R,
    left: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(std::io::Error::other(format!(
                "a row of more than {} MB: is a quote not closed?",
                MAX_ROW_BYTES >> 20
            )));
        }
        let read = self.input.read(buffer)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}
