//! get-sequences: the sequences of an area, user or organization.
//!
//! A sequence spans tiles and pages, so its parts are merged in the order of the walk. Uses about 200 bytes of memory
//! per sequence.

use std::collections::HashMap;
use std::sync::Arc;

use crate::row::{Columns, Field, Row};
use crate::service::Client;

use crate::query::Query;
use crate::query::coverage_tile::TileFeature;
use crate::query::creator_pages::{self, Pages};
use crate::query::tile_search::TileSearch;
use crate::shape::{
    Diagnostics, Error, FatalError, InputHeader, Outcome, Places, Scan, Shape, Walk, WalkStep,
};

/// The columns of a sequence; the last four are about the sequence alone.
pub const FIELDS: [Field; 7] = [
    Field::OrgId,
    Field::SeqId,
    Field::CreatorId,
    Field::IsPano,
    Field::FirstCapturedAt,
    Field::ImageCount,
    Field::SampleImgId,
];

/// Where to look for sequences.
pub struct GetSequences {
    search: Option<TileSearch>,
    pages: Pages,
    query: Query,
}

impl GetSequences {
    /// Without an area, users and organizations are requested page by page.
    pub fn new(client: Arc<Client>, query: Query) -> Result<GetSequences, FatalError> {
        let pages = Pages::new(Arc::clone(&client), query.select.clone());
        let search = if query.select.area.is_empty() {
            None
        } else {
            Some(TileSearch::new(client, query.clone())?)
        };
        if search.is_none() && query.users.is_empty() && query.orgs.is_empty() {
            return Err(FatalError(
                "nowhere to look: give --bbox or --area, --user, or --org".into(),
            ));
        }
        Ok(GetSequences { search, pages, query })
    }

    /// The text of a dry run.
    pub fn plan(&self) -> String {
        match self.search.as_ref().map(TileSearch::plan) {
            Some(tiles) => tiles,
            None => creator_pages::PLAN.into(),
        }
    }
}

impl Walk for GetSequences {
    fn shape(&self, input: &InputHeader) -> Shape {
        Merge::default().shape(input)
    }

    fn start(&self) -> Places {
        match &self.search {
            Some(search) => search.start(),
            None => Pages::start(&self.query.users, &self.query.orgs),
        }
    }

    fn starts(&self) -> Option<u64> {
        let search = self.search.as_ref().map(TileSearch::starts);
        search.or_else(|| Some(self.start().count() as u64))
    }

    fn nothing(&self, notes: &dyn Diagnostics) {
        self.search.iter().for_each(|search| search.nothing(notes));
    }

    fn step(&self, place: &str, notes: &dyn Diagnostics) -> Result<WalkStep, Error> {
        if let Some(search) = &self.search {
            let found = search.step(place, notes)?;
            let row = |found: TileFeature| found.row;
            let (images, lines) = (found.images.into_iter(), found.lines.into_iter());
            let mut outcomes = sequences(&self.query, images.map(row), lines.map(row));
            outcomes.extend(found.doubt);
            return Ok(WalkStep { outcomes, next: found.next });
        }
        let turn = self.pages.step(place, notes)?;
        // Pictures, not sequences: the walk drops those that come again before they are counted.
        let mut ends = turn.ends;
        let mut outcomes = vec![Outcome::Rows(wanted(&self.query, turn.rows, &mut ends))];
        outcomes.append(&mut ends);
        Ok(WalkStep { outcomes, next: turn.next.into_iter().collect() })
    }
}

/// The sequences of the pictures and lines that match, in the order of their first picture, and the failures of those
/// that cannot be read.
fn sequences(
    query: &Query,
    images: impl IntoIterator<Item = Row>,
    lines: impl IntoIterator<Item = Row>,
) -> Vec<Outcome> {
    let (mut merge, mut failed) = (Merge::default(), Vec::new());
    let images = wanted(query, images, &mut failed).into_iter().map(|row| (row, 1));
    let lines = wanted(query, lines, &mut failed).into_iter().map(|row| (row, 0));
    for (row, counts) in images.chain(lines) {
        merge.add(&row, counts, Field::CapturedAt, Field::ImgId);
    }
    let rows = merge.rows();
    let found = (!rows.is_empty()).then_some(Outcome::Rows(rows));
    found.into_iter().chain(failed).collect()
}

/// The rows that match; those with a value that cannot be read become failures.
fn wanted(
    query: &Query,
    rows: impl IntoIterator<Item = Row>,
    failed: &mut Vec<Outcome>,
) -> Vec<Row> {
    let mut wanted = Vec::new();
    for row in rows {
        match row.instant_ms(Field::CapturedAt).and_then(|_| query.wants(&row)) {
            Ok(true) => wanted.push(row),
            Ok(false) => {}
            Err(wrong) => failed.push(Outcome::failed(row, wrong)),
        }
    }
    wanted
}

/// Merges the parts of each sequence.
#[derive(Default)]
pub struct Merge {
    order: Vec<KnownSequence>,
    places: HashMap<String, usize>,
}

struct KnownSequence {
    row: Row,
    first_ms: Option<i64>,
    images: u64,
}

impl Merge {
    fn add(&mut self, said: &Row, images: u64, captured: Field, sample: Field) {
        let Some(id) = said.get(Field::SeqId) else { return };
        let at = *self.places.entry(id.to_string()).or_insert_with(|| {
            let row = Row::new(Columns::from_fields(&FIELDS));
            self.order.push(KnownSequence { row, first_ms: None, images: 0 });
            self.order.len() - 1
        });
        let known = &mut self.order[at];
        for field in [Field::OrgId, Field::SeqId, Field::CreatorId, Field::IsPano] {
            if let (None, Some(text)) = (known.row.get(field), said.get(field)) {
                known.row.set(field, text);
            }
        }
        if let (None, Some(id)) = (known.row.get(Field::SampleImgId), said.get(sample)) {
            known.row.set(Field::SampleImgId, id);
        }
        // A camera without a clock gives 0 or less.
        let ms = said.integer(captured).ok().flatten().filter(|&ms| ms > 0);
        known.first_ms = known.first_ms.into_iter().chain(ms).min();
        known.images += images;
    }

    fn rows(self) -> Vec<Row> {
        self.order.into_iter().map(KnownSequence::row).collect()
    }
}

impl KnownSequence {
    fn row(mut self) -> Row {
        if let Some(ms) = self.first_ms {
            self.row.set_display(Field::FirstCapturedAt, ms);
        }
        self.row.set_display(Field::ImageCount, self.images);
        self.row
    }
}

impl Scan for Merge {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape { sets: FIELDS.map(Into::into).to_vec(), ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        _: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        if row.get(Field::ImgId).is_some() {
            self.add(&row, 1, Field::CapturedAt, Field::ImgId);
        } else {
            let images = row.integer(Field::ImageCount).ok().flatten().unwrap_or(0);
            self.add(&row, images.unsigned_abs(), Field::FirstCapturedAt, Field::SampleImgId);
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        out.push(Outcome::Rows(std::mem::take(self).rows()));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
