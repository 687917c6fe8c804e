//! Requests links for the rows without a valid one, 50 at a time, just before they are used.

use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;

use crate::disk::{Action, AtPath, PathError};
use crate::query::{service_errors, thumbnail_urls};
use crate::row::{Field, Row};
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, Shape};
use crate::value::quality::Quality;

use super::Job;
use super::detect_quality::upload;
use super::find_existing::Look;
use super::requested_values;

/// The service's own clients do not send more ids at once.
const AT_ONCE: usize = 50;

pub struct Links(pub Arc<Job>);

impl Batch for Links {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn size(&self) -> usize {
        AT_ONCE
    }

    fn wants(&self, row: &Row) -> bool {
        // An error occurs again, and is reported, when the picture is downloaded.
        self.0.wanted(row).is_ok_and(|wanted| self.0.lacks(row, wanted).unwrap_or(false))
    }

    fn run(&self, rows: Vec<Row>, _: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        service_errors::pictures(rows, |rows| self.ask(rows))
    }
}

impl Links {
    fn ask(&self, rows: Vec<Row>) -> Result<Vec<Outcome>, FatalError> {
        let wanted = rows.iter().filter_map(|row| self.0.wanted(row).ok());
        let keys = keys(wanted.flat_map(|quality| self.0.fields(quality)));
        let ids: Vec<&str> = rows.iter().filter_map(|row| row.get(Field::ImgId)).collect();
        let entities = match self.0.settings.client.multi_get(&ids, &keys) {
            Ok(entities) => entities,
            Err(error) => return service_errors::all_failed(rows, &error),
        };
        rows.into_iter()
            .zip(entities)
            .map(|(row, (_, entity))| {
                Ok(match service_errors::answer(row, entity)? {
                    Continue((mut row, answer, _)) => {
                        take(&mut row, &answer);
                        Outcome::Next(row)
                    }
                    Break(outcome) => self.0.remembered(outcome)?,
                })
            })
            .collect()
    }
}

impl Job {
    /// Whether the service has to be asked: for a link, for values that the path is made from, or for values that
    /// identify an existing picture.
    pub(super) fn lacks(&self, row: &Row, wanted: Quality) -> Result<bool, PathError> {
        let lacks = |field: &Field| row.get(*field).is_none();
        if thumbnail_urls::fresh(row, wanted).is_none()
            || self.settings.layout.needs().iter().any(lacks)
        {
            return Ok(true);
        }
        match row.get(Field::ImgId).filter(|_| upload(row).is_none() && !self.settings.force) {
            Some(id) => Ok(matches!(self.look_for(row, id, wanted)?, Look::Doubtful)),
            None => Ok(false),
        }
    }

    /// Records a picture that is gone, so that other runs do not try it again.
    pub(super) fn remembered(&self, outcome: Outcome) -> Result<Outcome, FatalError> {
        if let Outcome::Ended(row, _) = &outcome {
            let noted = self.folder.remember_gone(row.get(Field::ImgId).unwrap_or_default());
            noted.at_path(Action::WriteIn, &self.folder.dir)?;
        }
        Ok(outcome)
    }
}

/// The service's keys of some fields, without duplicates.
pub fn keys(fields: impl IntoIterator<Item = Field>) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for field in fields {
        let key = if field == Field::SeqId { "sequence" } else { field.flat() };
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.join(",")
}

/// Links are replaced, even by none; other values are only filled in.
pub fn take(row: &mut Row, answer: &Row) {
    for quality in Quality::ALL {
        let field = thumbnail_urls::field(quality);
        match answer.get(field) {
            Some(url) => row.set(field, url),
            None => row.clear(field),
        }
    }
    requested_values::take(row, answer);
}
