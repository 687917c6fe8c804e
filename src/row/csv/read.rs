//! CSV to rows: any line ends, doubled names, folded objects.

use std::io::Read;
use std::sync::Arc;

use super::header::{Header, Slot};
use super::unfold::{Seen, put, unfold};
use crate::row::table::ReadError;
use crate::row::{Columns, MAX_ROW_BYTES, Row};

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
    seen: Seen,
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
        Ok(Reader {
            lines,
            record: header,
            plain: slots.short.is_none() && !slots.is_folded(),
            seen: Seen::new(&slots),
            columns: slots.columns,
            slots: slots.all,
            short: slots.short,
            late,
            note: None,
        })
    }

    /// The columns known so far: of an object or a point those that were needed.
    pub fn columns(&self) -> Arc<Columns> {
        self.seen.columns(&self.columns)
    }

    /// All columns that a row may have.
    pub fn all(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// Whether further columns may turn up, in the cells of folded ones.
    pub fn is_open(&self) -> bool {
        self.seen.is_open()
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

    fn fill(&mut self, slots: &[Slot], row: &mut Row) -> Result<(), String> {
        for (slot, text) in slots.iter().zip(&self.record) {
            match slot {
                _ if text.is_empty() => {}
                Slot::Column(at) => put(row, &self.columns.list()[*at], text, false)?,
                Slot::Folded(name) => unfold(row, name, text)?,
            }
        }
        self.seen.look(row);
        Ok(())
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
