//! Writes the tars of all groups.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::decisions::Decisions;
use super::originals::take_away;
use super::row_decision::{PackDecision, TarLocation};
use super::samples::{Sample, Samples};
use super::sidecar::sidecar_name;
use super::{Diagnostics, FatalError, PackOptions, PackTar, volumes};
use crate::archive::packed::{self, Part, Source, Stopped};
use crate::disk::free_space;
use crate::disk::record_sorter::SortedRecords;
use crate::value::human_format::counted;
use crate::value::provenance::Status;

/// Writes the tars, and deletes the originals if requested. The rows of one tar are held.
///
/// # Errors
/// A tar cannot be written, or does not read back.
pub fn pack(
    tool: &PackTar,
    enlisted: &SortedRecords,
    decisions: &mut Decisions,
    notes: &dyn Diagnostics,
) -> Result<(), FatalError> {
    let PackOptions { into, webdataset, dry_run, .. } = &tool.settings;
    let mut samples = Samples::new(tool, enlisted);
    while let Some(group) = samples.group(decisions)?.map(String::from) {
        for tar in volumes::free_names(into, &group, *webdataset) {
            let of_tar = samples.of_tar(&group, decisions)?;
            if of_tar.is_empty() {
                break;
            }
            let (parts, rows) = parts(of_tar);
            let mut settler = Settler { decisions, rows, tar: Arc::new(tar) };
            if *dry_run {
                settler.plan(&parts, notes)?;
            } else {
                settler.write(tool, parts, notes)?;
            }
        }
    }
    Ok(())
}

/// The members of one tar, in their order, and the rows of the pictures among them.
fn parts(samples: Vec<Sample>) -> (Vec<Part>, HashMap<String, u32>) {
    let (mut parts, mut rows) = (Vec::with_capacity(samples.len()), HashMap::new());
    for Sample { row, part, sidecar } in samples {
        rows.insert(part.name.clone(), row);
        parts.push(part);
        parts.extend(sidecar);
    }
    parts.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    (parts, rows)
}

/// Decides on the rows of one tar.
struct Settler<'a> {
    decisions: &'a mut Decisions,
    /// Rows by the names of their pictures.
    rows: HashMap<String, u32>,
    tar: Arc<PathBuf>,
}

impl Settler<'_> {
    fn settle(&mut self, name: &str, decision: &PackDecision) -> Result<(), FatalError> {
        match self.rows.get(name) {
            Some(&row) => self.decisions.set(row as usize, decision),
            None => Ok(()),
        }
    }

    fn plan(&mut self, parts: &[Part], notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let files = counted(parts.len() as u64, "files");
        notes.warn(&format!("would write '{}' of {files}", self.tar.display()));
        for part in parts {
            let place = TarLocation::planned(&self.tar, part);
            self.settle(&part.name, &PackDecision::At(Status::Planned, place))?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        tool: &PackTar,
        mut parts: Vec<Part>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let bytes: u64 = parts.iter().map(Part::padded).sum();
        free_space::check(&tool.settings.into, bytes, tool.settings.min_free_bytes)
            .map_err(FatalError::new)?;
        let members = loop {
            if parts.is_empty() {
                return Ok(());
            }
            match packed::replace(&self.tar, &parts, &tool.settings.work) {
                Ok(members) => break members,
                // A picture that was deleted in the meantime fails alone.
                Err(Stopped::Part(at, what)) => {
                    let lost = parts.remove(at).name;
                    parts.retain(|part| part.name != sidecar_name(&lost));
                    self.settle(&lost, &PackDecision::Failed(what.to_string()))?;
                }
                Err(stopped) => return Err(FatalError::new(stopped)),
            }
        };
        notes.count("bytes", parts.iter().map(|part| part.bytes).sum());
        for member in &members {
            let place = TarLocation::new(&self.tar, member);
            self.settle(&member.name, &PackDecision::At(Status::Done, place))?;
        }
        if tool.settings.delete {
            tool.read_back(&self.tar)?;
            self.take_away(&parts)?;
        }
        Ok(())
    }

    fn take_away(&mut self, parts: &[Part]) -> Result<(), FatalError> {
        for part in parts {
            if let Source::File(file, packed) = &part.source
                && let Some(why) = take_away(file, packed)?
            {
                self.settle(&part.name, &PackDecision::Failed(why))?;
            }
        }
        Ok(())
    }
}
