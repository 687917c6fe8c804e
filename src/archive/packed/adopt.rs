//! Builds an index for a tar made by another program, so that its pictures are known by their digests.

use std::path::Path;
use std::sync::Arc;

use super::{Contents, Member, UnreadableFile, index, unindexed};
use crate::archive::Error;
use crate::disk::open;
use crate::disk::positioned_io::{buffer_of, each_part};
use crate::row::{Field, Row};
use crate::threads::{Work, ordered};
use crate::value::digest::Digest;

/// Makes the index and the manifest of a tar, with the rows that `row_of` knows of the images in it; returns the number
/// of members.
///
/// # Errors
/// A tar that is not sound to its end: an index would say that it is.
pub fn add_index(
    tar: &Path,
    row_of: impl Fn(&str) -> Option<Arc<Row>>,
    work: &Work,
) -> Result<usize, Error> {
    let Contents { mut members, lost, fault, .. } = unindexed::scan(tar)?;
    if let Some(fault) = fault {
        return Err(Error::Fault(fault));
    }
    if let Some(UnreadableFile { name, why }) = lost.first() {
        return Err(Error::Lost { name: name.clone(), why: why.clone() });
    }
    if let Some(member) = members.iter().find(|member| member.pieces.is_some()) {
        return Err(Error::Holes { name: member.name.clone() });
    }
    let digests = digests(tar, &members, work)?;
    for (member, digest) in members.iter_mut().zip(digests) {
        member.sha256 = Some(digest);
        if let Some(known) = member.row.get(Field::ImgId).and_then(&row_of) {
            let mut row = Row::clone(&known);
            row.merge(&member.row);
            member.row = Arc::new(row);
        }
    }
    index::prepare(tar, members.iter().map(Ok))?;
    index::confirm(tar, members.iter().map(Ok))?;
    Ok(members.len())
}

fn digests(tar: &Path, members: &[Member], work: &Work) -> Result<Vec<Digest>, Error> {
    let file = open::file(tar)?;
    let act = |member: &Member| -> Result<Digest, Error> {
        let part = (member.offset, member.bytes);
        Ok(each_part(&file, part, &mut buffer_of(member.bytes), |_, _| Ok(()))?)
    };
    ordered::each(work, members.iter(), act, || Error::Interrupted)
}
