//! Checks a file that is to replace a damaged member: what is put in its place is the last that anybody has of it.

use std::path::Path;

use super::Diagnostics;
use super::row_decision::PackedFile;
use crate::disk::open;
use crate::disk::positioned_io::{CHUNK, each_part};
use crate::disk::{Action, AtPath, PathError};
use crate::format::completeness::Whole;
use crate::shape::RowError;
use crate::value::digest::Digest;

/// Checks that the file has the bytes that the index describes. With `force`, it may be another picture, but a whole one.
///
/// # Errors
/// Why the file must not replace the member.
pub fn check(mend: &PackedFile, force: bool, notes: &dyn Diagnostics) -> Result<(), RowError> {
    let PackedFile { place, file, .. } = mend;
    let (digest, whole) = read(file)?;
    if place.sha256 == Some(digest) {
        return Ok(());
    }
    let refused = format!(
        "'{}' does not replace '{}' in '{}'",
        file.display(),
        place.member,
        place.archive.display()
    );
    if let Some(fault) = whole.fault_of(&file.to_string_lossy()) {
        return Err(format!("{refused}: {fault}").into());
    }
    if !force {
        return Err(
            format!("{refused}: its digest is not that of the index (--force takes it)").into()
        );
    }
    let known = place.sha256.map_or("none".to_string(), |sha256| sha256.to_string());
    notes.warn(&format!(
        "'{}' in '{}' is replaced by another picture: its digest was {known}",
        place.member,
        place.archive.display()
    ));
    Ok(())
}

fn read(file: &Path) -> Result<(Digest, Whole), PathError> {
    let read = || {
        let (opened, mut whole) = (open::file(file)?, Whole::default());
        let all = (0, opened.metadata()?.len());
        let digest = each_part(&opened, all, &mut vec![0; CHUNK], |part, _| {
            whole.push(part);
            Ok(())
        })?;
        Ok((digest, whole))
    };
    read().at_path(Action::Read, file)
}
