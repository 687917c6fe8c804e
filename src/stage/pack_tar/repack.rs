//! Merges the addenda of groups into the tars that they extend.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::decisions::Decisions;
use super::repair::parts_of;
use super::write_tars::fatal;
use super::{Diagnostics, FatalError, PackTar};
use crate::archive;
use crate::archive::packed::{self, Member, Members, Part, PartStore, index_of, manifest};
use crate::disk::{Action, AtPath};
use crate::photo::row_store::temporary;
use crate::shape::RowError;

/// Merges the addenda of each group into its first tar, if all fit into one.
pub fn repack(
    tool: &PackTar,
    decisions: &mut Decisions,
    notes: &dyn Diagnostics,
) -> Result<(), FatalError> {
    let into = &tool.settings.into;
    clear_leftovers(into)?;
    let mut groups: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for tar in packed::indexed_tars(into).at_path(Action::Read, into)? {
        groups.entry(group_of(&tar)).or_default().push(tar);
    }
    for (group, tars) in groups.into_iter().filter(|(_, tars)| tars.len() > 1) {
        match joined(&tars, tool.settings.max_bytes) {
            Ok(parts) => join(tool, &tars, parts, decisions)?,
            Err(what) => notes.warn(&format!("the tars of '{group}' stay apart: {what}")),
        }
    }
    Ok(())
}

/// The group of a tar. `s.1.tar` is an addendum of `s`, or the tar of a sequence that is named `s.1`: then its members are
/// in a folder of that name.
fn group_of(tar: &Path) -> String {
    let stem = tar.file_stem().unwrap_or_default().to_string_lossy();
    let first = Members::open(&index_of(tar)).ok().and_then(|mut members| members.next()?.ok());
    let is_own =
        |member: Member| member.name.strip_prefix(&*stem).is_some_and(|rest| rest.starts_with('/'));
    if first.is_some_and(is_own) { stem.into_owned() } else { packed::numbered(tar).0 }
}

/// The members of all these tars, without duplicates.
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

/// Addenda are deleted only after the merged tar was read back; a crash before that leaves duplicate members, which
/// the next run merges again.
fn join(
    tool: &PackTar,
    tars: &[PathBuf],
    parts: Vec<Part>,
    decisions: &mut Decisions,
) -> Result<(), FatalError> {
    let first = &tars[0];
    let mut store = PartStore::new(&tool.settings.tmp_dir);
    store.extend(&parts).map_err(temporary)?;
    packed::replace(first, &store, &tool.settings.work).map_err(fatal)?;
    tool.read_back(first)?;
    for tar in &tars[1..] {
        decisions.move_tar(tar, first);
        packed::remove(tar).at_path(Action::Remove, tar)?;
    }
    Ok(())
}

/// Removes an index or a manifest without its tar, which a crash of an earlier version left, if all that it lists is in the
/// first tar of its group.
fn clear_leftovers(into: &Path) -> Result<(), FatalError> {
    for tar in packed::lost_tars(into).at_path(Action::Read, into)? {
        let (group, number) = packed::numbered(&tar);
        let first = into.join(format!("{group}.tar"));
        let is_addendum = number > 0 && first.exists() && packed::has_index(&first);
        if is_addendum && is_listed_in(&first, &tar).map_err(FatalError::new)? {
            packed::remove(&tar).at_path(Action::Remove, &tar)?;
        }
    }
    Ok(())
}

/// Whether the first tar has all that the index and the manifest of another one list.
fn is_listed_in(first: &Path, tar: &Path) -> Result<bool, archive::Error> {
    let by_index =
        if packed::has_index(tar) { packed::manifest_lines(tar)? } else { BTreeSet::new() };
    let by_manifest = manifest::lines(tar)?.unwrap_or_default();
    let first = packed::manifest_lines(first)?;
    Ok(by_index.is_subset(&first) && by_manifest.is_subset(&first))
}
