//! The totals of one group.

use crate::row::{Column, Field, Row};

/// The totals of one group.
#[derive(Debug, Default, Clone, Copy)]
pub struct Sum {
    pub collections: u64,
    /// Only of collections with a known number.
    pub pictures: u64,
    pub bytes: u64,
}

impl Sum {
    pub fn add(&mut self, other: Sum) {
        self.collections += other.collections;
        self.pictures = self.pictures.saturating_add(other.pictures);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }

    pub fn row(&self, quality: &str) -> Row {
        let mut row = Row::from_cells(&[(Field::Quality, quality)]);
        row.set_column(&Column::named("collections"), &self.collections.to_string(), false);
        row.set_display(Field::ImageCount, self.pictures);
        row.set_display(Field::Bytes, self.bytes);
        row
    }
}
