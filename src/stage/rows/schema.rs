//! Schema files that give other programs the column types of a CSV file, so that ids stay text.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::row::column_type::ColumnType;
use crate::row::{Column, Columns, Row};
use crate::shape::document::{Document, put};
use crate::shape::{Diagnostics, Error, FatalError, InputHeader, Shape};
use crate::value::string_enum::words;

/// The program that reads the CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A SQL struct, for `types` of read_csv.
    Duckdb,
    /// JSON, for `dtype` of read_csv.
    Pandas,
    /// JSON, with type names of pyarrow.type_for_alias.
    Arrow,
}

words!(Reader: Duckdb = "duckdb", Pandas = "pandas", Arrow = "arrow");

/// Collects the names of the columns.
pub struct Schema {
    reader: Reader,
    /// The requested columns; empty for all.
    wanted: Vec<Column>,
    there: Mutex<Vec<Column>>,
}

impl Schema {
    /// `columns` are names in any spelling; an empty list means all columns of the rows.
    pub fn new(reader: Reader, columns: &[String]) -> Schema {
        let wanted = columns.iter().map(|name| Column::named(name.trim())).collect();
        Schema { reader, wanted, there: Mutex::default() }
    }

    fn see(&self, columns: &Columns) {
        let mut there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        // Rows share their columns, and new ones are added at the end.
        if there.len() < columns.list().len() {
            let new: Vec<_> =
                columns.list().iter().filter(|it| !there.contains(it)).cloned().collect();
            there.extend(new);
        }
    }
}

impl Document for Schema {
    fn shape(&self, input: &InputHeader) -> Shape {
        self.see(input.columns);
        Shape::default()
    }

    fn add(&mut self, row: &Row, _: &mut Vec<u8>, _: &dyn Diagnostics) -> Result<(), Error> {
        self.see(row.columns());
        Ok(())
    }

    fn finish(self, out: &mut dyn Write, _: &dyn Diagnostics) -> Result<(), FatalError> {
        let there = self.there.into_inner().unwrap_or_else(PoisonError::into_inner);
        let columns = if self.wanted.is_empty() { there } else { self.wanted };
        let types = columns
            .iter()
            .map(|column| (&*column.name, self.reader.type_name(ColumnType::from_column(column))));
        let text = match self.reader {
            Reader::Duckdb => {
                let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
                let pairs = types.map(|(name, kind)| format!("{}: {}", quoted(name), quoted(kind)));
                format!("{{{}}}\n", pairs.collect::<Vec<_>>().join(", "))
            }
            Reader::Pandas | Reader::Arrow => {
                // In the order of the columns, which a map would lose.
                let pairs = types
                    .map(|(name, kind)| format!("{}: {}", Value::from(name), Value::from(kind)));
                format!("{{{}}}\n", pairs.collect::<Vec<_>>().join(", "))
            }
        };
        put(out, text)
    }
}

impl Reader {
    /// The program's name of a type. Instants are milliseconds in CSV.
    fn type_name(self, kind: ColumnType) -> &'static str {
        match (self, kind) {
            (Reader::Duckdb, ColumnType::Text) => "VARCHAR",
            (Reader::Duckdb, ColumnType::Double) => "DOUBLE",
            (Reader::Duckdb, ColumnType::Long | ColumnType::Instant) => "BIGINT",
            (Reader::Duckdb, ColumnType::Bool) => "BOOLEAN",
            (Reader::Pandas | Reader::Arrow, ColumnType::Text) => "string",
            (Reader::Pandas, ColumnType::Double) => "Float64",
            (Reader::Pandas, ColumnType::Long | ColumnType::Instant) => "Int64",
            (Reader::Pandas, ColumnType::Bool) => "boolean",
            (Reader::Arrow, ColumnType::Double) => "double",
            (Reader::Arrow, ColumnType::Long | ColumnType::Instant) => "int64",
            (Reader::Arrow, ColumnType::Bool) => "bool",
        }
    }
}
