//! The pictures of one group: enlisted by name, then written as its tars.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decision::{Fate, TarLocation};
use super::{Diagnostics, FatalError, PackOptions, PackTar, naming, take_away, volumes};
use crate::archive::packed::{self, Part, Source, Stopped};
use crate::disk::free_space;
use crate::disk::locked_file::{Identity, identity_of};
use crate::disk::{Action, AtPath};
use crate::photo::row_store::RowCursor;
use crate::photo::taken::taken_ms;
use crate::row::{Field, Row, json};
use crate::shape::RowError;
use crate::value::human_format::counted;
use crate::value::provenance::Status;

/// Groups by name.
pub type Groups = BTreeMap<String, PackGroup>;

/// The pictures of a group by what must be theirs alone: the name in the tar,
/// without its ending where that of the sidecar takes its place.
#[derive(Default)]
pub struct PackGroup(BTreeMap<Box<str>, New>);

/// A row that becomes a member.
struct New {
    row: u32,
    /// Whether it is the WebP beside the path of the row.
    is_webp: bool,
    identity: Identity,
}

/// Puts a row under its group, unless its name is taken there.
///
/// # Errors
/// Of the temporary file.
pub fn enlist(
    tool: &PackTar,
    at: usize,
    row: &Row,
    file: &Path,
    groups: &mut Groups,
) -> Result<Fate, FatalError> {
    let settings = &tool.settings;
    let (group, name, identity) = match named(settings, row, file) {
        Ok(named) => named,
        Err(what) => return Ok(Fate::Failed(what.to_string())),
    };
    let key = if settings.webdataset { key_of(&name) } else { &*name };
    let PackGroup(group) = groups.entry(group).or_default();
    let Some(first) = group.get(key) else {
        let is_webp = row.get(Field::Path) != file.to_str();
        // No more rows than a number of four bytes tells.
        group.insert(key.into(), New { row: at as u32, is_webp, identity });
        return Ok(Fate::Waiting);
    };
    let first_file = first.file(&RowCursor::default().get(&tool.rows, first.row as usize)?);
    if first_file == file {
        return Ok(Fate::Same(first.row as usize));
    }
    let taken = format!("its name '{name}' in the tar is taken by '{}'", first_file.display());
    Ok(Fate::Failed(taken))
}

/// The group, the name in its tar, and the file as it is now.
fn named(
    settings: &PackOptions,
    row: &Row,
    file: &Path,
) -> Result<(String, String, Identity), RowError> {
    let group = naming::group(settings.by, row)?;
    let name = name_in(settings, &group, row, file)?;
    let identity = identity_of(file).at_path(Action::Open, file)?;
    taken_ms(row)?;
    Ok((group, name, identity))
}

fn name_in(
    settings: &PackOptions,
    group: &str,
    row: &Row,
    file: &Path,
) -> Result<String, RowError> {
    let name = naming::member(settings.by, group, row, file)?;
    Ok(if settings.webdataset { naming::with_plain_stem(&name) } else { name })
}

/// A picture with its name in the tar, and with how much is beside it.
struct Sample {
    name: Box<str>,
    new: New,
    sidecar_bytes: Option<u64>,
}

impl Sample {
    /// What its parts take in a tar.
    fn stored_bytes(&self) -> u64 {
        let all = [Some(self.new.identity.len()), self.sidecar_bytes];
        all.into_iter().flatten().map(volumes::stored_bytes).sum()
    }
}

impl New {
    fn file(&self, row: &Row) -> PathBuf {
        let path = PathBuf::from(row.get(Field::Path).unwrap_or_default());
        if self.is_webp { path.with_extension("webp") } else { path }
    }

    fn part(&self, settings: &PackOptions, group: &str, row: Row) -> Result<Part, RowError> {
        let file = self.file(&row);
        let name = name_in(settings, group, &row, &file)?;
        let modified_s = taken_ms(&row)?.unwrap_or(0).div_euclid(1000);
        let (bytes, source) = (self.identity.len(), Source::File(file, self.identity));
        Ok(Part { name, bytes, modified_s, source, sha256: None, row: Arc::new(row) })
    }
}

impl PackGroup {
    /// Writes the tars, and takes the originals away if that is asked. The rows of one tar are held.
    pub fn pack(
        self,
        name: &str,
        tool: &PackTar,
        fates: &mut [Fate],
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let PackOptions { into, webdataset, max_bytes, .. } = &tool.settings;
        let samples = self.samples(name, tool, fates)?;
        let cut = volumes::Cut { max_bytes: *max_bytes, is_webdataset: *webdataset };
        let names = volumes::free_names(into, name, *webdataset);
        for (tar, samples) in names.zip(volumes::cut(samples, Sample::stored_bytes, cut)) {
            let rows: BTreeMap<_, _> =
                samples.iter().map(|sample| (sample.name.clone(), sample.new.row)).collect();
            let parts = parts(samples, name, tool, fates)?;
            let mut settle = |fate_of: &str, fate| {
                if let Some(&row) = rows.get(fate_of) {
                    fates[row as usize] = fate;
                }
            };
            if tool.settings.dry_run {
                plan(&tar, &parts, &mut settle, notes);
            } else {
                write(tool, &tar, parts, &mut settle, notes)?;
            }
        }
        Ok(())
    }

    /// The pictures by their names. How long the sidecars are tells where tars end.
    fn samples(
        self,
        group: &str,
        tool: &PackTar,
        fates: &mut [Fate],
    ) -> Result<Vec<Sample>, FatalError> {
        let named = self.0.into_iter();
        if !tool.settings.webdataset {
            let sample = |(name, new)| Sample { name, new, sidecar_bytes: None };
            return Ok(named.map(sample).collect());
        }
        let (mut samples, mut cursor) = (Vec::new(), RowCursor::default());
        for (_, new) in named {
            let at = new.row as usize;
            match new.part(&tool.settings, group, cursor.get(&tool.rows, at)?) {
                Ok(part) => {
                    let sidecar_bytes = Some(sidecar(&part).bytes);
                    samples.push(Sample { name: part.name.into(), new, sidecar_bytes });
                }
                Err(what) => fates[at] = Fate::Failed(what.to_string()),
            }
        }
        samples.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        Ok(samples)
    }
}

/// The members of one tar, in their order.
fn parts(
    samples: Vec<Sample>,
    group: &str,
    tool: &PackTar,
    fates: &mut [Fate],
) -> Result<Vec<Part>, FatalError> {
    let (mut parts, mut cursor) = (Vec::with_capacity(samples.len()), RowCursor::default());
    for Sample { new, .. } in samples {
        let at = new.row as usize;
        match new.part(&tool.settings, group, cursor.get(&tool.rows, at)?) {
            Ok(part) => {
                let sidecar = tool.settings.webdataset.then(|| sidecar(&part));
                parts.push(part);
                parts.extend(sidecar);
            }
            Err(what) => fates[at] = Fate::Failed(what.to_string()),
        }
    }
    parts.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    Ok(parts)
}

fn plan(tar: &Path, parts: &[Part], settle: &mut impl FnMut(&str, Fate), notes: &dyn Diagnostics) {
    let files = counted(parts.len() as u64, "files");
    notes.warn(&format!("would write '{}' of {files}", tar.display()));
    for part in parts {
        settle(&part.name, Fate::at(Status::Planned, TarLocation::planned(tar, part)));
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
        settle(&member.name, Fate::at(Status::Done, TarLocation::new(tar, member)));
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
