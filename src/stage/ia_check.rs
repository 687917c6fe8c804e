//! ia-check: the collections that the Internet Archive lacks.
//!
//! Each collection is requested once, however many rows belong to it. Nothing is cached between runs, because a
//! collection may have been added since.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use crate::row::{Columns, Field, Row};
use crate::service::internet_archive::ItemState;
use crate::service::{Client, Error};
use crate::value::collection::Collection;
use crate::value::human_format;
use crate::value::quality::Quality;

use crate::query::service_errors;
use crate::shape::{
    Batch, Diagnostics, FatalError, InputHeader, Outcome, OwnRows, RowError, Shape,
};

type Answer = Arc<OnceLock<Result<ItemState, Error>>>;

/// See the module documentation.
pub struct IaCheck {
    client: Arc<Client>,
    /// For rows without a quality.
    quality: Quality,
    answers: Mutex<HashMap<String, Answer>>,
}

impl IaCheck {
    pub fn new(client: Arc<Client>, quality: Option<Quality>) -> IaCheck {
        let quality = quality.unwrap_or(Quality::Original);
        IaCheck { client, quality, answers: Mutex::default() }
    }

    /// The collections of which any one, if archived, holds the row's pictures: the one named in the row, otherwise
    /// the user's in that quality, as JPEG or as WebP.
    fn collections(&self, row: &Row) -> Result<Vec<Collection>, RowError> {
        if let Some(name) = row.get(Field::Collection) {
            return Ok(vec![name.parse()?]);
        }
        let user = row.get(Field::CreatorUsername).unwrap_or_default();
        let quality = match row.get(Field::Quality) {
            Some(text) => {
                text.parse().map_err(|_| row.wrong(Field::Quality, "a quality").to_string())?
            }
            None => self.quality,
        };
        let form = |is_webp| Collection { user: user.to_string(), quality, is_webp };
        Ok([false, true].map(form).into())
    }

    fn ask(&self, name: &str, notes: &dyn Diagnostics) -> Result<ItemState, Error> {
        let answer = {
            let mut answers = self.answers.lock().unwrap_or_else(|broken| broken.into_inner());
            Arc::clone(answers.entry(name.to_string()).or_default())
        };
        // Other threads with rows of the same collection wait for this request.
        let asked = || {
            let held = self.client.held(name);
            if let Ok(held) = &held {
                say(name, held, notes);
            }
            held
        };
        answer.get_or_init(asked).clone()
    }

    fn outcome(&self, mut row: Row, notes: &dyn Diagnostics) -> Result<Outcome, FatalError> {
        let collections = match self.collections(&row) {
            Ok(collections) => collections,
            Err(what) => return Ok(Outcome::failed(row, what)),
        };
        row.clear(Field::Why);
        for collection in collections {
            if let Some(why) = collection.unfit() {
                row.set(Field::Why, &why);
                continue;
            }
            match self.ask(&collection.to_string(), notes) {
                Err(error) => return service_errors::failed(row, error),
                Ok(ItemState::Item { .. }) => return Ok(Outcome::Filtered),
                Ok(ItemState::Dark) => row.set(Field::Why, DARK),
                Ok(ItemState::No) => {}
            }
        }
        Ok(Outcome::Rows(vec![row]))
    }
}

const DARK: &str = "withdrawn from view at archive.org, where its name stays taken";

fn say(name: &str, held: &ItemState, notes: &dyn Diagnostics) {
    match held {
        ItemState::Item { bytes } => {
            let size = human_format::bytes(*bytes);
            notes.count("collections held", 1);
            notes.warn(&format!("'{name}' is at archive.org already: {size}"));
        }
        ItemState::Dark => notes.warn(&format!("'{name}' is {DARK}")),
        ItemState::No => {}
    }
}

impl Batch for IaCheck {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape {
            needs: vec![vec![Field::Collection, Field::CreatorUsername]],
            sets: vec![Field::Why.into()],
            ..Shape::default()
        }
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        rows.into_iter().map(|row| self.outcome(row, notes)).collect()
    }
}

/// The rows of collections given as arguments, by name or as folders; `None` if the only argument is a file.
pub fn rows_of(names: &[PathBuf]) -> Result<Option<OwnRows>, FatalError> {
    if let [name] = names
        && (name.as_os_str() == "-" || name.exists() && !name.is_dir())
    {
        return Ok(None);
    }
    let collections: Vec<Collection> =
        names.iter().map(|name| named(name)).collect::<Result<_, _>>()?;
    let columns =
        Columns::from_fields(&[Field::Collection, Field::CreatorUsername, Field::Quality]);
    Ok(Some(Box::new(collections.into_iter().map(move |collection| {
        let mut row = Row::new(Arc::clone(&columns));
        row.set_display(Field::Collection, &collection);
        row.set(Field::CreatorUsername, &collection.user);
        row.set_display(Field::Quality, collection.quality);
        row
    }))))
}

fn named(path: &Path) -> Result<Collection, FatalError> {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().parse().map_err(|_| {
        FatalError(format!(
            "'{}' is neither a file of rows nor the name of a collection such as \
             mapillary-USER-original or mapillary-USER-2048-webp",
            path.display()
        ))
    })
}

#[cfg(test)]
mod tests;
