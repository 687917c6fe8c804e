//! Requests the detections of pictures, 50 at a time. A paginated list is requested alone.

use std::sync::Arc;

use std::ops::ControlFlow::{Break, Continue};

use crate::query::service_errors;
use crate::row::{Column, Field, Row};
use crate::service::Client;
use crate::shape::{Batch, Cut, Diagnostics, Error, FatalError, InputHeader, Outcome, Shape};

use super::{columns, list};

/// A picture may have about a hundred detections with a polygon each: half a megabyte in all.
const AT_ONCE: usize = 50;
const FIELDS: &str = "width,height,exif_orientation,detections.id,detections.value,\
detections.geometry,detections.created_at";
const OF_LIST: &str = "id,value,geometry,created_at";
const SETS: [Field; 4] = [Field::Width, Field::Height, Field::ExifOrientation, Field::Detections];

/// The part that makes the requests.
pub struct FetchDetections {
    client: Arc<Client>,
}

impl FetchDetections {
    pub fn new(client: Arc<Client>) -> FetchDetections {
        FetchDetections { client }
    }

    fn ask(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        let ids: Vec<&str> = rows.iter().filter_map(|row| row.get(Field::ImgId)).collect();
        let mut entities = match self.client.multi_get(&ids, FIELDS) {
            Ok(entities) => entities.into_iter(),
            Err(error) => return service_errors::all_failed(rows, &error),
        };
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in rows {
            let Some((_, entity)) = entities.next() else {
                outcomes.push(Outcome::Failed(row, "the service gave no answer".into()));
                continue;
            };
            outcomes.push(match service_errors::answer(row, entity)? {
                Continue((row, answer, _)) => self.outcome(row, &answer, notes)?,
                Break(outcome) => outcome,
            });
        }
        Ok(outcomes)
    }

    fn outcome(
        &self,
        mut row: Row,
        answer: &Row,
        notes: &dyn Diagnostics,
    ) -> Result<Outcome, FatalError> {
        service_errors::overlay(&mut row, answer, &SETS.map(Column::from));
        // A picture without detections has no such key.
        let nested = answer.get(Field::Detections).unwrap_or("{\"data\":[]}").to_string();
        match list::read(&nested) {
            Ok(list) if list.is_whole() => row.set_column(&Field::Detections.into(), &nested, true),
            Ok(_) => return self.alone(row, notes),
            Err(what) => return Ok(Outcome::Failed(row, format!("the service sent: {what}"))),
        }
        Ok(Outcome::Next(row))
    }

    /// Requests the list of one picture.
    fn alone(&self, mut row: Row, notes: &dyn Diagnostics) -> Result<Outcome, FatalError> {
        let id = row.get(Field::ImgId).unwrap_or_default().to_string();
        let found = match self.client.detections(&id, OF_LIST) {
            Ok(found) => found,
            Err(error) => return Error::from(error).fail(row),
        };
        if found.odd > 0 {
            notes.count(super::ODD, found.odd);
        }
        row.set_column(&Field::Detections.into(), &list::write(&found.rows), true);
        Ok(match found.cut {
            Some(why) => Outcome::Cut(Cut { rows: vec![row.clone()], list: row, why }),
            None => Outcome::Next(row),
        })
    }
}

impl Batch for FetchDetections {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape {
            needs: vec![vec![Field::ImgId]],
            sets: SETS.map(Column::from).to_vec(),
            leads: vec![Field::OrgId, Field::SeqId, Field::ImgId],
            ..Shape::default()
        }
    }

    fn size(&self) -> usize {
        AT_ONCE
    }

    /// Rows of detections, and rows of pictures that have their detections already, need no request.
    fn wants(&self, row: &Row) -> bool {
        let is_whole = |text| list::read(text).is_ok_and(|list| list.is_whole());
        !columns::is_detection(row) && !row.get(Field::Detections).is_some_and(is_whole)
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        service_errors::pictures(rows, |rows| self.ask(rows, notes))
    }
}
