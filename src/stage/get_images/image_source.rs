//! get-images as a source: the pictures of an area, user or organization, or of given sequences and ids.

use std::sync::Arc;

use crate::row::{Column, Field, Row};
use crate::service::{Client, request::Request};

use super::named::{Named, unless_known};
use crate::query::Query;
use crate::query::coverage_tile;
use crate::query::creator_pages::{self, Pages};
use crate::query::known::KnownIds;
use crate::query::tile_search::TileSearch;
use crate::shape::{
    Diagnostics, Error, FatalError, InputHeader, Outcome, Places, Scan, Shape, Walk, WalkStep,
};
use crate::value::human_format::counted;

/// What to look for, and where.
pub struct ImageSource {
    client: Arc<Client>,
    search: Option<TileSearch>,
    pages: Pages,
    /// Given names, which are narrowed by all other filters.
    named: Named,
    known: KnownIds,
    /// Only the first page of each user, for an estimate.
    brief: bool,
}

impl ImageSource {
    pub fn new(
        client: Arc<Client>,
        query: Query,
        sequences: Vec<String>,
        images: Vec<String>,
        known: KnownIds,
    ) -> Result<ImageSource, FatalError> {
        let named = Named { sequences, images, query };
        let query = &named.query;
        let search = if query.select.area.is_empty() || !named.is_empty() {
            None
        } else {
            Some(TileSearch::new(Arc::clone(&client), query.clone())?)
        };
        let pages = Pages::new(Arc::clone(&client), query.select.clone());
        Ok(ImageSource { client, search, pages, named, known, brief: false })
    }

    /// With `brief`, only the first pages are requested.
    pub fn brief(self, brief: bool) -> ImageSource {
        ImageSource { brief, ..self }
    }

    /// Counts the pictures instead of passing them on.
    pub fn estimate(&self) -> Estimate {
        let Query { users, orgs, .. } = &self.named.query;
        let is_paged =
            self.search.is_none() && self.named.is_empty() && users.len() + orgs.len() > 0;
        Estimate { client: Arc::clone(&self.client), images: 0, is_lower_bound: is_paged }
    }

    /// The text of a dry run.
    pub fn plan(&self) -> String {
        let named = (self.named.images.len() + self.named.sequences.len()) as u64;
        match self.search.as_ref().map(TileSearch::plan) {
            _ if named > 0 && self.named.is_narrowed() => {
                format!(
                    "would request {}, and the metadata of their pictures, 50 at once",
                    counted(named, "ids")
                )
            }
            _ if named > 0 => format!("would request {}", counted(named, "ids")),
            Some(tiles) => tiles,
            None => creator_pages::PLAN.to_string(),
        }
    }

    /// The rows that pass the filters, without known pictures.
    fn outcomes(&self, rows: impl Iterator<Item = Row>) -> Vec<Outcome> {
        rows.map(|row| match self.named.query.wants(&row) {
            Ok(true) => unless_known(row, &self.known),
            Ok(false) => Outcome::Filtered,
            Err(wrong) => Outcome::failed(row, wrong),
        })
        .collect()
    }

    fn tile(&self, place: &str, notes: &dyn Diagnostics) -> Result<WalkStep, Error> {
        let search = self.search.as_ref().ok_or_else(|| format!("'{place}' is not a place"))?;
        let found = search.step(place, notes)?;
        let mut outcomes = self.outcomes(found.images.into_iter().map(|found| found.row));
        outcomes.extend(found.doubt);
        Ok(WalkStep { outcomes, next: found.next })
    }

    fn page(&self, place: &str, notes: &dyn Diagnostics) -> Result<WalkStep, Error> {
        let turn = self.pages.step(place, notes)?;
        let mut outcomes = self.outcomes(turn.rows.into_iter());
        outcomes.extend(turn.ends);
        Ok(WalkStep { outcomes, next: turn.next.into_iter().filter(|_| !self.brief).collect() })
    }
}

impl Walk for ImageSource {
    fn shape(&self, _: &InputHeader) -> Shape {
        let mut sets: Vec<_> = coverage_tile::FIELDS.map(Into::into).to_vec();
        if self.search.is_none() && !self.named.query.users.is_empty() {
            // Next to the id of the creator, because both are in one object in JSON lines.
            let creator =
                sets.iter().position(|column: &Column| column.field == Some(Field::CreatorId));
            let at = creator.map_or(sets.len(), |at| at + 1);
            sets.insert(at, Field::CreatorUsername.into());
        }
        let tells_ids_only = !self.named.is_empty() && !self.named.is_narrowed();
        sets.truncate(if tells_ids_only { 3 } else { sets.len() });
        Shape { sets, ..Shape::default() }
    }

    fn start(&self) -> Places {
        match &self.search {
            _ if !self.named.is_empty() => self.named.start(),
            Some(search) => search.start(),
            None => Pages::start(&self.named.query.users, &self.named.query.orgs),
        }
    }

    fn starts(&self) -> Option<u64> {
        match &self.search {
            Some(search) if self.named.is_empty() => Some(search.starts()),
            _ => Some(self.start().count() as u64),
        }
    }

    fn step(&self, place: &str, notes: &dyn Diagnostics) -> Result<WalkStep, Error> {
        let (client, known) = (&self.client, &self.known);
        match place.split_once(' ') {
            Some(("image", id)) => Ok(self.named.image(id, known)),
            Some(("images", ids)) => self.named.facts(client, ids, known),
            Some(("sequence", id)) => self.named.sequence(client, id, known, notes),
            Some(_) => self.page(place, notes),
            None => self.tile(place, notes),
        }
    }

    fn nothing(&self, notes: &dyn Diagnostics) {
        self.search.iter().for_each(|search| search.nothing(notes));
    }
}

/// Counts pictures instead of passing them on, and reports at the end how many requests the following tools will
/// make.
pub struct Estimate {
    client: Arc<Client>,
    images: u64,
    is_lower_bound: bool,
}

impl Estimate {
    fn text(&self) -> String {
        let requests = self.images.div_ceil(50);
        let time = match self.client.per_s(Request::Entity) {
            Some(per_s) => format!("{:.0} s at {per_s:.0} a second", requests as f64 / per_s),
            None => "without a rate limit at this address".into(),
        };
        let bound = if self.is_lower_bound { "at least " } else { "" };
        format!(
            "{bound}{}: {} of get-meta ({time}), {} of download",
            counted(self.images, "pictures"),
            counted(requests, "requests"),
            counted(self.images, "requests")
        )
    }
}

impl Scan for Estimate {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn push(
        &mut self,
        _: Row,
        _: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        self.images += 1;
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        notes.warn(&self.text());
        Ok(())
    }
}
