//! The owner of the pictures on a page: a user or an organization.

use crate::row::{Field, Row};
use crate::service::Search;

pub(super) fn add_owner(whose: &str, search: &mut Search) {
    match whose.split_once(' ') {
        Some(("org", id)) => search.organization_id = Some(id.into()),
        Some((_, name)) => search.creator_username = Some(name.into()),
        None => {}
    }
}

/// False if the picture states another owner.
pub(super) fn is_of(whose: &str, row: &Row) -> bool {
    let said = |field| row.get(field);
    match whose.split_once(' ') {
        Some(("org", id)) => said(Field::OrgId).is_none_or(|org| org == id),
        Some((_, name)) => said(Field::CreatorUsername).is_none_or(|user| same_name(user, name)),
        None => true,
    }
}

/// Compares user names without regard to case.
pub fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Fills in the organization of a picture that is listed for it and does not state one.
pub(super) fn fill(whose: &str, row: &mut Row) {
    if let (Some(("org", id)), None) = (whose.split_once(' '), row.get(Field::OrgId)) {
        row.set(Field::OrgId, id);
    }
}

/// A row that names the user or organization.
pub(super) fn owner(whose: &str) -> Row {
    match whose.split_once(' ') {
        Some(("org", id)) => Row::from_cells(&[(Field::OrgId, id)]),
        named => {
            Row::from_cells(&[(Field::CreatorUsername, named.map_or(whose, |(_, name)| name))])
        }
    }
}

/// A node is `user NAME`, or `user NAME again N` for a list that is requested once more; both with ` after CURSOR` for
/// later pages. This is the first page of its list.
pub(super) fn first_page(place: &str) -> &str {
    place.split(" after ").next().unwrap_or(place)
}

/// The cursor of a node.
pub(super) fn cursor(place: &str) -> Option<&str> {
    place.split_once(" after ").map(|(_, cursor)| cursor)
}

/// The user or organization of a node.
pub(super) fn whose(place: &str) -> &str {
    list(place).0
}

/// The node of the same list from its start, once more; `None` after three times.
pub(super) fn again(place: &str) -> Option<String> {
    let (whose, times) = list(place);
    (times < 3).then(|| format!("{whose} again {}", times + 1))
}

/// The user or organization, and how often its list was begun again.
fn list(place: &str) -> (&str, u32) {
    let first = first_page(place);
    let again = first.rsplit_once(" again ").and_then(|(whose, n)| Some((whose, n.parse().ok()?)));
    again.unwrap_or((first, 0))
}

#[cfg(test)]
mod tests;
