//! Pictures given by id or sequence. Other filters narrow them, and are applied to their metadata, requested 50 at a
//! time.

use std::ops::ControlFlow::{Break, Continue};
use std::sync::{Arc, LazyLock};

use crate::query::Query;
use crate::query::coverage_tile;
use crate::query::creator_pages::{once, same_name};
use crate::query::known::KnownIds;
use crate::query::service_errors;
use crate::row::{Columns, Field, Row, WrongValue};
use crate::service::Client;
use crate::shape::{Cut, Diagnostics, End, Error, Outcome, Places, WalkStep};

use super::listed;

/// The service's own clients do not send more ids at once.
const AT_ONCE: usize = 50;
/// The fields needed by the filters and for the rows.
const FACTS: &str = "sequence,captured_at,geometry,is_pano,compass_angle,creator,organization";

static COLUMNS: LazyLock<Arc<Columns>> = LazyLock::new(|| {
    let fields = coverage_tile::FIELDS.into_iter().chain([Field::CreatorUsername]);
    Columns::new(fields.map(Into::into))
});

/// The given ids, and the filters that narrow them.
pub struct Named {
    pub sequences: Vec<String>,
    pub images: Vec<String>,
    pub query: Query,
}

impl Named {
    pub fn is_empty(&self) -> bool {
        self.sequences.is_empty() && self.images.is_empty()
    }

    /// Whether there are filters other than the names.
    pub fn is_narrowed(&self) -> bool {
        let Query { orgs, creators, users, select, .. } = &self.query;
        let of_images = !self.images.is_empty() && !self.sequences.is_empty();
        of_images || orgs.len() + creators.len() + users.len() > 0 || !select.is_empty()
    }

    /// `image ID`, or `sequence ID`, or `images ID,ID,...` if their metadata is needed.
    pub fn start(&self) -> Places {
        let places: Vec<String> = match (self.images.is_empty(), self.is_narrowed()) {
            (true, _) => once(&self.sequences).map(|id| format!("sequence {id}")).collect(),
            (false, false) => once(&self.images).map(|id| format!("image {id}")).collect(),
            (false, true) => batches(&once(&self.images).map(String::as_str).collect::<Vec<_>>()),
        };
        Box::new(places.into_iter())
    }

    /// A picture that is passed on as named, without a request.
    pub fn image(&self, id: &str, known: &KnownIds) -> WalkStep {
        let row = Row::from_cells(&[(Field::OrgId, ""), (Field::SeqId, ""), (Field::ImgId, id)]);
        WalkStep { outcomes: vec![unless_known(row, known)], next: Vec::new() }
    }

    /// The pictures of a sequence, or the next steps if their metadata is needed.
    pub fn sequence(
        &self,
        client: &Client,
        id: &str,
        known: &KnownIds,
        notes: &dyn Diagnostics,
    ) -> Result<WalkStep, Error> {
        let ids = listed(client, id, notes)?;
        let list = Row::from_cells(&[(Field::SeqId, id)]);
        let end = match ids.cut {
            Some(why) => Some(Outcome::Cut(Cut { rows: Vec::new(), list, why })),
            None => ids.ids.is_empty().then_some(Outcome::Ended(list, End::Empty)),
        };
        let mut step = WalkStep::default();
        if self.is_narrowed() {
            let (known, new): (Vec<&str>, Vec<&str>) =
                ids.ids.iter().map(String::as_str).partition(|id| known.has(id));
            step.outcomes.extend(known.iter().map(|_| Outcome::Filtered));
            step.next = batches(&new);
        } else {
            let row = |image: &String| {
                Row::from_cells(&[(Field::OrgId, ""), (Field::SeqId, id), (Field::ImgId, image)])
            };
            step.outcomes.extend(ids.ids.iter().map(|id| unless_known(row(id), known)));
        }
        step.outcomes.extend(end);
        Ok(step)
    }

    /// The pictures in `ids` that pass the filters.
    pub fn facts(&self, client: &Client, ids: &str, known: &KnownIds) -> Result<WalkStep, Error> {
        let (known, new): (Vec<&str>, Vec<&str>) = ids.split(',').partition(|id| known.has(id));
        let entities = client.multi_get(&new, FACTS)?;
        let mut step = WalkStep::default();
        step.outcomes.extend(known.iter().map(|_| Outcome::Filtered));
        for (id, entity) in entities {
            let row = Row::from_cells(&[(Field::ImgId, &id)]);
            step.outcomes.push(match service_errors::answer(row, entity)? {
                Continue((row, answer, _)) => match self.wants(&answer) {
                    Ok(true) => Outcome::Rows(vec![answer.under(&COLUMNS)]),
                    Ok(false) => Outcome::Filtered,
                    Err(wrong) => Outcome::failed(row, wrong),
                },
                Break(outcome) => outcome,
            });
        }
        Ok(step)
    }

    fn wants(&self, row: &Row) -> Result<bool, WrongValue> {
        let (users, sequences) = (&self.query.users, &self.sequences);
        let is_of = |name: &str| users.iter().any(|user| same_name(user, name));
        Ok(self.query.wants(row)?
            && (users.is_empty() || row.get(Field::CreatorUsername).is_some_and(is_of))
            && (sequences.is_empty()
                || row.get(Field::SeqId).is_some_and(|id| sequences.iter().any(|one| one == id)))
            && self.query.select.holds_place(row)?)
    }
}

/// Steps with as many pictures as are requested at once.
fn batches(ids: &[&str]) -> Vec<String> {
    ids.chunks(AT_ONCE).map(|ids| format!("images {}", ids.join(","))).collect()
}

/// The row, unless its picture is known already.
pub fn unless_known(row: Row, known: &KnownIds) -> Outcome {
    if row.get(Field::ImgId).is_some_and(|id| known.has(id)) {
        Outcome::Filtered
    } else {
        Outcome::Rows(vec![row])
    }
}
