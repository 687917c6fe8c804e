//! CSV to rows: any separator and line ends, doubled names, folded objects,
//! files that were joined.

use std::io::{self, Read};
use std::sync::Arc;

use super::dialect;
use super::header::{self, Header, Slot};
use super::unfold::{Seen, put, unfold};
use crate::row::table::ReadError;
use crate::row::{Columns, MAX_ROW_BYTES, Row};
use crate::value::shown;

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
    /// Lines that the reader below does not count: one that names the
    /// separator, and where lines end in CR LF it is a line late.
    late: u64,
    /// The first name, which begins a header that comes again.
    first: String,
    /// What was seen that the user should know, each once.
    pub notes: Vec<String>,
    has_blank: bool,
    has_doubles: bool,
}

impl<R: Read> Reader<R> {
    /// `start` is how the input begins; it is still to be read.
    pub fn new(mut input: R, start: &[u8]) -> Result<Self, ReadError> {
        let (separator, skipped) = dialect::of(start);
        io::copy(&mut (&mut input).take(skipped as u64), &mut io::sink())
            .map_err(ReadError::Input)?;
        let bounded = Bounded { input, left: MAX_ROW_BYTES };
        let mut lines = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .delimiter(separator)
            .from_reader(bounded);
        let mut header = csv::StringRecord::new();
        read_record(&mut lines, &mut header)?;
        let late = u64::from(lines.position().line() == 1) + u64::from(skipped > 0);
        let slots = Header::of(&header);
        Ok(Reader {
            lines,
            plain: slots.short.is_none() && !slots.is_folded(),
            seen: Seen::new(&slots),
            columns: slots.columns,
            slots: slots.all,
            short: slots.short,
            late,
            first: header.get(0).unwrap_or_default().trim().to_string(),
            record: header,
            notes: Vec::new(),
            has_blank: false,
            has_doubles: false,
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
        loop {
            self.lines.get_mut().left = MAX_ROW_BYTES;
            if !read_record(&mut self.lines, &mut self.record)? {
                return Ok(false);
            }
            let line = self.record.position().map_or(0, |position| position.line() + self.late);
            if !self.is_blank(line) && !self.is_header(line)? {
                return self.take(line, row).map(|()| true);
            }
        }
    }

    fn take(&mut self, line: u64, row: &mut Row) -> Result<(), ReadError> {
        row.restart(&self.columns, line);
        if self.plain && self.record.len() == self.slots.len() {
            row.ends.reserve(self.record.len());
            row.text.push_str(self.record.as_slice());
            row.ends.extend(
                (0..self.record.len())
                    .filter_map(|at| self.record.range(at))
                    .map(|range| range.end as u32),
            );
            return Ok(());
        }
        let slots = self.slots_for(line)?;
        self.fill(&slots, row).map_err(|what| ReadError::Row { line, what })
    }

    /// Whether the line is separators alone, as Excel writes below a table.
    fn is_blank(&mut self, line: u64) -> bool {
        let is = self.record.as_slice().is_empty() && self.record.len() > 1;
        if is && !std::mem::replace(&mut self.has_blank, true) {
            self.notes.push(format!("line {line}: a line of separators alone is no row"));
        }
        is
    }

    /// Whether the line is a header, as in the middle of files that were
    /// joined. Its order counts from here on.
    fn is_header(&mut self, line: u64) -> Result<bool, ReadError> {
        let first = self.record.iter().find(|cell| !cell.is_empty()).unwrap_or_default();
        if !may_be_name(first, &self.first) || !header::is(&self.record, &self.columns) {
            return Ok(false);
        }
        let header = Header::of(&self.record);
        let lacking = header.columns.list().iter().filter(|c| self.columns.place(c).is_none());
        let lacking = shown::list(lacking.map(|column| &*column.name));
        if !lacking.is_empty() {
            return Err(ReadError::Input(io::Error::other(format!(
                "line {line}: another header, with columns that the first lacks: {lacking}; give \
                 the tables one after the other"
            ))));
        }
        let slots = header.slots_in(&self.columns);
        let is_same = slots == self.slots;
        self.notes.push(format!(
            "line {line}: the header comes again{}",
            if is_same { ", and is no row" } else { ", in another order, which counts from here" }
        ));
        if !is_same {
            self.plain = false;
            (self.slots, self.short) = (slots, None);
        }
        Ok(true)
    }

    fn slots_for(&mut self, line: u64) -> Result<Vec<Slot>, ReadError> {
        let found = self.record.len();
        if found == self.slots.len() {
            return Ok(self.slots.clone());
        }
        match &self.short {
            Some(short) if found == short.len() => {
                if !std::mem::replace(&mut self.has_doubles, true) {
                    self.notes.push(format!("line {line}: the header names some columns twice and the rows leave the doubles out; read so"));
                }
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

/// Whether a text may begin a header: most do not, and cost no more than this.
fn may_be_name(text: &str, first: &str) -> bool {
    let is_lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    match text.as_bytes() {
        [b'a'..=b'z', rest @ ..] => rest.iter().all(|&byte| is_lower(byte)) || text == first,
        [b'0'..=b'9', ..] | [] => false,
        _ => text.trim_start_matches('\u{feff}') == first || text.starts_with('\u{feff}'),
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
