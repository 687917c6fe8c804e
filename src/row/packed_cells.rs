//! The cells of a row: their texts joined in one string, and the offset where each ends.

/// Flag in the offset of a cell whose text is a JSON value (a number, a boolean, an array) and not a string, so
/// that JSON lines write it as it was read. An empty cell with this flag means that the row does not name the
/// column, although other rows of its stream do.
pub(super) const RAW: u32 = 1 << 31;

/// The cells of one row, in the order of its columns. Cells beyond the last stored one are empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PackedCells {
    pub(super) text: String,
    pub(super) ends: Vec<u32>,
}

impl PackedCells {
    /// The text of the cell at this index; empty when absent.
    pub fn get(&self, at: usize) -> &str {
        match self.ends.get(at) {
            Some(&end) => &self.text[self.start(at)..(end & !RAW) as usize],
            None => "",
        }
    }

    /// Whether the cell's text is a JSON value rather than a string.
    pub fn is_raw(&self, at: usize) -> bool {
        self.ends.get(at).is_some_and(|end| end & RAW != 0)
    }

    pub fn set(&mut self, at: usize, text: &str, raw: bool) {
        while self.ends.len() <= at {
            self.ends.push(self.text.len() as u32);
        }
        let (start, end) = (self.start(at), (self.ends[at] & !RAW) as usize);
        self.text.replace_range(start..end, text);
        for later in &mut self.ends[at..] {
            let moved = (*later & !RAW) as usize + text.len() - (end - start);
            *later = moved as u32 | (*later & RAW);
        }
        self.ends[at] = self.ends[at] & !RAW | if raw { RAW } else { 0 };
    }

    /// Appends the next cell.
    pub fn push(&mut self, text: &str, raw: bool) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32 | if raw { RAW } else { 0 });
    }

    /// Appends all cells of a CSV record.
    pub fn extend_from_record(&mut self, record: &csv::StringRecord) {
        self.ends.reserve(record.len());
        let start = self.text.len();
        self.text.push_str(record.as_slice());
        let ends = (0..record.len()).filter_map(|at| record.range(at));
        self.ends.extend(ends.map(|range| (start + range.end) as u32));
    }

    /// Reserves space for `cells` more cells of `bytes` in all.
    pub fn reserve(&mut self, cells: usize, bytes: usize) {
        self.text.reserve(bytes);
        self.ends.reserve(cells);
    }

    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Frees the reserved space that is not used.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    fn start(&self, at: usize) -> usize {
        match at.checked_sub(1) {
            Some(before) => (self.ends[before] & !RAW) as usize,
            None => 0,
        }
    }
}
