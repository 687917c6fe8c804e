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

/// The user or organization of a node, without the cursor.
pub(super) fn whose(place: &str) -> &str {
    place.split(" after ").next().unwrap_or(place)
}

#[cfg(test)]
mod tests;
