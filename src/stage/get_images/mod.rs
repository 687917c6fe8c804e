//! get-images: the pictures of sequences, in capture order; `walk` has those of areas, users and organizations.

pub mod image_source;
mod named;
pub mod via_search;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::row::known_fields::TABLE;
use crate::row::{Column, Field, Row};
use crate::service::{Client, Error, Ids};

use crate::query::known::KnownIds;
use crate::query::service_errors;
use crate::shape::{
    Batch, Cut, Diagnostics, End, FatalError, InputHeader, Keeps, Outcome, RowError, Shape,
};
use crate::value::sequence_id;

/// The first columns of picture rows.
pub const LEADS: [Field; 3] = [Field::OrgId, Field::SeqId, Field::ImgId];

/// Fields of a sequence that hold for each of its pictures.
const SHARED: [Field; 4] = [Field::OrgId, Field::SeqId, Field::CreatorId, Field::CreatorUsername];
/// In a row of a sequence, these say what to download; in a picture's row, what was downloaded.
const WANTED: [Field; 2] = [Field::Quality, Field::Collection];

/// Turns rows of sequences into rows of their pictures. A row of a picture counts as its sequence. Uses about 16
/// bytes of memory per sequence.
pub struct OfSequences {
    client: Arc<Client>,
    /// Pictures to leave out.
    known: KnownIds,
    /// Only sequences that are panoramic, or only those that are not.
    pano: Option<bool>,
    /// Sequences seen so far.
    seen: Mutex<KnownIds>,
    told: AtomicBool,
}

impl OfSequences {
    pub fn new(client: Arc<Client>, known: KnownIds, pano: Option<bool>) -> OfSequences {
        OfSequences { client, known, pano, seen: Mutex::default(), told: AtomicBool::default() }
    }
}

impl Batch for OfSequences {
    fn shape(&self, _: &InputHeader) -> Shape {
        let facts = TABLE.iter().map(|entry| entry.field);
        Shape {
            needs: vec![vec![Field::SeqId]],
            sets: vec![Field::ImgId.into()],
            drops: facts.filter(|&field| field != Field::ImgId && is_of_picture(field)).collect(),
            keeps: Some(Keeps {
                of_input_with: Field::ImgId,
                only: LEADS.into_iter().chain(SHARED).collect(),
            }),
            leads: LEADS.to_vec(),
            ..Shape::default()
        }
    }

    /// Each sequence is handled once, however many of its pictures are in the input.
    fn admits(&self, row: &Row, notes: &dyn Diagnostics) -> bool {
        let is_other = |is: Option<bool>| self.pano.is_some() && is != self.pano;
        if row.flag(Field::IsPano).is_ok_and(is_other) {
            return false;
        }
        self.tell(row, notes);
        let mut seen = self.seen.lock().unwrap_or_else(|broken| broken.into_inner());
        let sequence = row.get(Field::SeqId).unwrap_or_default();
        let is_new = !seen.has(sequence);
        seen.insert(sequence);
        is_new
    }

    fn carried(&self, row: &Row) -> Row {
        let is_picture = row.get(Field::ImgId).is_some();
        let mut carried = row.clone();
        for column in row.columns().list() {
            if !is_carried(column, is_picture) {
                carried.forget(column);
            }
        }
        carried
    }

    /// Each picture of the list gets its own id.
    fn may_stay(&self, _: &Column) -> bool {
        false
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        rows.into_iter().map(|row| self.images(row, notes)).collect()
    }
}

impl OfSequences {
    fn images(&self, row: Row, notes: &dyn Diagnostics) -> Result<Outcome, FatalError> {
        if let (Some(_), Err(wrong)) = (self.pano, row.flag(Field::IsPano)) {
            return Ok(Outcome::Failed(row, wrong.to_string()));
        }
        let listed = match sequence(row.get(Field::SeqId).unwrap_or_default()) {
            Ok(id) => listed(&self.client, id, notes),
            Err(what) => return Ok(Outcome::failed(row, what)),
        };
        let ids = match listed {
            Ok(ids) => ids,
            Err(error) => return service_errors::failed(row, error),
        };
        if ids.ids.is_empty() && ids.cut.is_none() {
            return Ok(Outcome::Ended(row, End::Empty));
        }
        let (all, carried) = (ids.ids.len(), self.carried(&row));
        let new = ids.ids.iter().filter(|id| !self.known.has(id));
        let rows: Vec<Row> = new.map(|id| with_id(&carried, id)).collect();
        if rows.len() < all {
            notes.count("known", (all - rows.len()) as u64);
        }
        Ok(match ids.cut {
            Some(why) => Outcome::Cut(Cut { rows, list: row, why }),
            None if rows.is_empty() => Outcome::Filtered,
            None => Outcome::Rows(rows),
        })
    }

    /// Reports once how rows of pictures are interpreted.
    fn tell(&self, row: &Row, notes: &dyn Diagnostics) {
        if row.get(Field::ImgId).is_none() || self.told.swap(true, Ordering::Relaxed) {
            return;
        }
        let columns = row.columns().list().iter();
        let dropped: Vec<&str> = columns
            .filter(|column| column.field != Some(Field::ImgId) && !is_carried(column, true))
            .map(|column| &*column.name)
            .collect();
        let dropped = if dropped.is_empty() {
            String::new()
        } else {
            format!(", without what is not of the whole sequence: {}", dropped.join(", "))
        };
        notes.warn(&format!(
            "the input has rows of pictures: each sequence is asked for once{dropped}"
        ));
    }
}

/// The pictures that the service lists for a sequence.
pub fn listed(client: &Client, sequence: &str, notes: &dyn Diagnostics) -> Result<Ids, Error> {
    let ids = client.image_ids(sequence)?;
    service_errors::dropped(ids.odd, ids.repeated, notes);
    Ok(ids)
}

/// Whether a column holds for all pictures of the row's sequence. This is not assumed of an unknown column in a row
/// of a picture.
fn is_carried(column: &Column, row_is_picture: bool) -> bool {
    match column.field {
        None => !row_is_picture,
        Some(field) if WANTED.contains(&field) => !row_is_picture,
        Some(field) => !is_of_picture(field),
    }
}

/// Whether a field is about one picture, or about a sequence as a whole, such as its number of pictures, which must
/// not be mistaken for a value of a picture.
fn is_of_picture(field: Field) -> bool {
    !SHARED.contains(&field) && !WANTED.contains(&field)
}

/// The id of a sequence in a text. A request for anything else would only be answered as empty.
fn sequence(text: &str) -> Result<&str, RowError> {
    if Field::named(text).is_some() {
        return Err(
            format!("'{text}' is the name of a column: a header line among the rows").into()
        );
    }
    Ok(sequence_id::read(text)?)
}

fn with_id(row: &Row, id: &str) -> Row {
    let mut row = row.clone();
    row.set(Field::ImgId, id);
    row
}

#[cfg(test)]
mod tests;
