//! Rows that name pictures but have no capture time: filled from the files, as if the pictures had been the input.
//! A row without the column, with an empty cell and with null are the same.

use std::path::Path;

use crate::archive::locate::Locator;
use crate::row::{Column, Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, RowError, Scan, Shape};
use crate::value::height_validity::Heights;

use super::{COLUMNS, Camera};

/// A scan that gets bare rows with the metadata of their pictures.
pub struct FillFromFile<S> {
    scan: S,
    heights: Heights,
    locator: Locator,
}

impl<S: Scan> FillFromFile<S> {
    /// `tmp_dir` is the folder of the temporary file with what is in tars.
    pub fn new(scan: S, heights: Heights, tmp_dir: &Path) -> Self {
        FillFromFile { scan, heights, locator: Locator::new(tmp_dir) }
    }

    fn read(&mut self, row: &mut Row) -> Result<(), RowError> {
        let camera = match super::read_where_it_is(&self.locator, row, self.heights) {
            Ok((_, camera)) => camera,
            Err(what) => {
                let path = row.get(Field::Path).map(Path::new);
                let place = path.and_then(|path| self.scan.moved(path)).ok_or(what)?;
                super::read(&place, self.heights)?
            }
        };
        complete(row, &camera);
        Ok(())
    }
}

/// Whether a header or row has pictures but no time.
fn is_bare(has: impl Fn(Field) -> bool) -> bool {
    has(Field::Path) && !has(Field::CapturedAt) && !has(Field::TakenAt)
}

/// Keeps the values that the row has, and mixes in nothing that belongs to a different position or direction.
fn complete(row: &mut Row, camera: &Camera) {
    let mut read = Row::from_cells(&[]);
    camera.fill(&mut read);
    let mut skipped: Vec<Field> = Vec::new();
    if row.get(Field::Lon).is_some() || row.get(Field::Lat).is_some() {
        skipped.extend([Field::Lon, Field::Lat, Field::Altitude, Field::SpeedKmh, Field::TrackDeg]);
        skipped.extend([Field::Hdop, Field::PositionBy, Field::GapS, Field::GapM]);
    }
    if row.get(Field::CompassAngle).is_some() {
        skipped.push(Field::DirectionBy);
    }
    // Sets columns without a value too: all rows that were filled name the same columns.
    for field in COLUMNS {
        if row.get(field).is_none() {
            let text = read.get(field).filter(|_| !skipped.contains(&field));
            row.set(field, text.unwrap_or_default());
        }
    }
}

impl<S: Scan> Scan for FillFromFile<S> {
    fn shape(&self, input: &InputHeader) -> Shape {
        let mut shape = self.scan.shape(input);
        if is_bare(|field| input.columns.at(field).is_some()) {
            let is_place =
                |column: &&Column| matches!(column.field, Some(Field::Archive | Field::Member));
            let at = shape.sets.iter().take_while(is_place).count();
            shape.sets.splice(at..at, COLUMNS.map(Column::from));
            let is_filled = |group: &Vec<Field>| group.iter().any(|field| COLUMNS.contains(field));
            shape.needs_in_header.retain(|group| !is_filled(group));
        }
        shape
    }

    fn push(
        &mut self,
        mut row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        if is_bare(|field| row.get(field).is_some())
            && let Err(what) = self.read(&mut row)
        {
            out.push(Outcome::failed(row, what));
            return Ok(());
        }
        self.scan.push(row, out, notes)
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        self.scan.end(out, notes)
    }

    fn goes_on(&self) -> bool {
        self.scan.goes_on()
    }

    fn goes_on_when_stopped(&self) -> bool {
        self.scan.goes_on_when_stopped()
    }
}

#[cfg(test)]
mod tests;
