//! Groups whose names differ in case alone, such as sequences `aB` and `ab`: a disk that ignores case has room for one.

use std::collections::HashMap;
use std::path::Path;

use super::{By, Diagnostics, FatalError};
use crate::archive::packed;
use crate::disk::{Action, AtPath};

/// The names of groups by their lower case; only sequences have names that differ in it.
pub struct CaseTwins(Option<HashMap<String, String>>);

impl CaseTwins {
    /// With the groups that have tars.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn new(by: By, into: &Path) -> Result<CaseTwins, FatalError> {
        if by != By::Sequence {
            return Ok(CaseTwins(None));
        }
        let tars = packed::tars(into).at_path(Action::ReadFolder, into)?;
        let groups = tars.iter().map(|tar| packed::numbered(tar).0);
        Ok(CaseTwins(Some(groups.map(|group| (group.to_lowercase(), group)).collect())))
    }

    /// Adds a group, and says if another one has its name in another case.
    pub fn add(&mut self, group: &str, notes: &dyn Diagnostics) {
        let Some(groups) = &mut self.0 else { return };
        let first = groups.entry(group.to_lowercase()).or_insert_with(|| group.to_string());
        if first != group {
            notes.warn(&format!(
                "the tars of '{first}' and '{group}' differ in case alone: do not copy them to a disk that ignores it"
            ));
        }
    }
}
