//! tag-exif: writes row values into picture metadata.

use std::path::{Path, PathBuf};

use crate::row::{Field, Row};

use crate::photo::tag::{self, Options, Tagger};
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, Shape};

/// Writes each picture by itself.
pub struct TagExif {
    tagger: Tagger,
}

impl TagExif {
    /// `tmp_dir` is the folder of the temporary file with what is in tars.
    pub fn new(options: Options, tmp_dir: &Path) -> TagExif {
        TagExif { tagger: Tagger::new(options, tmp_dir) }
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
