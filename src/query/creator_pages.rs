//! The pages of a user's or an organization's pictures, as nodes of a walk: `user NAME`, `user NAME after CURSOR`, `org
//! ID ...`. The walk drops pictures that come again.

mod creator;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::row::{Field, Row};
use crate::service::{Client, ErrorKind, Next, Page, Search, id_of};
use crate::value::instant::format_instant;

use super::known::KnownIds;
use super::select::Select;
use super::service_errors::{self, dropped};
use crate::shape::{Cut, Diagnostics, End, Error, Outcome, Places};

pub use creator::same_name;
use creator::{add_owner, again, cursor, fill, first_page, is_of, owner, whose};

/// The page size. 2,000 are allowed, but with some fields such requests time out.
const PAGE: u32 = 1_000;
/// After this many consecutive pages without a picture, the list is considered complete.
const MOST_EMPTY: u32 = 20;
/// Enough entries to find one picture among invalid ones.
const A_FEW: u32 = 10;

/// The message of a dry run about the pages.
pub const PLAN: &str =
    "would request pages of up to 1,000 pictures; their number is not known in advance";

/// The walk over the pages.
pub struct Pages {
    client: Arc<Client>,
    select: Select,
    seen: Mutex<SeenPictures>,
}

/// Detects repeated pages of this run; takes about 16 bytes per picture.
#[derive(Default)]
struct SeenPictures {
    places: HashSet<String>,
    ids: KnownIds,
    /// By user or organization: the number of consecutive pages without a new picture.
    empty: HashMap<String, u32>,
}

/// The pictures of a page, and the next page.
#[derive(Default)]
pub struct CreatorPage {
    pub rows: Vec<Row>,
    pub next: Option<String>,
    /// The outcomes of pictures that cannot be read, and of a list that is empty or incomplete.
    pub ends: Vec<Outcome>,
}

impl Pages {
    pub fn new(client: Arc<Client>, select: Select) -> Pages {
        Pages { client, select, seen: Mutex::default() }
    }

    /// The first pages of these users or, if there are none, of these organizations. The pictures of a user are
    /// filtered by organization without further requests.
    pub fn start(users: &[String], orgs: &[String]) -> Places {
        let (word, names) = if users.is_empty() { ("org", orgs) } else { ("user", users) };
        let places: Vec<String> = once(names).map(|name| format!("{word} {name}")).collect();
        Box::new(places.into_iter())
    }

