//! What a collection has beside its tars: the pictures that lie loose, and those that are listed and nowhere.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use super::FatalError;
use super::listing::Listing;
use crate::archive::{packed, picture_index};
use crate::disk::walk;
use crate::photo::tar_members::{self, Members};
use crate::row::{Field, Row};

/// What a collection has beside its tars: the rows of the listing whose
/// pictures lie loose, with their paths; those that have no picture at all;
/// then the loose pictures of which the listing knows nothing.
pub struct Beside {
    listing: Option<Listing>,
    held: HashSet<String>,
    /// The loose pictures by the id that their names tell, and without one.
    by_id: BTreeMap<Box<str>, Vec<PathBuf>>,
    others: Vec<PathBuf>,
    /// Rows of one id.
    waiting: Vec<Row>,
}

impl Beside {
    pub fn new(
        listing: Option<Listing>,
        held: HashSet<String>,
        folder: &Path,
    ) -> Result<Beside, FatalError> {
        let mut by_id: BTreeMap<Box<str>, Vec<PathBuf>> = BTreeMap::new();
        let mut others = Vec::new();
        for path in walk::files(folder) {
            let path = path.map_err(FatalError::new)?;
            match picture_index::named(&path).map(|(id, _)| Box::from(id)) {
                Some(id) if is_id(&id) => by_id.entry(id).or_default().push(path),
                Some(_) => others.push(path),
                None => {}
            }
        }
        Ok(Beside { listing, held, by_id, others, waiting: Vec::new() })
    }

    /// The rows to check for one of the listing.
    fn take(&mut self, mut row: Row) -> Vec<Row> {
        for field in [Field::Path, Field::Archive, Field::Member, Field::Bytes, Field::Sha256] {
            row.clear(field);
        }
        let Some(id) = row.get(Field::ImgId) else { return Vec::new() };
        match self.by_id.get_mut(id) {
            // A listing may have an image twice: the second time nothing is left.
            Some(paths) => with_paths(&row, std::mem::take(paths)),
            None if self.held.contains(id) => Vec::new(),
            None => vec![row],
        }
    }
}

impl Iterator for Beside {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            if let Some(row) = self.waiting.pop() {
                return Some(row);
            }
            // It was read whole a moment ago: an error now is its end.
            if let Some(row) = self.listing.as_mut().and_then(|listing| listing.next().ok()?) {
                self.waiting = self.take(row);
            } else if let Some((id, paths)) = self.by_id.pop_first() {
                self.listing = None;
                self.waiting = with_paths(&Row::from_cells(&[(Field::ImgId, &id)]), paths);
            } else {
                return with_paths(&Row::from_cells(&[]), self.others.pop()).pop();
            }
        }
    }
}

/// The ids of all members. Of a tar that cannot be read there are none: its
/// rows in the listing are missing.
pub fn ids(members: &Members) -> HashSet<String> {
    let of_tars = members.tars.iter().flat_map(|tar| packed::read(tar).unwrap_or_default());
    let of_streams = members.streams.iter().flat_map(|path| tar_members::rows_of_names(path));
    let rows = of_tars.map(|member| member.row).chain(of_streams);
    rows.filter_map(|row| row.get(Field::ImgId).map(str::to_string)).collect()
}

fn is_id(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

fn with_paths(row: &Row, paths: impl IntoIterator<Item = PathBuf>) -> Vec<Row> {
    let with_path = |path: PathBuf| {
        let mut row = row.clone();
        row.set(Field::Path, &path.to_string_lossy());
        row
    };
    paths.into_iter().map(with_path).collect()
}
