//! tag-exif: writes row values into picture metadata.

use std::path::PathBuf;

use crate::row::{Field, Row};

use crate::photo::tag::{self, Options, Tagger};
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, Shape};

/// Writes each picture by itself.
pub struct TagExif {
    tagger: Tagger,
}

impl TagExif {
    pub fn new(options: Options) -> TagExif {
        TagExif { tagger: Tagger::new(options) }
    }
}

impl Batch for TagExif {
    fn shape(&self, input: &InputHeader) -> Shape {
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: input.location().chain(tag::columns()).collect(),
            ..Shape::default()
        }
    }

    fn turn(&self, row: &Row) -> Option<PathBuf> {
        tag::turn(row)
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        Ok(rows.into_iter().map(|row| self.tagger.tag(row, notes)).collect())
    }
}
