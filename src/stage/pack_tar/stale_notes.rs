//! Notes of damage that are no longer true: a kill came after a tar was mended, or somebody has put an intact copy there.

use std::path::Path;

use super::FatalError;
use crate::archive::damage_record::Damage;
use crate::archive::packed::{self, Checker, Checkers};
use crate::format::completeness::Whole;

/// Removes them from the record of a folder, and what a kill has left of a change of the record.
///
/// # Errors
/// The record cannot be written.
pub fn clear(into: &Path) -> Result<(), FatalError> {
    let (damage, checkers) = (Damage::default(), Checkers::default());
    for name in damage.names(into) {
        let Some((tar, member)) = name.split_once('/') else { continue };
        let tar = into.join(tar);
        let is_sound = checkers.get(&tar).as_ref().as_ref().is_ok_and(|it| is_sound(it, member));
        if is_sound {
            damage.remove(&tar, [Some(member)]).map_err(FatalError::new)?;
        }
    }
    damage.settle(into).map_err(FatalError::new)
}

/// Whether nothing is wrong with a member. An index without it is that of a tar that was made anew.
fn is_sound(checker: &Checker, member: &str) -> bool {
    let Some(at) = checker.find(member) else { return packed::has_index(checker.path()) };
    let mut whole = Whole::default();
    let checked = checker.check_parts(at, |part| whole.push(part));
    let is_picture = checker.members()[at].is_picture();
    checked.is_ok() && !(is_picture && whole.fault_of(member).is_some())
}
