//! Tars of others, which have no index beside them: their headers tell where
//! each file lies, and its name which picture it is. A digest is not known.

use std::path::Path;
use std::sync::{Arc, Mutex};

use super::{Member, Work, index};
use crate::disk::index as pictures;
use crate::disk::open;
use crate::disk::place::each_part;
use crate::format::source::Window;
use crate::format::tar::{self, Entry, Stopped};
use crate::row::{Field, Row};
use crate::value::digest::Digest;

/// The files of a tar, as far as it can be read: what is wrong behind the last
/// of them shows when that one is checked.
///
/// # Errors
/// A tar that cannot be opened, or of which nothing can be read.
pub fn read(tar: &Path) -> Result<Vec<Member>, String> {
    match scan(tar)? {
        (members, Some(fault)) if members.is_empty() => {
            Err(format!("cannot read '{}': {fault}", tar.display()))
        }
        (members, _) => Ok(members),
    }
}

/// Makes the index and the manifest of a tar, with the rows that `row_of`
/// knows of the images in it; gives how many members there are.
///
/// # Errors
/// A tar that is not sound to its end: an index would say that it is.
pub fn add_index(
    tar: &Path,
    row_of: impl Fn(&str) -> Option<Arc<Row>>,
    work: &Work,
) -> Result<usize, String> {
    let (mut members, fault) = scan(tar)?;
    if let Some(fault) = fault {
        return Err(fault);
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
    let wrong = |error: std::io::Error| error.to_string();
    index::prepare(tar, &members).map_err(wrong)?;
    index::confirm(tar, &members).map_err(wrong)?;
    Ok(members.len())
}

fn digests(tar: &Path, members: &[Member], work: &Work) -> Result<Vec<Digest>, String> {
    let file = open::file(tar).map_err(|error| error.to_string())?;
    let digests = Mutex::new(vec![Digest([0; 32]); members.len()]);
    let act = |at: usize, buffer: &mut [u8]| -> Result<(), String> {
        let part = (members[at].offset, members[at].bytes);
        let digest = each_part(&file, part, buffer, |_, _| Ok(()));
        let digest = digest.map_err(|error| error.to_string())?;
        digests.lock().unwrap_or_else(|broken| broken.into_inner())[at] = digest;
        Ok(())
    };
    work.each(members.len(), act, str::to_string)?;
    Ok(digests.into_inner().unwrap_or_else(|broken| broken.into_inner()))
}

/// The files, and what is wrong behind the last of them.
fn scan(tar: &Path) -> Result<(Vec<Member>, Option<String>), String> {
    let wrong = |error| format!("cannot read '{}': {error}", tar.display());
    let mut source = open::file(tar).and_then(Window::open).map_err(wrong)?;
    let (entries, stopped) = tar::read(&mut source).map_err(wrong)?;
    let fault = match stopped {
        Stopped::Fault(fault) => Some(fault.to_string()),
        Stopped::End(_) => None,
    };
    Ok((entries.into_iter().map(member).collect(), fault))
}

fn member(Entry { member, body_at, .. }: Entry) -> Member {
    let mut row = Row::of(&[]);
    if let Some((id, quality)) = pictures::named(Path::new(&member.name))
        && id.bytes().all(|byte| byte.is_ascii_digit())
    {
        row.set(Field::ImgId, id);
        quality.iter().for_each(|quality| row.set(Field::Quality, quality.word()));
    }
    Member {
        name: member.name,
        offset: body_at,
        bytes: member.size,
        sha256: None,
        row: Arc::new(row),
    }
}
