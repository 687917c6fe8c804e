//! Rebuilds tars with intact pictures in place of damaged ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decisions::Decisions;
use super::originals::take_away;
use super::row_decision::{PackDecision, PackedFile, TarLocation};
use super::sidecar::{key_of, sidecar};
use super::write_tars::fatal;
use super::{Diagnostics, FatalError, PackTar, replacement};
use crate::archive::damage_record::Damage;
use crate::archive::packed::{self, Member, Part, PartStore, Source, Stopped};
use crate::disk::locked_file::Identity;
use crate::disk::spool::SpoolReader;
use crate::photo::row_store::temporary;
use crate::photo::taken::taken_ms;
use crate::row::Columns;
use crate::shape::{Error, RowError};
use crate::value::provenance::Status;

/// Puts the pictures of these rows, which were fetched anew, in their places.
pub fn repair(
    tool: &PackTar,
    rows: &[u32],
    decisions: &mut Decisions,
    notes: &dyn Diagnostics,
) -> Result<(), FatalError> {
    let Wanted { mends, refused } = wanted(tool, rows, decisions, notes)?;
    for (tar, mends) in mends {
        // With --force, its member would be left out as lost, though there is a file to look at.
        if refused.contains(&tar) {
            let why = format!("'{}' stays as it is: not all its replacements fit", tar.display());
            fail(&mends, &why, decisions)?;
            continue;
        }
        if tool.settings.dry_run {
            plan(&tar, &mends, decisions, notes)?;
            continue;
        }
        match mend(tool, &tar, &mends, notes) {
            Ok(members) => {
                notes.warn(&format!("'{}' is mended", tar.display()));
                settle(tool, &tar, &mends, &members, decisions)?;
            }
            Err(Error::Run(fault)) => return Err(fault),
            Err(Error::Row(what)) => fail(&mends, &what, decisions)?,
        }
    }
    Ok(())
}

/// What is to be mended.
#[derive(Default)]
struct Wanted {
    mends: BTreeMap<PathBuf, Vec<Mend>>,
    /// The tars with a replacement that is none.
    refused: BTreeSet<PathBuf>,
}

/// The replacements by their tars; rows of those that are none fail.
fn wanted(
    tool: &PackTar,
    rows: &[u32],
    decisions: &mut Decisions,
    notes: &dyn Diagnostics,
) -> Result<Wanted, FatalError> {
    let (into, mut wanted) = (&tool.settings.into, Wanted::default());
    // A sidecar is made from the picture's row, so it needs no new file.
    for name in Damage::default().names(into).iter().filter(|name| name.ends_with(".json")) {
        let tar = name.split('/').next().map(|tar| into.join(tar)).filter(|tar| tar.exists());
        tar.into_iter().for_each(|tar| _ = wanted.mends.entry(tar).or_default());
    }
    let mut reader = SpoolReader::default();
    for &row in rows {
        let decision = decisions.get(row as usize, &mut reader)?;
        let Some(PackDecision::Mend(mend)) = decision else { continue };
        let tar = mend.place.archive.to_path_buf();
        if let Err(what) = replacement::check(&mend, tool.settings.force, notes) {
            wanted.refused.insert(tar);
            decisions.set(row as usize, &PackDecision::Failed(what.to_string()))?;
            continue;
        }
        let PackedFile { place, file, identity } = *mend;
        wanted.mends.entry(tar).or_default().push((row, place.member, file, identity));
    }
    Ok(wanted)
}

fn fail(mends: &[Mend], why: &str, decisions: &mut Decisions) -> Result<(), FatalError> {
    let why = PackDecision::Failed(why.to_string());
    mends.iter().try_for_each(|mend| decisions.set(mend.0 as usize, &why))
}

/// Whether all of its damaged members are among them is not checked.
fn plan(
    tar: &Path,
    mends: &[Mend],
    decisions: &mut Decisions,
    notes: &dyn Diagnostics,
) -> Result<(), FatalError> {
    notes.warn(&format!("would mend '{}'", tar.display()));
    let archive = Arc::new(tar.to_path_buf());
    for (row, name, file, identity) in mends {
        let (archive, member) = (Arc::clone(&archive), new_name(name, file));
        let place =
            TarLocation { archive, member, bytes: identity.len(), sha256: None, fault: None };
        decisions.set(*row as usize, &PackDecision::At(Status::Planned, place))?;
    }
    Ok(())
}

