//! get-meta: requests the metadata of pictures, 50 at a time.

mod request_fields;

use std::ops::ControlFlow::{Break, Continue};
use std::sync::{Arc, Mutex};

use crate::row::json::lex;
use crate::row::{Column, Field, Row};
use crate::service::{Client, Entity, ErrorKind};
use crate::value::quality::Quality;

use crate::query::Query;
use crate::query::known::KnownIds;
use crate::query::select::Select;
use crate::query::thumbnail_urls;
use crate::query::{empty_result, service_errors};
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, Shape};

use request_fields::no_field;
pub use request_fields::{RequestFields, STANDARD, every};

/// The service's own clients do not send more ids at once.
const AT_ONCE: usize = 50;

/// The options of get-meta.
pub struct GetMetaOptions {
    pub client: Arc<Client>,
    pub fields: RequestFields,
    /// The quality of the link to request; `None` means the original, unless fields were listed.
    pub quality: Option<Quality>,
    /// Use the next smaller one if it is missing.
    pub fallback: bool,
    pub raw_json: bool,
    pub select: Select,
    pub known: KnownIds,
}

/// The stage.
pub struct GetMeta {
    settings: GetMetaOptions,
    keys: String,
    sets: Vec<Column>,
    links: Vec<Quality>,
    unsure: Mutex<Unsure>,
}

/// Fields that are not in the table of names, until the service has shown whether it has them.
#[derive(Default)]
struct Unsure {
    keys: Vec<String>,
    fault: Option<FatalError>,
}

impl GetMeta {
    pub fn new(settings: GetMetaOptions) -> GetMeta {
        let mut fields = settings.fields.clone();
        settings.select.fields().into_iter().for_each(|field| fields.add_field(field));
        let wanted = settings.quality.or((!fields.listed).then_some(Quality::Original));
        let links: Vec<Quality> = if settings.fallback {
            wanted.unwrap_or(Quality::Original).downward().collect()
        } else {
            wanted.into_iter().collect()
        };
        links.iter().for_each(|&quality| fields.add_field(thumbnail_urls::field(quality)));
        let mut sets = fields.columns;
        if !links.is_empty() {
            sets.push(Field::Quality.into());
        }
        if settings.raw_json {
            sets.push(Field::RawJson.into());
        }
        let unsure = fields.keys.iter().filter(|key| !every().any(|known| known == **key));
        let unsure = Mutex::new(Unsure { keys: unsure.cloned().collect(), fault: None });
        GetMeta { keys: fields.keys.join(","), settings, sets, links, unsure }
    }

    /// Requests the unknown fields for one picture, so that a misspelt field is an error of the run and not of each
    /// row.
    fn check_fields(&self, id: Option<&&str>) -> Result<(), FatalError> {
        let mut unsure = self.unsure.lock().unwrap_or_else(|broken| broken.into_inner());
        if let Some(fault) = &unsure.fault {
            return Err(fault.clone());
        }
        let Some(id) = id.filter(|_| !unsure.keys.is_empty()) else { return Ok(()) };
        match self.settings.client.entity(id, &unsure.keys.join(",")) {
            Ok(Entity::Found(_)) => unsure.keys.clear(),
            Ok(Entity::Failed(error)) if error.kind == ErrorKind::WrongType => {
                let is_named = |name: &&String| error.message.contains(&format!("({name})"));
                if let Some(name) = unsure.keys.iter().find(is_named) {
                    let fault = FatalError(no_field(name));
                    unsure.fault = Some(fault.clone());
                    return Err(fault);
                }
            }
            // The next rows may decide it.
            _ => {}
        }
        Ok(())
    }

    /// The row with the values of the response.
    fn outcome(&self, row: Row, answer: &Row, text: &str) -> Outcome {
        let mut row = row;
        service_errors::overlay(&mut row, answer, &self.sets);
        if self.settings.raw_json {
            row.set(Field::RawJson, &compacted(text));
        }
        if !self.links.is_empty() {
            let came = self
                .links
                .iter()
                .find(|&&quality| row.get(thumbnail_urls::field(quality)).is_some());
            row.set(Field::Quality, came.map_or("", |quality| quality.word()));
        }
        match self.settings.select.keeps(&row) {
            Ok(true) => Outcome::Rows(vec![row]),
            Ok(false) => Outcome::Filtered,
            Err(wrong) => Outcome::failed(row, wrong),
        }
    }
}

impl Batch for GetMeta {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape {
            needs: vec![vec![Field::ImgId]],
            sets: self.sets.clone(),
            leads: vec![Field::OrgId, Field::SeqId, Field::ImgId],
            ..Shape::default()
        }
    }

    fn size(&self) -> usize {
        AT_ONCE
    }

    fn may_stay(&self, column: &Column) -> bool {
        !service_errors::ends_with_answer(column)
    }

    fn fill(&self, row: &mut Row, answer: &Row, sets: &[Column]) {
        service_errors::overlay(row, answer, sets);
    }

    fn nothing(&self, notes: &dyn Diagnostics) {
        // Known pictures may have been left out, which would explain the empty result.
        if self.settings.known.is_empty() {
            let query = Query { select: self.settings.select.clone(), ..Query::default() };
            empty_result::explain(&self.settings.client, &query, notes);
        }
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        self.settings.select.area.note().iter().for_each(|note| notes.once(note));
        service_errors::pictures(rows, |rows| self.ask(rows, notes))
    }
}

impl GetMeta {
    fn ask(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        let is_known =
            |row: &Row| row.get(Field::ImgId).is_some_and(|id| self.settings.known.has(id));
        let ids: Vec<&str> = rows
            .iter()
            .filter(|row| !is_known(row))
            .filter_map(|row| row.get(Field::ImgId))
            .collect();
        self.check_fields(ids.first())?;
        let mut entities = match self.settings.client.multi_get(&ids, &self.keys) {
            Ok(entities) => entities.into_iter(),
            Err(error) => return service_errors::all_failed(rows, &error),
        };
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in rows {
            if is_known(&row) {
                outcomes.push(Outcome::Filtered);
                continue;
            }
            let Some((_, entity)) = entities.next() else {
                outcomes.push(Outcome::Failed(row, "the service gave no answer".into()));
                continue;
            };
            outcomes.push(match service_errors::answer(row, entity)? {
                Continue((row, answer, text)) => {
                    service_errors::unused_height(&answer, &self.sets, notes);
                    self.outcome(row, &answer, &text)
                }
                Break(outcome) => outcome,
            });
        }
        Ok(outcomes)
    }
}

/// A JSON cell has no whitespace and no line breaks of its own.
fn compacted(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    lex::compact(text, &mut compact);
    compact
}
