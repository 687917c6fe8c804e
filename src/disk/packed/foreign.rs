//! Tars of others, which have no index beside them: their headers tell where
//! each file lies, and its name which picture it is. A digest is not known.

use std::fs::File;
use std::path::Path;

use super::Member;
use crate::disk::index;
use crate::format::source::Window;
use crate::format::tar::{self, Entry, Stopped};
use crate::row::{Field, Row};

/// The files of a tar, as far as it can be read: what is wrong behind the last
/// of them shows when that one is checked.
///
/// # Errors
/// A tar that cannot be opened, or of which nothing can be read.
pub fn read(tar: &Path) -> Result<Vec<Member>, String> {
    let wrong = |what: &dyn std::fmt::Display| format!("cannot read '{}': {what}", tar.display());
    let mut source = File::open(tar).and_then(Window::open).map_err(|error| wrong(&error))?;
    let (entries, stopped) = tar::read(&mut source).map_err(|error| wrong(&error))?;
    match stopped {
        Stopped::Fault(fault) if entries.is_empty() => Err(wrong(&fault)),
        _ => Ok(entries.into_iter().map(member).collect()),
    }
}

fn member(Entry { member, body_at, .. }: Entry) -> Member {
    let mut row = Row::of(&[]);
    if let Some((id, quality)) = index::named(Path::new(&member.name))
        && id.bytes().all(|byte| byte.is_ascii_digit())
    {
        row.set(Field::ImgId, id);
        quality.iter().for_each(|quality| row.set(Field::Quality, quality.word()));
    }
    Member { name: member.name, offset: body_at, bytes: member.size, sha256: None, row }
}
