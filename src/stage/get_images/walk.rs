//! get-images as a source: the pictures of an area, a user, an organization,
//! of sequences and ids that are named.

use std::sync::Arc;

use crate::row::{Field, Row};
use crate::service::{Client, client::Request};

use crate::stage::coverage;
use crate::stage::known::Known;
use crate::stage::search::Pages;
use crate::stage::survey::{Quest, Survey};
use crate::stage::{End, Fault, Notes, Outcome, Scan, Shape, Step, Walk, asked};

/// What is looked for, and where.
pub struct ImageSource {
    client: Arc<Client>,
    survey: Option<Survey>,
    pages: Pages,
    quest: Quest,
    sequences: Vec<String>,
    images: Vec<String>,
    known: Known,
    /// Only the first page of each user, for an estimate.
    brief: bool,
}

impl ImageSource {
    pub fn new(
        client: Arc<Client>,
        quest: Quest,
        sequences: Vec<String>,
        images: Vec<String>,
        known: Known,
    ) -> Result<ImageSource, Fault> {
        let survey = match quest.select.area.is_empty() {
            true => None,
            false => Some(Survey::new(Arc::clone(&client), quest.clone())?),
        };
        let pages = Pages::new(Arc::clone(&client), quest.select.clone());
        Ok(ImageSource { client, survey, pages, quest, sequences, images, known, brief: false })
    }

    /// The same, of which only the first pages are asked when `brief`.
    pub fn brief(self, brief: bool) -> ImageSource {
        ImageSource { brief, ..self }
    }

    /// What a dry run says.
    pub fn plan(&self) -> String {
        let named = self.images.len() + self.sequences.len();
        match self.survey.as_ref().map(Survey::extent) {
            Some((tiles, thinned)) => {
                let thinned =
                    if thinned { ", thinned from low zooms unless --thorough" } else { "" };
                format!("would ask {tiles} tiles of zoom 14{thinned}, and {named} ids")
            }
            None => {
                format!("would ask {named} ids, and page by page what users and organizations have")
            }
        }
    }

    fn sequence(&self, id: &str) -> Result<Result<Step, String>, Fault> {
        let ids = asked::place(self.client.image_ids(id))?;
        Ok(ids.map(|ids| {
            let image = |image: &String| {
                Row::of(&[(Field::OrgId, ""), (Field::SeqId, id), (Field::ImgId, image)])
            };
            if ids.is_empty() {
                return Step {
                    outcomes: vec![Outcome::Ended(Row::of(&[(Field::SeqId, id)]), End::Empty)],
                    next: Vec::new(),
                };
            }
            Step { outcomes: self.outcomes(ids.iter().map(image)), next: Vec::new() }
        }))
    }

    /// The rows that are wanted; those that are known already are left out.
    fn outcomes(&self, rows: impl Iterator<Item = Row>) -> Vec<Outcome> {
        rows.filter(|row| self.quest.wants(row))
            .map(|row| match row.get(Field::ImgId).is_some_and(|id| self.known.has(id)) {
                true => Outcome::Filtered,
                false => Outcome::Rows(vec![row]),
            })
            .collect()
    }
}

impl Walk for ImageSource {
    fn shape(&self) -> Shape {
        let mut sets: Vec<_> = coverage::FIELDS.map(Into::into).to_vec();
        if self.survey.is_none() && !self.quest.users.is_empty() {
            sets.push(Field::CreatorUsername.into());
        }
        let named =
            self.survey.is_none() && self.quest.users.is_empty() && self.quest.orgs.is_empty();
        sets.truncate(if named { 3 } else { sets.len() });
        Shape { sets, ..Shape::default() }
    }

    fn start(&self) -> Vec<String> {
        let mut places: Vec<String> = self.images.iter().map(|id| format!("image {id}")).collect();
        places.extend(self.sequences.iter().map(|id| format!("sequence {id}")));
        match &self.survey {
            Some(survey) => places.extend(survey.start()),
            None => places.extend(Pages::start(&self.quest.users, &self.quest.orgs)),
        }
        places
    }

    fn step(&self, place: &str, notes: &dyn Notes) -> Result<Result<Step, String>, Fault> {
        match place.split_once(' ') {
            Some(("image", id)) => {
                let row = Row::of(&[(Field::OrgId, ""), (Field::SeqId, ""), (Field::ImgId, id)]);
                Ok(Ok(Step { outcomes: self.outcomes([row].into_iter()), next: Vec::new() }))
            }
            Some(("sequence", id)) => self.sequence(id),
            Some(_) => Ok(self.pages.step(place, notes)?.map(|turn| {
                let mut outcomes = self.outcomes(turn.rows.into_iter());
                outcomes.extend(turn.nobody.map(|row| Outcome::Ended(row, End::Empty)));
                Step { outcomes, next: turn.next.into_iter().filter(|_| !self.brief).collect() }
            })),
            None => {
                let Some(survey) = &self.survey else {
                    return Ok(Err(format!("'{place}' is no place")));
                };
                Ok(survey.step(place, notes)?.map(|sight| {
                    let doubt = sight.doubt();
                    let mut outcomes =
                        self.outcomes(sight.images.into_iter().map(|found| found.row));
                    outcomes.extend(doubt);
                    Step { outcomes, next: sight.next }
                }))
            }
        }
    }
}

/// Counts pictures instead of passing them on, and says at the end what the
/// work that follows will ask of the service.
pub struct Estimate {
    client: Arc<Client>,
    images: u64,
    is_lower_bound: bool,
}

impl Estimate {
    /// Without an area only the first pages are looked at: a lower bound.
    pub fn new(client: Arc<Client>, quest: &Quest) -> Estimate {
        let paged = quest.select.area.is_empty() && quest.users.len() + quest.orgs.len() > 0;
        Estimate { client, images: 0, is_lower_bound: paged }
    }

    fn text(&self) -> String {
        let requests = self.images.div_ceil(50);
        let time = match self.client.per_s(Request::Entity) {
            Some(per_s) => format!("{:.0} s at {per_s:.0} a second", requests as f64 / per_s),
            None => "no pace is kept towards this address".into(),
        };
        let bound = if self.is_lower_bound { "at least " } else { "" };
        format!(
            "{bound}{} pictures: get-meta would ask {requests} times ({time}), download {} times more",
            self.images, self.images
        )
    }
}

impl Scan for Estimate {
    fn shape(&self) -> Shape {
        Shape::default()
    }

    fn push(&mut self, _: Row, _: &mut Vec<Outcome>, _: &dyn Notes) -> Result<(), Fault> {
        self.images += 1;
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, notes: &dyn Notes) -> Result<(), Fault> {
        notes.warn(&self.text());
        Ok(())
    }
}
