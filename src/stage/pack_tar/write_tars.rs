//! The pictures of a group as its tars.

use std::collections::BTreeMap;
use std::path::Path;

use super::group::{New, PackGroup};
use super::originals::take_away;
use super::row_decision::{PackDecision, TarLocation};
use super::sidecar::{sidecar, sidecar_name};
use super::{Diagnostics, FatalError, PackOptions, PackTar, volumes};
use crate::archive::packed::{self, Part, Source, Stopped};
use crate::disk::free_space;
use crate::photo::row_store::RowCursor;
use crate::value::human_format::counted;
use crate::value::provenance::Status;

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

impl PackGroup {
    /// Writes the tars, and takes the originals away if that is asked. The rows of one tar are held.
    pub fn pack(
        self,
        name: &str,
        tool: &PackTar,
        fates: &mut [PackDecision],
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
        fates: &mut [PackDecision],
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
                Err(what) => fates[at] = PackDecision::Failed(what.to_string()),
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
    fates: &mut [PackDecision],
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
            Err(what) => fates[at] = PackDecision::Failed(what.to_string()),
        }
    }
    parts.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    Ok(parts)
}

fn plan(
    tar: &Path,
    parts: &[Part],
    settle: &mut impl FnMut(&str, PackDecision),
    notes: &dyn Diagnostics,
) {
    let files = counted(parts.len() as u64, "files");
    notes.warn(&format!("would write '{}' of {files}", tar.display()));
    for part in parts {
        settle(&part.name, PackDecision::at(Status::Planned, TarLocation::planned(tar, part)));
    }
}

fn write(
    tool: &PackTar,
    tar: &Path,
    mut parts: Vec<Part>,
    settle: &mut impl FnMut(&str, PackDecision),
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
                settle(&lost, PackDecision::Failed(what.to_string()));
            }
            Err(stopped) => return Err(FatalError::new(stopped)),
        }
    };
    notes.count("bytes", parts.iter().map(|part| part.bytes).sum());
    for member in &members {
        settle(&member.name, PackDecision::at(Status::Done, TarLocation::new(tar, member)));
    }
    if tool.settings.delete {
        tool.read_back(tar)?;
        for part in &parts {
            if let Source::File(file, packed) = &part.source
                && let Some(why) = take_away(file, packed)?
            {
                settle(&part.name, PackDecision::Failed(why));
            }
        }
    }
    Ok(())
}
