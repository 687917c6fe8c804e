//! Feeds the CSV parser: limits the length of a row, and makes the end of input visible.

use std::io::{self, BufRead, Read};

/// Appended after the last byte: a row of its own, unless a quote is open there.
const MARK: &str = "\n\u{1}end of the table\u{1}\n";

/// Limits the length of a row: otherwise one stray quote makes the whole rest of a file a single cell.
pub struct Bounded<R> {
    /// Removed when the parser is rebuilt.
    input: Option<R>,
    /// The maximum length of a row.
    most: usize,
    left: usize,
    is_over: bool,
    marked: usize,
}

/// How a row ends.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Row,
    /// There is no row: the table has ended.
    Table,
    /// It is unterminated: the table ends within a quote.
    Quote,
}

impl<R: BufRead> Bounded<R> {
    pub fn new(input: R, most: usize) -> Bounded<R> {
        Bounded { input: Some(input), most, left: most, is_over: false, marked: 0 }
    }

    /// Starts a row.
    pub fn restart(&mut self) {
        self.left = self.most;
    }

    /// Whether the row is too long to read further.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The input after the line that is too long; it begins with that line's LF if `keeps_lf`.
    pub fn behind_line(&mut self, keeps_lf: bool) -> io::Result<Option<Bounded<R>>> {
        let Some(mut input) = self.input.take() else { return Ok(None) };
        loop {
            let bytes = input.fill_buf()?;
            let (length, lf) = (bytes.len(), bytes.iter().position(|&byte| byte == b'\n'));
            input.consume(lf.map_or(length, |at| if keeps_lf { at } else { at + 1 }));
            if lf.is_some() || length == 0 {
                return Ok(Some(Bounded::new(input, self.most)));
            }
        }
    }
}

/// The lines below the one in which the open quote begins.
pub fn lines_below(record: &csv::StringRecord) -> usize {
    let text = record.as_slice();
    let text = text.strip_suffix(MARK).unwrap_or(text);
    text.strip_suffix('\n').unwrap_or(text).matches('\n').count()
}

/// How a row ends, judged by its cells.
pub fn end_of(record: &csv::StringRecord) -> End {
    match record.get(record.len().saturating_sub(1)) {
        Some(last) if record.len() == 1 && last == MARK.trim_matches('\n') => End::Table,
        Some(last) if last.ends_with(MARK) => End::Quote,
        _ => End::Row,
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(input) = &mut self.input else { return Ok(0) };
        if self.left == 0 {
            self.is_over = true;
            return Err(io::Error::other("a row that is too long"));
        }
        let mut read = input.read(buffer)?;
        if read == 0 {
            read = (&MARK.as_bytes()[self.marked..]).read(buffer)?;
            self.marked += read;
        }
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
