//! read-exif: rows of pictures with what their files say.

use std::path::Path;

use crate::row::{Field, Row};

use super::{Batch, Fault, Notes, Outcome, Shape, camera};

/// Reads the head of each row's file. A picture in a tar passes as it is.
pub struct ReadExif;

/// Rows that a thread takes at once: reading one head takes less time than
/// taking turns.
const ROWS: usize = 16;

impl Batch for ReadExif {
    fn shape(&self) -> Shape {
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: camera::columns(),
            ..Shape::default()
        }
    }

    fn size(&self) -> usize {
        ROWS
    }

    fn wants(&self, row: &Row) -> bool {
        row.get(Field::Path).is_some()
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Notes) -> Result<Vec<Outcome>, Fault> {
        Ok(rows.into_iter().map(|row| read(row, notes)).collect())
    }
}

fn read(mut row: Row, notes: &dyn Notes) -> Outcome {
    let path = row.get(Field::Path).unwrap_or_default();
    let camera = match camera::read(Path::new(path)) {
        Ok(camera) => camera,
        Err(what) => return Outcome::Failed(row, what),
    };
    if let Some(why) = &camera.why {
        notes.warn(&format!("'{path}': {why}"));
    }
    camera.fill(&mut row);
    Outcome::Rows(vec![row])
}
