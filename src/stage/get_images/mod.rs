//! get-images: the pictures of sequences, in capture order; in `walk`, those
//! of areas, users and organizations.

pub mod walk;

use std::sync::Arc;

use crate::row::{Field, Row};
use crate::service::Client;

use super::known::Known;
use super::{Batch, End, Fault, Notes, Outcome, Shape, asked};

/// What rows of pictures begin with.
pub const LEADS: [Field; 3] = [Field::OrgId, Field::SeqId, Field::ImgId];

/// Facts of a sequence, which shall not pass for facts of its pictures.
const DROPS: [Field; 4] =
    [Field::IsPano, Field::FirstCapturedAt, Field::ImageCount, Field::SampleImgId];

/// Rows of sequences in, rows of their pictures out.
pub struct OfSequences {
    pub client: Arc<Client>,
    /// These are left out.
    pub known: Known,
    /// Only sequences that are, or are not, of 360 degrees.
    pub pano: Option<bool>,
}

impl Batch for OfSequences {
    fn shape(&self) -> Shape {
        Shape {
            needs: vec![vec![Field::SeqId]],
            sets: vec![Field::ImgId.into()],
            drops: DROPS.to_vec(),
            leads: LEADS.to_vec(),
            ..Shape::default()
        }
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Notes) -> Result<Vec<Outcome>, Fault> {
        rows.into_iter().map(|row| self.images(row, notes)).collect()
    }
}

impl OfSequences {
    fn images(&self, mut row: Row, notes: &dyn Notes) -> Result<Outcome, Fault> {
        match row.flag(Field::IsPano) {
            Ok(is) if self.pano.is_some() && is != self.pano => return Ok(Outcome::Filtered),
            Err(wrong) if self.pano.is_some() => {
                return Ok(Outcome::Failed(row, wrong.to_string()));
            }
            _ => {}
        }
        let ids = match self.client.image_ids(row.get(Field::SeqId).unwrap_or_default()) {
            Ok(ids) => ids,
            Err(error) => return asked::failed(row, error),
        };
        if ids.is_empty() {
            return Ok(Outcome::Ended(row, End::Empty));
        }
        DROPS.iter().for_each(|&field| row.clear(field));
        let all = ids.len();
        let rows: Vec<Row> =
            ids.iter().filter(|id| !self.known.has(id)).map(|id| with_id(&row, id)).collect();
        if rows.len() < all {
            notes.count("known", (all - rows.len()) as u64);
        }
        Ok(if rows.is_empty() { Outcome::Filtered } else { Outcome::Rows(rows) })
    }
}

fn with_id(row: &Row, id: &str) -> Row {
    let mut row = row.clone();
    row.set(Field::ImgId, id);
    row
}