/// A row, its damaged member, and the file that replaces it.
type Mend = (u32, String, PathBuf, Identity);

/// Rebuilds the tar; or returns why it is left as it is.
fn mend(
    tool: &PackTar,
    tar: &Path,
    mends: &[Mend],
    notes: &dyn Diagnostics,
) -> Result<Vec<Member>, Error> {
    let (damage, bare) = (Damage::default(), Columns::from_fields(&[]));
    let mut parts = parts_of(tar).map_err(FatalError::new)?;
    take_files(&mut parts, mends);
    let is_lost = |part: &Part| {
        matches!(part.source, Source::Packed(..)) && damage.has(tar, Some(&part.name))
    };
    for at in 0..parts.len() {
        if parts[at].name.ends_with(".json") && is_lost(&parts[at]) {
            let key = key_of(&parts[at].name);
            let of = parts.iter().find(|part| key_of(&part.name) == key);
            let of = of.filter(|of| of.name != parts[at].name);
            let sidecar = of.map(|of| sidecar(of, &bare));
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
    let mut store = PartStore::new(&tool.settings.tmp_dir);
    store.extend(&parts).map_err(temporary)?;
    let members: Result<Vec<_>, _> = match packed::replace(tar, &store, &tool.settings.work) {
        Ok(written) => written.members().map(|member| Ok(member?.1)).collect(),
        Err(lost @ Stopped::Parts(_)) => {
            return Err(Error::Row(format!(
                "{lost} too: 'verify-archive | download' brings what is missing, --force leaves \
                 out what nobody has"
            )));
        }
        Err(stopped) => return Err(fatal(stopped).into()),
    };
    Ok(members.map_err(temporary)?)
}

/// Takes the downloaded files as parts of the tar.
fn take_files(parts: &mut [Part], mends: &[Mend]) {
    for (_, name, file, identity) in mends {
        let Some(part) = parts.iter_mut().find(|part| part.name == *name) else { continue };
        part.bytes = identity.len();
        part.source = Source::File(file.clone(), *identity);
        // The new picture may be stored differently from the old one.
        part.sha256 = None;
        part.name = new_name(name, file);
    }
}

/// The name of a member when it has the format of this file.
fn new_name(name: &str, file: &Path) -> String {
    let ending = file.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
    ending.map_or(name.to_string(), |ending| format!("{}{ending}", key_of(name)))
}

fn settle(
    tool: &PackTar,
    tar: &Path,
    mends: &[Mend],
    members: &[Member],
    decisions: &mut Decisions,
) -> Result<(), FatalError> {
    if tool.settings.delete {
        tool.read_back(tar)?;
        tool.note(mends.iter().map(|mend| mend.0))?;
    }
    // The tar was made from intact pictures, so nothing in it is damaged now.
    Damage::default().clear(tar).map_err(FatalError::new)?;
    let place_of = Arc::new(tar.to_path_buf());
    for (row, name, file, identity) in mends {
        let key = key_of(name);
        let is_it =
            |member: &&Member| key_of(&member.name) == key && !member.name.ends_with(".json");
        if let Some(member) = members.iter().find(is_it) {
            let place = TarLocation::new(&place_of, member, None);
            decisions.set(*row as usize, &PackDecision::At(Status::Done, place))?;
        }
        if tool.settings.delete
            && let Some(why) = take_away(file, identity)?
        {
            decisions.set(*row as usize, &PackDecision::Failed(why))?;
        }
    }
    Ok(())
}

/// The members of a tar as parts of another.
pub fn parts_of(tar: &Path) -> Result<Vec<Part>, RowError> {
    let part = |member: Member| {
        let taken_ms = taken_ms(&member.row)?.unwrap_or(0);
        Ok(Part {
            name: member.name,
            bytes: member.bytes,
            modified_s: taken_ms.div_euclid(1000),
            source: Source::Packed(tar.to_path_buf(), member.offset),
            sha256: member.sha256,
            row: member.row,
            number: None,
        })
    };
    packed::read(tar)?.into_iter().map(part).collect()
}
