//! The pictures of one group: enlisted by name, then written as its tars.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decision::{Fate, TarLocation};
use super::{Diagnostics, FatalError, PackOptions, PackTar, naming, take_away, volumes};
use crate::archive::packed::{self, Part, Source, Stopped};
use crate::disk::free_space;
use crate::disk::locked_file::identity_of;
use crate::disk::{Action, AtPath};
use crate::photo::taken::taken_ms;
use crate::row::{Field, Row, json};
use crate::shape::RowError;
use crate::value::provenance::Status;

/// Groups by name.
pub type Groups = BTreeMap<String, PackGroup>;

/// The pictures of a group by what must be theirs alone: the name in the tar,
/// without its ending where that of the sidecar takes its place.
#[derive(Default)]
pub struct PackGroup(BTreeMap<String, New>);

/// A row that becomes a member.
struct New {
    row: usize,
    part: Part,
}

/// Puts a row under its group, unless its name is taken there.
pub fn enlist(
    settings: &PackOptions,
    at: usize,
    row: &Arc<Row>,
    file: PathBuf,
    groups: &mut Groups,
) -> Fate {
    let (group, part) = match named(settings, row, file) {
        Ok(named) => named,
        Err(what) => return Fate::Failed(what.to_string()),
    };
    let key = if settings.webdataset { key_of(&part.name).to_string() } else { part.name.clone() };
    let PackGroup(group) = groups.entry(group).or_default();
    let Some(first) = group.get(&key) else {
        group.insert(key, New { row: at, part });
        return Fate::Waiting;
    };
    match (&first.part.source, &part.source) {
        (Source::File(first_file, _), Source::File(file, _)) if first_file != file => Fate::Failed(
            format!("its name '{}' in the tar is taken by '{}'", part.name, first_file.display()),
        ),
        _ => Fate::Same(first.row),
    }
}

fn named(
    settings: &PackOptions,
    row: &Arc<Row>,
    file: PathBuf,
) -> Result<(String, Part), RowError> {
    let group = naming::group(settings.by, row)?;
    let mut name = naming::member(settings.by, &group, row, &file)?;
    if settings.webdataset {
        name = naming::with_plain_stem(&name);
    }
    let identity = identity_of(&file).at_path(Action::Open, &file)?;
    let bytes = identity.len();
    let modified_s = taken_ms(row)?.unwrap_or(0).div_euclid(1000);
    let (source, row) = (Source::File(file, identity), Arc::clone(row));
    Ok((group, Part { name, bytes, modified_s, source, sha256: None, row }))
}

impl PackGroup {
    /// Writes the tars, and takes the originals away if that is asked.
    pub fn pack(
        self,
        name: &str,
        tool: &PackTar,
        fates: &mut [Fate],
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let PackOptions { into, webdataset, max_bytes, .. } = &tool.settings;
        let mut rows = BTreeMap::new();
        let mut parts = Vec::new();
        for New { row, part } in self.0.into_values() {
            rows.insert(part.name.clone(), row);
            let sidecar = webdataset.then(|| sidecar(&part));
            parts.push(part);
            parts.extend(sidecar);
        }
        parts.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        let cut = volumes::Cut { max_bytes: *max_bytes, is_webdataset: *webdataset };
        let names = volumes::free_names(into, name, *webdataset);
        let mut settle = |fate_of: &str, fate| {
            if let Some(&row) = rows.get(fate_of) {
                fates[row] = fate;
            }
        };
        for (tar, parts) in names.zip(volumes::cut(parts, cut)) {
            if tool.settings.dry_run {
                plan(&tar, &parts, &mut settle, notes);
            } else {
                write(tool, &tar, parts, &mut settle, notes)?;
            }
        }
        Ok(())
    }
}

fn plan(tar: &Path, parts: &[Part], settle: &mut impl FnMut(&str, Fate), notes: &dyn Diagnostics) {
    notes.warn(&format!("would write '{}' of {} files", tar.display(), parts.len()));
    for part in parts {
        settle(&part.name, Fate::At(Status::Planned, TarLocation::planned(tar, part)));
    }
}

fn write(
    tool: &PackTar,
    tar: &Path,
    mut parts: Vec<Part>,
    settle: &mut impl FnMut(&str, Fate),
    notes: &dyn Diagnostics,
) -> Result<(), FatalError> {
    let bytes: u64 = parts.iter().map(Part::padded).sum();
    free_space::check(&tool.settings.into, bytes, tool.settings.min_free_bytes)
        .map_err(FatalError::new)?;
    let members = loop {
        if parts.is_empty() {
            return Ok(());
        }
        match packed::replace(tar, &parts, &tool.settings.work) {
            Ok(members) => break members,
            // A picture that went away meanwhile fails alone.
            Err(Stopped::Part(at, what)) => {
                let lost = parts.remove(at).name;
                parts.retain(|part| part.name != sidecar_name(&lost));
                settle(&lost, Fate::Failed(what.to_string()));
            }
            Err(stopped) => return Err(FatalError::new(stopped)),
        }
    };
    notes.count("bytes", parts.iter().map(|part| part.bytes).sum());
    for member in &members {
        settle(&member.name, Fate::At(Status::Done, TarLocation::new(tar, member)));
    }
    if tool.settings.delete {
        tool.read_back(tar)?;
        for part in &parts {
            if let Source::File(file, packed) = &part.source
                && let Some(why) = take_away(file, packed)?
            {
                settle(&part.name, Fate::Failed(why));
            }
        }
    }
    Ok(())
}

/// The row of a picture as a file beside it, as readers of WebDataset want it.
pub fn sidecar(part: &Part) -> Part {
    let mut row = Row::from_cells(&[]);
    for (column, text, raw) in packed::lasting(&part.row) {
        row.set_column(column, text, raw);
    }
    let mut text = Vec::new();
    json::Writer::new(&[], &[]).write(&row, &mut text);
    let (name, bytes) = (sidecar_name(&part.name), text.len() as u64);
    // Its line in the index tells its time, as that of the picture does.
    let times = [Field::CapturedAt, Field::TakenAt];
    let times: Vec<_> =
        times.iter().filter_map(|&field| Some((field, part.row.get(field)?))).collect();
    let row = Arc::new(Row::from_cells(&times));
    Part { name, bytes, source: Source::Memory(text), row, ..part.clone() }
}

fn sidecar_name(name: &str) -> String {
    format!("{}.json", key_of(name))
}

/// The name without its ending.
pub fn key_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(key, _)| key)
}
