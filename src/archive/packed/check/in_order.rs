//! Checks a tar against an index that lists its members in their order, one after the other: only a few are held.

use std::path::Path;

use super::{Member, Members, TarFile};
use crate::archive::Error;
use crate::archive::packed::headers::padded_end;
use crate::disk::{Action, AtPath};
use crate::threads::{Work, ordered};

/// The number of members that may be checked before the first of them is done.
const WINDOW: usize = 256;

/// Checks every member, and the end of the tar; returns the number of members.
///
/// # Errors
/// A fault, also if there is none but in this order: [`super::Checker`] knows.
pub fn check(tar: &Path, index: &Path, work: &Work) -> Result<usize, Error> {
    let file = TarFile::open(tar).at_path(Action::Open, tar)?;
    let mut start = 0;
    let items = Members::open(index)?.map(|member| {
        let member = member?;
        let from = start;
        start = padded_end(&member).unwrap_or(u64::MAX);
        Ok((member, from))
    });
    let act = |item: Result<(Member, u64), Error>| {
        let (member, start) = item?;
        let is_known = |name: &str| name == member.name;
        match file.check_member(&member, start, is_known, |_| {}) {
            Ok(_) => Ok(member),
            Err(fault) => Err(file.named(member.name, fault)),
        }
    };
    let (mut count, mut last) = (0, None);
    let take = |member| {
        count += 1;
        last = Some(member);
        Ok(())
    };
    ordered::each_taken(work, items, WINDOW, act, take, || Error::Interrupted)?;
    let Some(last) = last else { return Ok(0) };
    file.check_end(&last).map_err(|fault| file.named(last.name, fault))?;
    Ok(count)
}