    pub fn step(&self, place: &str, notes: &dyn Diagnostics) -> Result<CreatorPage, Error> {
        // The walk adds the failing node to the error.
        match self.client.images(&self.search(place)) {
            Ok(page) if self.is_lost(place, &page) => {
                let why = "after its cursor there is nothing more, so it may have expired";
                self.begin_again(place, why, notes)
            }
            Ok(page) => {
                notes.count("pages", 1);
                Ok(self.turn(place, page, notes))
            }
            Err(error) if error.kind == ErrorKind::LostCursor => {
                self.begin_again(place, &error.message, notes)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether nothing follows the cursor that an earlier run has left. The end of a list looks the same, but is rarely
    /// where a run was interrupted.
    fn is_lost(&self, place: &str, page: &Page) -> bool {
        let is_own =
            || self.seen.lock().unwrap_or_else(PoisonError::into_inner).places.contains(place);
        cursor(place).is_some()
            && page.rows.is_empty()
            && page.odd == 0
            && page.next == Next::End
            && !is_own()
    }

    /// Leads to the first page of the list.
    fn begin_again(
        &self,
        place: &str,
        why: &str,
        notes: &dyn Diagnostics,
    ) -> Result<CreatorPage, Error> {
        let whose = whose(place);
        let next = again(place).ok_or_else(|| {
            format!("{why}; its list was begun again several times: --force forgets all of them")
        })?;
        notes.warn(&format!("{whose}: listing again from the start: {why}"));
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).ids = KnownIds::default();
        Ok(CreatorPage { next: Some(next), ..CreatorPage::default() })
    }

    fn turn(&self, place: &str, page: Page, notes: &dyn Diagnostics) -> CreatorPage {
        let whose = whose(place);
        let Entries { rows, failed } = read_rows(&page);
        let (own, others): (Vec<Row>, Vec<Row>) =
            rows.into_iter().partition(|row| is_of(whose, row));
        if !others.is_empty() {
            notes.count("of others left out", others.len() as u64);
            notes.once(&format!("{whose}: the service lists pictures of others, too"));
        }
        let mut seen = self.seen.lock().unwrap_or_else(|broken| broken.into_inner());
        let all = own.len();
        let is_new = |row: &Row| row.get(Field::ImgId).is_some_and(|id| seen.ids.insert(id));
        let mut rows: Vec<Row> = own.into_iter().filter(is_new).collect();
        dropped(page.odd, (all - rows.len()) as u64, notes);
        rows.iter_mut().for_each(|row| fill(whose, row));
        let empty = seen.empty.entry(whose.to_string()).or_default();
        *empty = if rows.is_empty() && failed.is_empty() { *empty + 1 } else { 0 };
        let is_end = *empty >= MOST_EMPTY;
        let cut = |why: String| Cut { rows: Vec::new(), list: owner(whose), why };
        let (next, cut) = match page.next {
            Next::End => (None, None),
            Next::Lost(why) => (None, Some(cut(why))),
            Next::After(_) if is_end => {
                (None, Some(cut(format!("{MOST_EMPTY} pages without a new picture"))))
            }
            Next::After(cursor) => match format!("{} after {cursor}", first_page(place)) {
                next if seen.places.insert(next.clone()) => (Some(next), None),
                _ => (None, Some(cut("the service gives the same pages again".into()))),
            },
        };
        drop(seen);
        let mut ends = failed;
        ends.extend(service_errors::unread(owner(whose), page.odd));
        ends.extend(cut.map(Outcome::Cut));
        if rows.is_empty() && next.is_none() && ends.is_empty() && whose == place {
            self.explain(whose, notes);
            ends.push(Outcome::Ended(owner(whose), End::Empty));
        }
        CreatorPage { rows, next, ends }
    }

    /// Reports whether the name is unknown, or no picture matches.
    fn explain(&self, whose: &str, notes: &dyn Diagnostics) {
        let is_narrow = self.select.since_ms.is_some()
            || self.select.until_ms.is_some()
            || self.select.pano.is_some();
        let any = if is_narrow { first_of(&self.client, whose) } else { Ok(None) };
        match any {
            Ok(Some(_)) => notes.warn(&format!(
                "{whose}: there are pictures, but none of the requested time or kind"
            )),
            Ok(None) => notes.warn(&format!("{whose}: {NOBODY}")),
            // An error is ignored: the request itself succeeded, and this only explains the result.
            Err(_) => {}
        }
    }

    fn search(&self, place: &str) -> Search {
        let mut search = Search {
            fields: "id,sequence,captured_at,is_pano,compass_angle,creator,organization".into(),
            limit: PAGE,
            start_captured_at: self.select.since_ms.and_then(format_instant),
            end_captured_at: self.select.until_ms.and_then(format_instant),
            is_pano: self.select.pano,
            ..Search::default()
        };
        add_owner(whose(place), &mut search);
        search.after = cursor(place).map(Into::into);
        search
    }
}

/// Each name once, in the order given.
pub fn once(names: &[String]) -> impl Iterator<Item = &String> {
    let mut seen = HashSet::new();
    names.iter().filter(move |name| seen.insert(name.as_str()))
}

/// The message for a user or an organization without pictures.
pub const NOBODY: &str = "the service knows no pictures of this name: check its spelling; users are found by name, organizations by id";

/// One picture of a user or an organization.
pub fn first_of(client: &Client, whose: &str) -> Result<Option<Row>, Error> {
    let mut search = Search { fields: "id,creator,organization".into(), ..Search::default() };
    search.limit = A_FEW;
    add_owner(whose, &mut search);
    let Entries { rows, failed } = read_rows(&client.images(&search)?);
    match (rows.into_iter().find(|row| is_of(whose, row)), failed.into_iter().next()) {
        (None, Some(Outcome::Failed(_, what))) => Err(what.into()),
        (found, _) => Ok(found),
    }
}

/// The entries of a page.
pub struct Entries {
    pub rows: Vec<Row>,
    /// Pictures whose values cannot be read, as failures.
    pub failed: Vec<Outcome>,
}

/// The objects of a page as rows.
pub fn read_rows(page: &Page) -> Entries {
    let mut entries = Entries { rows: Vec::new(), failed: Vec::new() };
    for (id, text) in page.rows.iter().filter_map(|text| Some((id_of(text)?, text))) {
        match service_errors::read(text.get()) {
            Ok(row) => entries.rows.push(row),
            Err(what) => {
                entries.failed.push(Outcome::failed(Row::from_cells(&[(Field::ImgId, &id)]), what));
            }
        }
    }
    entries
}
