//! A row as bytes for a temporary file: its cells, joined. Only the process that wrote them can read them,
//! because the columns stay in memory, where rows share them.

use std::collections::HashMap;
use std::sync::Arc;

use super::packed_cells::{PackedCells, RAW};
use super::{Columns, Row};

impl Row {
    /// Appends the row to the bytes, without its columns.
    pub fn store(&self, bytes: &mut Vec<u8>) {
        put(bytes, self.line);
        put(bytes, self.cells.ends.len() as u64);
        let mut before = 0;
        for &end in &self.cells.ends {
            let (at, is_raw) = (end & !RAW, end & RAW != 0);
            put(bytes, u64::from(at - before) << 1 | u64::from(is_raw));
            before = at;
        }
        bytes.extend_from_slice(self.cells.text.as_bytes());
    }

    /// The row of these bytes, under its columns. `None` if [`Row::store`] did not make them.
    pub fn restore(columns: &Arc<Columns>, mut bytes: &[u8]) -> Option<Row> {
        let line = take(&mut bytes)?;
        let cells =
            usize::try_from(take(&mut bytes)?).ok().filter(|&cells| cells <= bytes.len())?;
        let mut ends = Vec::with_capacity(cells);
        let mut end: u32 = 0;
        for _ in 0..cells {
            let cell = take(&mut bytes)?;
            end = end.checked_add(u32::try_from(cell >> 1).ok()?).filter(|end| end & RAW == 0)?;
            ends.push(end | if cell & 1 != 0 { RAW } else { 0 });
        }
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() == end as usize)?;
        let is_cut = ends.iter().all(|end| text.is_char_boundary((end & !RAW) as usize));
        let cells = PackedCells { text: text.to_string(), ends };
        is_cut.then(|| Row { columns: Arc::clone(columns), cells, line })
    }
}

/// The column lists of stored rows, each with a number.
#[derive(Debug, Default)]
pub struct StoredColumns {
    lists: Vec<Arc<Columns>>,
    /// The number of each list, by its address: the list is kept alive, so the address is unique.
    numbers: HashMap<usize, u32>,
}

impl StoredColumns {
    /// The number of a list, which is new or that of an earlier row.
    pub fn number(&mut self, columns: &Arc<Columns>) -> u32 {
        let address = Arc::as_ptr(columns) as usize;
        *self.numbers.entry(address).or_insert_with(|| {
            self.lists.push(Arc::clone(columns));
            (self.lists.len() - 1) as u32
        })
    }

    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The list of a number.
    pub fn get(&self, number: u32) -> Option<&Arc<Columns>> {
        self.lists.get(number as usize)
    }
}

/// Writes seven bits per byte, the lowest first; the highest bit is set if more bytes follow (LEB128).
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests;
