//! The organizations that a user may upload for. The service cannot list them, so they are derived from the user's
//! pictures. Whether the user is still a member is checked only when an upload is finished.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::account::text;
use crate::service::client::Client;
use crate::service::error::{Error, ErrorKind};
use crate::service::graph::Entity;
use crate::service::search::{Next, Search};

/// Pictures in a page, and pages that are searched: the newest come first.
const PAGE: u32 = 2000;
const MOST_PAGES: usize = 5;
/// If the user has more organizations, the message names only this many.
const MOST_NAMED: usize = 20;

/// An organization.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organization {
    pub id: String,
    pub slug: String,
    pub name: String,
}

impl fmt::Display for Organization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match [&self.slug, &self.name].into_iter().find(|text| !text.is_empty()) {
            Some(text) => write!(f, "'{text}' ({})", self.id),
            None => f.write_str(&self.id),
        }
    }
}

impl Client {
    /// The organization with this id, slug or name, as far as this user may see it.
    ///
    /// # Errors
    ///
    /// If there is none, the message names the organizations of the user's pictures.
    pub fn organization(&self, key: &str, username: &str) -> Result<Organization, Error> {
        let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
        match self.entity(key, "id,slug,name")? {
            Entity::Found(answer) => {
                if let Some(found) = read(answer.get()).filter(|it| it.id == key || it.slug == key)
                {
                    return Ok(found);
                }
            }
            // Only the service knows whether a slug works in place of the id.
            Entity::Failed(error) if is_number => {
                return Err(Error::new(ErrorKind::Run, error.message));
            }
            Entity::Failed(_) | Entity::Gone => {}
        }
        let known = self.organizations_of(username)?;
        let is_it = |it: &&Organization| {
            it.id == key || it.slug.eq_ignore_ascii_case(key) || it.name.eq_ignore_ascii_case(key)
        };
        known.iter().find(is_it).cloned().ok_or_else(|| unknown(key, username, &known))
    }

    /// The organizations of the user's newest pictures.
    fn organizations_of(&self, username: &str) -> Result<Vec<Organization>, Error> {
        let mut search = Search {
            creator_username: Some(username.to_owned()),
            fields: "id,organization".into(),
            limit: PAGE,
            ..Search::default()
        };
        let mut ids = BTreeSet::new();
        for _ in 0..MOST_PAGES {
            let page = self.images(&search)?;
            let rows = page.rows.iter().filter_map(|row| serde_json::from_str(row.get()).ok());
            ids.extend(rows.filter_map(|row: Value| text(&row["organization"]["id"])));
            match page.next {
                Next::After(after) => search.after = Some(after),
                _ => break,
            }
        }
        let mut known = Vec::new();
        for id in ids.into_iter().take(MOST_NAMED) {
            let named = match self.entity(&id, "id,slug,name")? {
                Entity::Found(answer) => read(answer.get()),
                _ => None,
            };
            known.push(named.unwrap_or(Organization { id, ..Organization::default() }));
        }
        Ok(known)
    }
}

/// Objects of other types have an id too, but neither slug nor name.
fn read(answer: &str) -> Option<Organization> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    let of = |key: &str| text(&answer[key]).unwrap_or_default();
    let found = Organization { id: of("id"), slug: of("slug"), name: of("name") };
    (!found.slug.is_empty() || !found.name.is_empty()).then_some(found)
}

fn unknown(key: &str, username: &str, known: &[Organization]) -> Error {
    let names: Vec<String> = known.iter().map(Organization::to_string).collect();
    let those = if names.is_empty() {
        format!("no picture of '{username}' is of one yet: give its id, as its page shows it")
    } else {
        format!("the pictures of '{username}' are of {}", names.join(", "))
    };
    Error::new(
        ErrorKind::Run,
        format!("no organization '{key}' that this user may upload for; {those}"),
    )
}
