//! verify-archive: checks every byte of a collection against what is known of it.
//!
//! Missing or damaged pictures are output as rows for `download`. Damage is recorded in the folder, so that a damaged
//! picture does not count as present until it is repaired.

mod listing;
mod loose_pictures;
mod picture_join;
mod rows_to_check;
mod stated;
mod stated_place;

use std::path::Path;

pub use rows_to_check::Check;
use stated::{Stated, other_image};

use crate::archive::damage_record::Damage;
use crate::archive::locate::{Found, Locator};
use crate::archive::packed::Checkers;
use crate::disk::open;
use crate::disk::positioned_io::{CHUNK, each_part};
use crate::disk::{Action, PathError};
use crate::format::completeness::Whole;
use crate::photo::tar_members;
use crate::row::{Field, Row};
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, RowError, Shape};
use crate::value::provenance::Status;

/// See the module documentation.
pub struct VerifyArchive {
    locator: Locator,
    checkers: Checkers,
    damage: Damage,
}

/// The result of a check.
enum Finding {
    Whole,
    Missing(String),
    Damaged(String),
}

impl VerifyArchive {
    /// What is in the tars of rows with a path is stored in a temporary file in `tmp_dir`.
    pub fn new(tmp_dir: &Path) -> VerifyArchive {
        let (checkers, damage) = Default::default();
        VerifyArchive { locator: Locator::new(tmp_dir), checkers, damage }
    }

    fn check(&self, row: &Row, notes: &dyn Diagnostics) -> Result<Finding, RowError> {
        if let Some(fault) = tar_members::fault_of(row) {
            return Ok(Finding::Damaged(fault.to_string()));
        }
        if tar_members::taken(row).is_some() {
            return Ok(Finding::Whole);
        }
        if let (None, Some(archive)) = (row.get(Field::Path), row.get(Field::Archive)) {
            return self.check_member(row, Path::new(archive), row.get(Field::Member), notes);
        }
        match self.locator.find(row)? {
            Some(Found::File(path)) => {
                let finding = check_file(&path, row)?;
                self.note(&path, None, matches!(finding, Finding::Damaged(_)), notes)?;
                Ok(finding)
            }
            Some(Found::Packed(packed)) => {
                self.check_member(row, &packed.archive, Some(&packed.member), notes)
            }
            None => Ok(Finding::Missing(rows_to_check::why_missing(row))),
        }
    }

    fn check_member(
        &self,
        row: &Row,
        archive: &Path,
        member: Option<&str>,
        notes: &dyn Diagnostics,
    ) -> Result<Finding, RowError> {
        let checker = self.checkers.get(archive);
        let checker = match &*checker {
            Ok(checker) => checker,
            Err(what) => return Ok(Finding::Missing(what.to_string())),
        };
        let found = member.and_then(|member| Some((member, checker.find(member)?)));
        let Some((member, at)) = found else {
            return Ok(Finding::Missing("the tar does not have it".to_string()));
        };
        let mut whole = Whole::default();
        let checked = checker.check_parts(at, |part| whole.push(part));
        let member_of = &checker.members()[at];
        let (fault, digest) = match checked {
            Ok(digest) => (whole.fault_of(&member_of.name), Some(digest)),
            Err(fault) => (Some(fault.to_string()), None),
        };
        let fault = fault.filter(|_| digest.is_none() || member_of.is_picture());
        self.note(archive, Some(member), fault.is_some(), notes)?;
        // A member that agrees with its index is no damage: the row is about another picture.
        let stated = Stated::of_member(row, member);
        let other = || {
            let other = stated.difference(member_of.bytes, digest);
            other.or_else(|| other_image(row, member_of))
        };
        let other = fault.is_none().then(other).flatten();
        Ok(fault.map(Finding::Damaged).or(other.map(Finding::Missing)).unwrap_or(Finding::Whole))
    }

    /// Recorded before the row is output, because the tool that takes the row looks there. Damage is reported also where it
    /// cannot be recorded, as on a read-only disk.
    fn note(
        &self,
        file: &Path,
        member: Option<&str>,
        is_damaged: bool,
        notes: &dyn Diagnostics,
    ) -> Result<(), PathError> {
        if !is_damaged {
            return self.damage.remove(file, [member]);
        }
        let added = self.damage.add(file, member);
        added.unwrap_or_else(|error| notes.once(&error.to_string()));
        Ok(())
    }
}

impl Batch for VerifyArchive {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape {
            needs: vec![vec![Field::Path, Field::Archive, Field::ImgId]],
            sets: [Field::Status, Field::Why].map(Into::into).to_vec(),
            drops: vec![Field::Path, Field::Bytes, Field::Sha256],
            ..Shape::default()
        }
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        let outcome = |mut row: Row| {
            let (status, why) = match self.check(&row, notes) {
                Err(what) => return Outcome::failed(row, what),
                Ok(Finding::Whole) => {
                    notes.count(Status::Whole.word(), 1);
                    return Outcome::Rows(Vec::new());
                }
                Ok(Finding::Missing(why)) => (Status::Missing, why),
                Ok(Finding::Damaged(why)) => (Status::Damaged, why),
            };
            let named =
                match row.get(Field::Member).filter(|_| tar_members::fault_of(&row).is_none()) {
                    Some(member) => format!("'{member}': {status}: {why}"),
                    None => format!("{status}: {why}"),
                };
            row.set(Field::Status, status.word());
            row.set(Field::Why, &why);
            Outcome::Found(row, named)
        };
        Ok(rows.into_iter().map(outcome).collect())
    }
}

/// Checks that a loose file is complete, and that it is the one of its row.
fn check_file(path: &Path, row: &Row) -> Result<Finding, RowError> {
    let wrong = |error| PathError::new(Action::Read, path, error);
    let file = open::file(path).map_err(wrong)?;
    let len = file.metadata().map_err(wrong)?.len();
    let mut whole = Whole::default();
    let digest = each_part(&file, (0, len), &mut vec![0; CHUNK], |part, _| {
        whole.push(part);
        Ok(())
    });
    let digest = digest.map_err(wrong)?;
    let other = || Stated::of_file(row, path).difference(len, Some(digest));
    let fault = whole.fault_of(&path.to_string_lossy()).or_else(other);
    Ok(fault.map_or(Finding::Whole, Finding::Damaged))
}
