//! Writes the tars of all groups.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::case_twins::CaseTwins;
use super::decisions::Decisions;
use super::originals::take_away;
use super::row_decision::{PackDecision, TarLocation};
use super::samples::Samples;
use super::sidecar::sidecar_name;
use super::{Diagnostics, FatalError, PackOptions, PackTar, volumes};
use crate::archive::packed::{self, Lost, Part, PartStore, Source, Stopped, WrittenMembers};
use crate::disk::free_space;
use crate::disk::record_sorter::SortedRecords;
use crate::photo::row_store::temporary;
use crate::value::human_format::counted;
use crate::value::provenance::Status;

/// Writes the tars, and deletes the originals if requested. Only the samples of a shard are held.
///
/// # Errors
/// A tar cannot be written, or does not read back.
pub fn pack(
    tool: &PackTar,
    enlisted: &SortedRecords,
    decisions: &mut Decisions,
    notes: &dyn Diagnostics,
) -> Result<(), FatalError> {
    let PackOptions { into, by, webdataset, dry_run, .. } = &tool.settings;
    let mut samples = Samples::new(tool, enlisted);
    let mut twins = CaseTwins::new(*by, into)?;
    while let Some(group) = samples.group(decisions)?.map(String::from) {
        twins.add(&group, notes);
        for tar in volumes::free_names(into, &group, *webdataset) {
            let mut writer = TarWriter { tool, decisions, tar: Arc::new(tar), notes };
            let count = if *dry_run {
                writer.plan(&mut samples, &group)?
            } else {
                writer.write(&mut samples, &group)?
            };
            if count == 0 {
                break;
            }
        }
    }
    Ok(())
}

/// The error of a tar that could not be made, if it is not one of its parts.
pub fn fatal(stopped: Stopped) -> FatalError {
    match stopped {
        Stopped::Temporary(error) => temporary(error),
        stopped => FatalError::new(stopped),
    }
}

/// Writes one tar, and decides on its rows.
struct TarWriter<'a> {
    tool: &'a PackTar,
    decisions: &'a mut Decisions,
    tar: Arc<PathBuf>,
    notes: &'a dyn Diagnostics,
}

impl TarWriter<'_> {
    /// Decides as if the tar had been written; returns the number of its samples.
    fn plan(&mut self, samples: &mut Samples<'_>, group: &str) -> Result<usize, FatalError> {
        let (tar, mut files) = (&self.tar, 0);
        let count = samples.each_of_tar(group, self.decisions, |sample, decisions| {
            files += sample.parts().count();
            let place = TarLocation::planned(tar, &sample.part);
            settle(decisions, sample.part.number, &PackDecision::At(Status::Planned, place))
        })?;
        if files > 0 {
            let files = counted(files as u64, "files");
            self.notes.warn(&format!("would write '{}' of {files}", tar.display()));
        }
        Ok(count)
    }

    /// Writes the next samples; returns their number.
    fn write(&mut self, samples: &mut Samples<'_>, group: &str) -> Result<usize, FatalError> {
        let PackOptions { into, min_free_bytes, delete, tmp_dir, .. } = &self.tool.settings;
        let mut parts = PartStore::new(tmp_dir);
        let count = self.collect(samples, group, &mut parts)?;
        free_space::check(into, parts.padded(), *min_free_bytes).map_err(FatalError::new)?;
        while !parts.is_empty() {
            match packed::replace(&self.tar, &parts, &self.tool.settings.work) {
                Ok(written) => {
                    self.settle(&written)?;
                    self.notes.count("bytes", parts.bytes());
                    if *delete {
                        self.tool.read_back(&self.tar)?;
                        self.note(&parts)?;
                        self.take_away(&parts)?;
                    }
                    break;
                }
                // Pictures that were deleted in the meantime, say, fail alone.
                Err(Stopped::Parts(lost)) => parts = self.without(&parts, lost)?,
                Err(stopped) => return Err(fatal(stopped)),
            }
        }
        Ok(count)
    }

    /// Collects the parts of the tar, by their names. Samples come by the names of their pictures; those of a shard, which
    /// has few, are sorted together with their sidecars.
    fn collect(
        &mut self,
        samples: &mut Samples<'_>,
        group: &str,
        parts: &mut PartStore,
    ) -> Result<usize, FatalError> {
        let mut held: Vec<Part> = Vec::new();
        let count = samples.each_of_tar(group, self.decisions, |sample, _| {
            match sample.sidecar {
                None => parts.push(&sample.part).map_err(temporary)?,
                Some(sidecar) => held.extend([sample.part, sidecar]),
            }
            Ok(())
        })?;
        held.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        parts.extend(&held).map_err(temporary)?;
        Ok(count)
    }

    /// Decides that parts failed; returns the others, without the sidecars of those. Both lists have the same order.
    fn without(&mut self, parts: &PartStore, lost: Lost) -> Result<PartStore, FatalError> {
        let (mut lost, mut names) = (lost.into_iter().peekable(), HashSet::new());
        for (at, part) in parts.parts_without_rows().enumerate() {
            let part = part.map_err(temporary)?;
            let Some((_, why)) = lost.next_if(|(lost, _)| *lost == at) else { continue };
            settle(self.decisions, part.number, &PackDecision::Failed(why.to_string()))?;
            names.extend([sidecar_name(&part.name), part.name]);
        }
        parts.only(|part| !names.contains(&part.name)).map_err(temporary)
    }

    fn settle(&mut self, written: &WrittenMembers<'_>) -> Result<(), FatalError> {
        for member in written.members() {
            let (number, member) = member.map_err(temporary)?;
            let place = TarLocation::new(&self.tar, &member, written.fault_of(number));
            settle(self.decisions, number, &PackDecision::At(Status::Done, place))?;
        }
        Ok(())
    }

    fn note(&self, parts: &PartStore) -> Result<(), FatalError> {
        let mut fault = Ok(());
        let numbers = parts.parts_without_rows().map_while(|part| match part {
            Ok(part) => Some(part.number),
            Err(error) => {
                fault = Err(temporary(error));
                None
            }
        });
        self.tool.note(numbers.flatten())?;
        fault
    }

    fn take_away(&mut self, parts: &PartStore) -> Result<(), FatalError> {
        for part in parts.parts_without_rows() {
            let part = part.map_err(temporary)?;
            if let Source::File(file, packed) = &part.source
                && let Some(why) = take_away(file, packed)?
            {
                settle(self.decisions, part.number, &PackDecision::Failed(why))?;
            }
        }
        Ok(())
    }
}

/// Decides on the row of a picture; a sidecar has none.
fn settle(
    decisions: &mut Decisions,
    row: Option<u32>,
    decision: &PackDecision,
) -> Result<(), FatalError> {
    row.map_or(Ok(()), |row| decisions.set(row as usize, decision))
}
