//! The manifest of a tar: `DIGEST  NAME` per line, as `sha256sum -c` reads it.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use super::{Member, manifest_of};
use crate::archive::Error;
use crate::disk::atomic_file::Replacement;
use crate::disk::open;
use crate::disk::{Action, AtPath};

/// The line of a member, without its end.
pub fn line(member: &Member) -> Option<String> {
    member.sha256.map(|sha256| format!("{sha256}  {}", member.name))
}

/// Writes the manifest of a tar.
pub fn write<M: Borrow<Member>>(
    tar: &Path,
    members: impl Iterator<Item = io::Result<M>>,
) -> io::Result<()> {
    let mut file = BufWriter::new(Replacement::create_in_turn(&manifest_of(tar))?);
    for member in members {
        if let Some(line) = line(member?.borrow()) {
            writeln!(file, "{line}")?;
        }
    }
    file.into_inner()?.finish(None, false)
}

/// The lines that the manifest of a tar has; `None` if there is no manifest.
///
/// # Errors
/// It cannot be read.
pub fn lines(tar: &Path) -> Result<Option<BTreeSet<String>>, Error> {
    let path = manifest_of(tar);
    let mut bytes = Vec::new();
    match open::file(&path).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.at_path(Action::Read, &path)?,
    };
    // What is not UTF-8 is not a line of ours.
    Ok(Some(String::from_utf8_lossy(&bytes).lines().map(String::from).collect()))
}
