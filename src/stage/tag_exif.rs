//! tag-exif: what rows say, written into their pictures.

use std::path::PathBuf;

use crate::row::{Field, Row};

use super::tag::{self, Options, Tagger};
use super::{Batch, Fault, Notes, Outcome, Shape};

/// One picture after the other, each by itself.
pub struct TagExif {
    tagger: Tagger,
}

impl TagExif {
    pub fn new(options: Options) -> TagExif {
        TagExif { tagger: Tagger::new(options) }
    }
}

impl Batch for TagExif {
    fn shape(&self) -> Shape {
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: tag::columns(),
            locates: true,
            ..Shape::default()
        }
    }

    fn turn(&self, row: &Row) -> Option<PathBuf> {
        tag::turn(row)
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Notes) -> Result<Vec<Outcome>, Fault> {
        Ok(rows.into_iter().map(|row| self.tagger.tag(row, notes)).collect())
    }
}
