//! Files of a tar that its index does not name: another program has added them, or a line of the index is lost.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::headers::{files_between, padded_end};
use super::unindexed::{member, path_of};
use super::{Member, index_of};
use crate::archive::{Error, IndexError};
use crate::disk::{Action, AtPath, PathError, open};
use crate::format::tar::{BLOCK, TarEntry};

/// Why such a file is not used.
pub const WHY: &str =
    "its index does not name it: remove the index, and 'pack-tar --index' makes it anew";

/// The files of a tar that are not among these members of its index. Only what may hold one is read: between two members
/// there is usually one header.
///
/// # Errors
/// The tar cannot be read. One that is not there has no files.
pub fn find(tar: &Path, members: &[Member]) -> Result<Vec<Member>, PathError> {
    let file = match open::file(tar) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        file => file.at_path(Action::Open, tar)?,
    };
    let known = LazyCell::new(|| {
        let offsets = members.iter().map(|member| (path_of(&member.name), member.offset));
        offsets.collect::<HashMap<_, _>>()
    });
    let mut order: Vec<&Member> = members.iter().collect();
    order.sort_by_key(|member| member.offset);
    let (mut unnamed, mut start) = (Vec::new(), 0);
    let mut take = |entry: TarEntry| {
        // An older file of a name has been replaced by the member.
        if known.get(&path_of(&entry.name)).is_none_or(|&offset| offset < entry.body_at) {
            unnamed.push(member(entry, None));
        }
        true
    };
    for next in order.into_iter().map(Some).chain([None]) {
        let end = next.map_or(u64::MAX, |next| next.offset);
        if end.checked_sub(start).is_some_and(|gap| gap != BLOCK) {
            files_between(&file, (start, end), &mut take).at_path(Action::Read, tar)?;
        }
        start = start.max(next.and_then(padded_end).unwrap_or(start));
    }
    Ok(unnamed)
}

/// Checks an index in which no file was found: the tar must be empty, too. A crash or a full disk can leave a file of 0
/// bytes.
///
/// # Errors
/// The tar has files, or cannot be read.
pub fn check_empty(tar: &Path) -> Result<(), Error> {
    let file = open::file(tar).at_path(Action::Open, tar)?;
    let mut is_empty = true;
    let take = |_: TarEntry| {
        is_empty = false;
        false
    };
    files_between(&file, (0, u64::MAX), take).at_path(Action::Read, tar)?;
    let (path, cause) = (index_of(tar), IndexError::Empty);
    if is_empty { Ok(()) } else { Err(Error::Index { path, cause }) }
}
