//! Tars made anew from tars: with sound pictures in place of damaged ones,
//! and addenda joined to what they add to. And indexes for tars of others.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decision::{Fate, TarLocation};
use super::{Diagnostics, FatalError, PackTar, group, take_away};
use crate::archive::known_damage::Damage;
use crate::archive::packed::{self, Member, Part, Source, Stopped, index_of, manifest_of};
use crate::disk::locked_file::{Identity, identity_of};
use crate::disk::{Action, AtPath};
use crate::photo::row_store::RowCursor;
use crate::photo::taken::taken_ms;
use crate::row::Field;
use crate::shape::{Error, RowError};
use crate::value::provenance::Status;

/// Puts the pictures that were fetched anew in their places.
pub fn repair(
    tool: &PackTar,
    fates: &mut [Fate],
    notes: &dyn Diagnostics,
) -> Result<(), FatalError> {
    let into = &tool.settings.into;
    let mut mends: BTreeMap<PathBuf, Vec<Mend>> = BTreeMap::new();
    // A sidecar is made of the picture's row: nobody need bring it.
    for name in Damage::default().names(into).iter().filter(|name| name.ends_with(".json")) {
        let tar = name.split('/').next().map(|tar| into.join(tar)).filter(|tar| tar.exists());
        tar.into_iter().for_each(|tar| _ = mends.entry(tar).or_default());
    }
    for (row, fate) in fates.iter().enumerate() {
        if let Fate::Mend(mend) = fate {
            let (packed, file) = &**mend;
            let identity = identity_of(file).at_path(Action::Open, file)?;
            let mend = (row, packed.member.clone(), file.clone(), identity);
            mends.entry(packed.archive.to_path_buf()).or_default().push(mend);
        }
    }
    for (tar, mends) in mends {
        match mend(tool, &tar, &mends, notes) {
            Ok(members) => {
                notes.warn(&format!("'{}' is mended", tar.display()));
                settle(tool, &tar, &mends, &members, fates)?;
            }
            Err(Error::Run(fault)) => return Err(fault),
            Err(Error::Row(what)) => {
                mends.iter().for_each(|mend| fates[mend.0] = Fate::Failed(what.clone()));
            }
        }
    }
    Ok(())
}

/// A row, the member that is damaged, and the file that takes its place.
type Mend = (usize, String, PathBuf, Identity);

/// The tar made anew; or why it is left as it is.
fn mend(
    tool: &PackTar,
    tar: &Path,
    mends: &[Mend],
    notes: &dyn Diagnostics,
) -> Result<Vec<Member>, Error> {
    let damage = Damage::default();
    let mut parts = parts_of(tar).map_err(FatalError::new)?;
    take_files(&mut parts, mends);
    let is_lost = |part: &Part| {
        matches!(part.source, Source::Packed(..)) && damage.has(tar, Some(&part.name))
    };
    for at in 0..parts.len() {
        if parts[at].name.ends_with(".json") && is_lost(&parts[at]) {
            let key = group::key_of(&parts[at].name);
            let of = parts.iter().find(|part| group::key_of(&part.name) == key);
            let sidecar = of.filter(|of| of.name != parts[at].name).map(group::sidecar);
            sidecar.into_iter().for_each(|sidecar| parts[at] = sidecar);
        }
    }
    if tool.settings.force {
        let lost = parts.extract_if(.., |part| is_lost(part));
        lost.for_each(|part| {
            notes.warn(&format!("'{}' is lost, and left out of '{}'", part.name, tar.display()));
        });
    }
    parts.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    match packed::replace(tar, &parts, &tool.settings.work) {
        Ok(members) => Ok(members),
        Err(Stopped::Part(_, what)) => Err(Error::Row(format!(
            "{what} too: 'verify-archive | download' brings what is missing, --force leaves out \
             what nobody has"
        ))),
        Err(stopped) => Err(FatalError::new(stopped).into()),
    }
}

/// The files that were fetched, as parts of the tar.
fn take_files(parts: &mut [Part], mends: &[Mend]) {
    for (_, name, file, identity) in mends {
        let Some(part) = parts.iter_mut().find(|part| part.name == *name) else { continue };
        part.bytes = identity.len();
        part.source = Source::File(file.clone(), *identity);
        // The picture that comes may be stored otherwise than the one that went.
        part.sha256 = None;
        if let Some(ending) = file.extension() {
            part.name = format!("{}.{}", group::key_of(name), ending.to_string_lossy());
        }
    }
}

