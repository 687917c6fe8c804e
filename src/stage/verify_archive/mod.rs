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

use std::borrow::Cow;
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
use crate::photo::tar_members::{self, Fault};
use crate::row::{Field, Row};
use crate::shape::{Batch, Diagnostics, Error, FatalError, InputHeader, Outcome, RowError, Shape};
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

    fn check(&self, row: &Row, notes: &dyn Diagnostics) -> Result<Finding, Error> {
        match tar_members::fault_of(row) {
            None => Ok(self.check_picture(row, notes)?),
            Some(Fault::Tar(fault)) => Ok(Finding::Damaged(fault.to_string())),
            // No finding: the picture would be downloaded again.
            Some(Fault::Unseen(fault)) => Err(Error::Row(fault.to_string())),
            Some(Fault::Run(fault)) => Err(Error::Run(FatalError(fault.to_string()))),
        }
    }

    fn check_picture(&self, row: &Row, notes: &dyn Diagnostics) -> Result<Finding, Error> {
        if tar_members::taken(row).is_some() {
            return Ok(Finding::Whole);
        }
        if let (None, Some(archive)) = (row.get(Field::Path), row.get(Field::Archive)) {
            return self.check_member(row, Path::new(archive), row.get(Field::Member), notes);
        }
        match self.locator.find(row).map_err(RowError::from)? {
            Some(Found::File(path)) => Ok(self.check_loose(row, &path, notes)?),
            Some(Found::Packed(packed)) => {
                self.check_member(row, &packed.archive, Some(&packed.member), notes)
            }
            None => Ok(Finding::Missing(rows_to_check::why_missing(row))),
        }
    }

    fn check_loose(
        &self,
        row: &Row,
        path: &Path,
        notes: &dyn Diagnostics,
    ) -> Result<Finding, RowError> {
        let finding = check_file(path, row)?;
        self.note(path, None, matches!(finding, Finding::Damaged(_)), notes)?;
        Ok(finding)
    }

    /// Another process may replace a tar or merge it into another one meanwhile: then a fault is looked for again.
    fn check_member(
        &self,
        row: &Row,
        archive: &Path,
        member: Option<&str>,
        notes: &dyn Diagnostics,
    ) -> Result<Finding, Error> {
        let (mut place, mut found) =
            (Cow::Borrowed(archive), self.find_fault(row, archive, member)?);
        if !matches!(found.0, Finding::Whole)
            && let Some(now) = self.checkers.place_now(archive)
        {
            found = self.find_fault(row, &now, member)?;
            place = now.into();
        }
        let (finding, is_there) = found;
        if let Some(member) = member.filter(|_| is_there) {
            let is_damaged = matches!(finding, Finding::Damaged(_));
            self.note(&place, Some(member), is_damaged, notes).map_err(RowError::from)?;
        }
        Ok(finding)
    }

    /// What is wrong with a member, and whether the tar has it.
    fn find_fault(
        &self,
        row: &Row,
        archive: &Path,
        member: Option<&str>,
    ) -> Result<(Finding, bool), FatalError> {
        let checker = self.checkers.get(archive);
        let checker = match &*checker {
            Ok(checker) => checker,
            Err(what) if what.is_of_process() => return Err(FatalError::new(what)),
            Err(what) => return Ok((Finding::Missing(what.to_string()), false)),
        };
        let Some(at) = member.and_then(|member| checker.find(member)) else {
            return Ok((Finding::Missing("the tar does not have it".to_string()), false));
        };
        let mut whole = Whole::default();
        let checked = checker.check_parts(at, |part| whole.push(part));
        let member_of = &checker.members()[at];
        let (fault, digest) = match checked {
            Ok(digest) => (whole.fault_of(&member_of.name), Some(digest)),
            Err(fault) => (Some(fault.to_string()), None),
        };
        let fault = fault.filter(|_| digest.is_none() || member_of.is_picture());
        // A member that agrees with its index is no damage: the row is about another picture.
        let stated = Stated::of_member(row, &member_of.name);
        let other = || {
            let other = stated.difference(member_of.bytes, digest);
            other.or_else(|| other_image(row, member_of))
        };
        let other = fault.is_none().then(other).flatten();
        let finding = fault.map(Finding::Damaged).or(other.map(Finding::Missing));
        Ok((finding.unwrap_or(Finding::Whole), true))
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
                Err(what) => return what.fail(row),
                Ok(Finding::Whole) => {
                    notes.count(Status::Whole.word(), 1);
                    return Ok(Outcome::Rows(Vec::new()));
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
            Ok(Outcome::Found(row, named))
        };
        rows.into_iter().map(outcome).collect()
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
