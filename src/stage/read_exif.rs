//! read-exif: reads picture metadata into rows.

use std::path::Path;

use crate::archive::locate::Locator;
use crate::row::{Field, Row};

use crate::value::height_validity::Heights;

use crate::photo::camera;
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, Shape};

/// Reads the header of each row's picture, wherever it is now.
pub struct ReadExif {
    heights: Heights,
    locator: Locator,
}

/// Rows that a thread takes at once: reading one header takes less time than switching rows.
const ROWS: usize = 16;

impl Batch for ReadExif {
    fn shape(&self, input: &InputHeader) -> Shape {
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: input.location().chain(camera::columns()).collect(),
            ..Shape::default()
        }
    }

    fn size(&self) -> usize {
        ROWS
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        Ok(rows.into_iter().map(|row| self.read(row, notes)).collect())
    }
}

impl ReadExif {
    /// Only altitudes within `heights` are used.
    /// `tmp_dir` is the folder of the temporary file with what is in tars.
    pub fn new(heights: Heights, tmp_dir: &Path) -> ReadExif {
        ReadExif { heights, locator: Locator::new(tmp_dir) }
    }

    fn read(&self, mut row: Row, notes: &dyn Diagnostics) -> Outcome {
        let (found, camera) = match camera::read_where_it_is(&self.locator, &row, self.heights) {
            Ok(read) => read,
            Err(what) => return Outcome::failed(row, what),
        };
        found.tell(&mut row);
        if let Some(why) = &camera.why {
            let path = row.get(Field::Path).or(row.get(Field::Member)).unwrap_or_default();
            notes.warn(&format!("'{path}': {why}"));
        }
        camera.fill(&mut row);
        Outcome::Rows(vec![row])
    }
}