fn settle(
    tool: &PackTar,
    tar: &Path,
    mends: &[Mend],
    members: &[Member],
    fates: &mut [Fate],
) -> Result<(), FatalError> {
    if tool.settings.delete {
        tool.read_back(tar)?;
    }
    // The tar was made of what is sound: nothing in it is damaged now.
    Damage::default().clear(tar).map_err(FatalError::new)?;
    for (row, name, file, identity) in mends {
        let key = group::key_of(name);
        let is_it = |member: &&Member| {
            group::key_of(&member.name) == key && !member.name.ends_with(".json")
        };
        if let Some(member) = members.iter().find(is_it) {
            fates[*row] = Fate::at(Status::Done, TarLocation::new(tar, member));
        }
        if tool.settings.delete
            && let Some(why) = take_away(file, identity)?
        {
            fates[*row] = Fate::Failed(why);
        }
    }
    Ok(())
}

/// Gives tars of others an index, with the rows that are known of their pictures.
pub fn index(tool: &PackTar, notes: &dyn Diagnostics) -> Result<(), FatalError> {
    let into = &tool.settings.into;
    let (mut by_id, mut cursor) = (HashMap::new(), RowCursor::default());
    let mut at = 0;
    while let Some(row) = cursor.next(&tool.rows)? {
        // No more rows than a number of four bytes tells.
        row.get(Field::ImgId).map(|id| by_id.insert(Box::<str>::from(id), at as u32));
        at += 1;
    }
    let (cursor, fault) = (RefCell::new(cursor), RefCell::new(None));
    let row_of = |id: &str| match cursor.borrow_mut().get(&tool.rows, *by_id.get(id)? as usize) {
        Ok(row) => Some(Arc::new(row)),
        Err(what) => {
            fault.borrow_mut().get_or_insert(what);
            None
        }
    };
    let tars = packed::tars(into).at_path(Action::Read, into)?;
    for tar in tars.iter().filter(|tar| !packed::has_index(tar)) {
        let added = packed::add_index(tar, row_of, &tool.settings.work);
        if let Some(fault) = fault.take() {
            return Err(fault);
        }
        match added {
            Ok(members) => {
                notes.warn(&format!("'{}' has an index of {members} files now", tar.display()));
            }
            Err(what) => notes.warn(&format!("'{}' gets no index: {what}", tar.display())),
        }
    }
    Ok(())
}

/// Joins the addenda of each group to its first tar, where all fit in one.
pub fn repack(tool: &PackTar, notes: &dyn Diagnostics) -> Result<(), FatalError> {
    let into = &tool.settings.into;
    let mut groups: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for tar in packed::indexed_tars(into).at_path(Action::Read, into)? {
        groups.entry(packed::numbered(&tar).0).or_default().push(tar);
    }
    for (group, tars) in groups.into_iter().filter(|(_, tars)| tars.len() > 1) {
        match joined(&tars, tool.settings.max_bytes) {
            Ok(parts) => join(tool, &tars, parts)?,
            Err(what) => notes.warn(&format!("the tars of '{group}' stay apart: {what}")),
        }
    }
    Ok(())
}

/// The members of all these tars, each once.
fn joined(tars: &[PathBuf], max_bytes: Option<u64>) -> Result<Vec<Part>, RowError> {
    let mut parts: BTreeMap<Vec<u8>, Part> = BTreeMap::new();
    for tar in tars {
        for part in parts_of(tar)? {
            let (name, sha256) = (part.name.clone(), part.sha256);
            if let Some(first) = parts.insert(name.clone().into_bytes(), part)
                && first.sha256 != sha256
            {
                return Err(format!("'{name}' is in two of them and not the same").into());
            }
        }
    }
    let bytes: u64 = parts.values().map(Part::padded).sum();
    if max_bytes.is_some_and(|max_bytes| bytes > max_bytes) {
        Err("together they are longer than --max-size".into())
    } else {
        Ok(parts.into_values().collect())
    }
}

/// Addenda go only after the whole was read back; a crash before leaves
/// members twice, which the next run joins again.
fn join(tool: &PackTar, tars: &[PathBuf], parts: Vec<Part>) -> Result<(), FatalError> {
    let first = &tars[0];
    packed::replace(first, &parts, &tool.settings.work).map_err(FatalError::new)?;
    tool.read_back(first)?;
    for tar in &tars[1..] {
        for file in [tar.clone(), index_of(tar), manifest_of(tar)] {
            if file.exists() {
                fs::remove_file(&file).at_path(Action::Remove, &file)?;
            }
        }
    }
    Ok(())
}

/// The members of a tar as parts of another.
fn parts_of(tar: &Path) -> Result<Vec<Part>, RowError> {
    let part = |member: Member| {
        let taken_ms = taken_ms(&member.row)?.unwrap_or(0);
        Ok(Part {
            name: member.name,
            bytes: member.bytes,
            modified_s: taken_ms.div_euclid(1000),
            source: Source::Packed(tar.to_path_buf(), member.offset),
            sha256: member.sha256,
            row: member.row,
        })
    };
    packed::read(tar)?.into_iter().map(part).collect()
}
