//! Tars made anew from tars: with sound pictures in place of damaged ones,
//! and addenda joined to what they add to.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::fate::{Fate, Place};
use super::{Fault, Notes, PackTar, naming, remove};
use crate::disk::damage::Damage;
use crate::disk::packed::{self, Member, Part, Source, Stopped, index_of, manifest_of};

/// Puts the pictures that were fetched anew in their places.
pub fn repair(tool: &PackTar, fates: &mut [Fate], notes: &dyn Notes) -> Result<(), Fault> {
    let mut mends: BTreeMap<PathBuf, Vec<(usize, String, PathBuf)>> = BTreeMap::new();
    for (row, fate) in fates.iter().enumerate() {
        if let Fate::Mend(packed, file) = fate {
            let mend = (row, packed.member.clone(), file.clone());
            mends.entry(packed.archive.to_path_buf()).or_default().push(mend);
        }
    }
    for (tar, mends) in mends {
        match mend(tool, &tar, &mends)? {
            Ok(members) => {
                notes.warn(&format!("'{}' is mended", tar.display()));
                settle(tool, &tar, &mends, &members, fates)?;
            }
            Err(what) => mends.iter().for_each(|mend| fates[mend.0] = Fate::Failed(what.clone())),
        }
    }
    Ok(())
}

type Mend = (usize, String, PathBuf);

fn mend(tool: &PackTar, tar: &Path, mends: &[Mend]) -> Result<Result<Vec<Member>, String>, Fault> {
    let mut parts = parts_of(tar).map_err(Fault)?;
    for (_, name, file) in mends {
        let Some(part) = parts.iter_mut().find(|part| part.name == *name) else { continue };
        let wrong = |error| Fault(format!("cannot open '{}': {error}", file.display()));
        part.bytes = fs::metadata(file).map_err(wrong)?.len();
        part.source = Source::File(file.clone());
        // The picture that comes may be stored otherwise than the one that went.
        part.sha256 = None;
        if let (Some(ending), Some((stem, _))) = (file.extension(), part.name.rsplit_once('.')) {
            part.name = format!("{stem}.{}", ending.to_string_lossy());
        }
    }
    parts.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    match packed::replace(tar, &parts, &tool.settings.work) {
        Ok(members) => Ok(Ok(members)),
        Err(Stopped::Tar(what)) => Err(Fault(what)),
        Err(Stopped::Part(_, what)) => {
            Ok(Err(format!("{what} too: 'verify-archive | download' brings what is missing")))
        }
    }
}

fn settle(
    tool: &PackTar,
    tar: &Path,
    mends: &[Mend],
    members: &[Member],
    fates: &mut [Fate],
) -> Result<(), Fault> {
    if tool.settings.delete {
        tool.read_back(tar)?;
    }
    let names = mends.iter().map(|(_, name, _)| Some(name.as_str()));
    Damage::default().remove(tar, names).map_err(Fault)?;
    for (row, name, file) in mends {
        let stem = |name: &str| name.rsplit_once('.').map(|(stem, _)| stem.to_string());
        let member = members.iter().find(|member| stem(&member.name) == stem(name));
        if let Some(member) = member {
            fates[*row] = Fate::At("done", Place::of(tar, member));
        }
        if tool.settings.delete {
            remove(file).map_err(Fault)?;
        }
    }
    Ok(())
}

/// Joins the addenda of each group to its first tar, where all fit in one.
pub fn repack(tool: &PackTar, notes: &dyn Notes) -> Result<(), Fault> {
    let wrong = |error| Fault(format!("cannot read '{}': {error}", tool.settings.into.display()));
    let mut groups: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for tar in packed::indexed_tars(&tool.settings.into).map_err(wrong)? {
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
fn joined(tars: &[PathBuf], max_bytes: Option<u64>) -> Result<Vec<Part>, String> {
    let mut parts: BTreeMap<Vec<u8>, Part> = BTreeMap::new();
    for tar in tars {
        for part in parts_of(tar)? {
            let (name, sha256) = (part.name.clone(), part.sha256);
            if let Some(first) = parts.insert(name.clone().into_bytes(), part)
                && first.sha256 != sha256
            {
                return Err(format!("'{name}' is in two of them and not the same"));
            }
        }
    }
    let bytes: u64 = parts.values().map(Part::padded).sum();
    match max_bytes.is_some_and(|max_bytes| bytes > max_bytes) {
        true => Err("together they are longer than --max-size".to_string()),
        false => Ok(parts.into_values().collect()),
    }
}

/// Addenda go only after the whole was read back; a crash before leaves
/// members twice, which the next run joins again.
fn join(tool: &PackTar, tars: &[PathBuf], parts: Vec<Part>) -> Result<(), Fault> {
    let first = &tars[0];
    packed::replace(first, &parts, &tool.settings.work).map_err(|stopped| match stopped {
        Stopped::Part(_, what) | Stopped::Tar(what) => Fault(what),
    })?;
    tool.read_back(first)?;
    for tar in &tars[1..] {
        for file in [tar.clone(), index_of(tar), manifest_of(tar)] {
            if file.exists() {
                remove(&file).map_err(Fault)?;
            }
        }
    }
    Ok(())
}

/// The members of a tar as parts of another.
fn parts_of(tar: &Path) -> Result<Vec<Part>, String> {
    let part = |member: Member| {
        let taken_ms = naming::taken_ms(&member.row)?.unwrap_or(0);
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
