//! pack-tar: pictures into tars that are the same bytes whenever they are
//! made from the same rows.
//!
//! It holds all rows to the end, since a group's pictures may stand anywhere
//! among them; the pictures themselves go through in small parts.

mod fate;
mod mend;
mod naming;
mod tars;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fate::{Fate, Held, Place};
pub use naming::{By, taken_ms};

use super::{Fault, Notes, Outcome, Scan, Shape};
use crate::disk::locate::{Locator, Tars};
use crate::disk::packed::{self, Checker, Part, Source, Stopped, Work};
use crate::disk::replace::sync_folder;
use crate::row::{Field, Row, json};

/// What pack-tar is asked to do.
#[derive(Debug, Clone)]
pub struct Settings {
    pub into: PathBuf,
    pub by: By,
    pub max_bytes: Option<u64>,
    pub webdataset: bool,
    /// Take the originals away, once the tar was read back.
    pub delete: bool,
    pub force: bool,
    pub dry_run: bool,
    /// Join the addenda of the groups.
    pub repack: bool,
    /// Put pictures fetched anew in place of damaged members.
    pub repair: bool,
    pub work: Work,
}

/// See the module's text.
pub struct PackTar {
    settings: Settings,
    rows: Vec<Row>,
}

/// A row that becomes a member.
struct New {
    row: usize,
    file: PathBuf,
    part: Part,
}

impl PackTar {
    pub fn new(settings: Settings) -> PackTar {
        PackTar { settings, rows: Vec::new() }
    }

    /// What becomes of each row, and the groups that are to be written.
    fn plan(&self) -> Result<(Vec<Fate>, Groups), Fault> {
        let into = &self.settings.into;
        let all = self.settings.repair.then(|| Tars::read_all(into)).transpose().map_err(Fault)?;
        let sound = Tars::read(into).map_err(Fault)?;
        let held = Held { sound, all, elsewhere: Locator::default() };
        let mut groups = Groups::default();
        let mut fates = Vec::with_capacity(self.rows.len());
        for (at, row) in self.rows.iter().enumerate() {
            let fate = fate::of(row, &held, &self.settings);
            let fate = match fate {
                Fate::New(file) => self.enlist(at, row, file, &mut groups),
                fate => fate,
            };
            fates.push(fate);
        }
        Ok((fates, groups))
    }

    /// Puts a row under its group, unless its name is taken there.
    fn enlist(&self, at: usize, row: &Row, file: PathBuf, groups: &mut Groups) -> Fate {
        let named = naming::group(self.settings.by, row).and_then(|group| {
            let name = naming::member(self.settings.by, &group, row, &file)?;
            let webdataset = self.settings.webdataset;
            Ok((group, if webdataset { naming::with_plain_stem(&name) } else { name }))
        });
        let (group, name) = match named {
            Ok(named) => named,
            Err(what) => return Fate::Failed(what),
        };
        let known = || -> Result<(u64, i64), String> {
            let wrong = |error| format!("cannot open '{}': {error}", file.display());
            let taken_ms = naming::taken_ms(row)?.unwrap_or(0);
            Ok((fs::metadata(&file).map_err(wrong)?.len(), taken_ms.div_euclid(1000)))
        };
        let (bytes, modified_s) = match known() {
            Ok(known) => known,
            Err(what) => return Fate::Failed(what),
        };
        let key = match self.settings.webdataset {
            true => name.rsplit_once('.').map_or(name.as_str(), |(key, _)| key).to_string(),
            false => name.clone(),
        };
        let group = groups.entry(group).or_default();
        if let Some(first) = group.get(&key) {
            return match first.file == file {
                true => Fate::Same(first.row),
                false => Fate::Failed(format!(
                    "its name '{name}' in the tar is taken by '{}'",
                    first.file.display()
                )),
            };
        }
        let source = Source::File(file.clone());
        let part = Part { name, bytes, modified_s, source, sha256: None, row: row.clone() };
        group.insert(key, New { row: at, file, part });
        Fate::Waiting
    }

    /// Writes a group's tars, and takes its originals away if that is asked.
    fn pack(
        &self,
        group: &str,
        new: BTreeMap<String, New>,
        fates: &mut [Fate],
        notes: &dyn Notes,
    ) -> Result<(), Fault> {
        let Settings { into, webdataset, max_bytes, .. } = &self.settings;
        let mut rows = BTreeMap::new();
        let mut parts = Vec::new();
        for (_, New { row, part, .. }) in new {
            rows.insert(part.name.clone(), row);
            let sidecar = webdataset.then(|| sidecar(&part));
            parts.push(part);
            parts.extend(sidecar);
        }
        parts.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        let cut = tars::Cut { max_bytes: *max_bytes, is_webdataset: *webdataset };
        let mut names = tars::free_names(into, group, *webdataset);
        for parts in tars::cut(parts, cut) {
            let Some(tar) = names.next() else { break };
            if self.settings.dry_run {
                notes.warn(&format!("would write '{}' of {} files", tar.display(), parts.len()));
                for part in &parts {
                    if let Some(&row) = rows.get(&part.name) {
                        fates[row] = Fate::At("done", Place::planned(&tar, part));
                    }
                }
                continue;
            }
            self.write(&tar, parts, &rows, fates, notes)?;
        }
        Ok(())
    }

    fn write(
        &self,
        tar: &Path,
        mut parts: Vec<Part>,
        rows: &BTreeMap<String, usize>,
        fates: &mut [Fate],
        notes: &dyn Notes,
    ) -> Result<(), Fault> {
        let members = loop {
            if parts.is_empty() {
                return Ok(());
            }
            match packed::replace(tar, &parts, &self.settings.work) {
                Ok(members) => break members,
                Err(Stopped::Tar(what)) => return Err(Fault(what)),
                // A picture that went away meanwhile fails alone.
                Err(Stopped::Part(at, what)) => {
                    let lost = parts.remove(at).name;
                    parts.retain(|part| part.name != sidecar_name(&lost));
                    if let Some(&row) = rows.get(&lost) {
                        fates[row] = Fate::Failed(what);
                    }
                }
            }
        };
        if self.settings.delete {
            self.read_back(tar)?;
            for part in &parts {
                if let Source::File(file) = &part.source {
                    remove(file).map_err(Fault)?;
                }
            }
        }
        notes.count("bytes", parts.iter().map(|part| part.bytes).sum());
        for member in &members {
            if let Some(&row) = rows.get(&member.name) {
                fates[row] = Fate::At("done", Place::of(tar, member));
            }
        }
        Ok(())
    }

    /// Before an original goes: all is on disk, and every digest matches.
    fn read_back(&self, tar: &Path) -> Result<(), Fault> {
        let wrong = |what: String| Fault(format!("'{}' did not read back: {what}", tar.display()));
        packed::sync(tar).map_err(|error| wrong(error.to_string()))?;
        let checker = Checker::open(tar).map_err(wrong)?;
        checker.check_all(&self.settings.work).map_err(wrong)
    }

    fn work(&mut self, fates: &mut Vec<Fate>, notes: &dyn Notes) -> Result<(), Fault> {
        if !self.settings.dry_run {
            packed::settle(&self.settings.into).map_err(Fault)?;
        }
        let (planned, groups) = self.plan()?;
        *fates = planned;
        if self.settings.repair && !self.settings.dry_run {
            mend::repair(self, fates, notes)?;
        }
        for (group, new) in groups {
            self.pack(&group, new, fates, notes)?;
        }
        if self.settings.repack && !self.settings.dry_run {
            mend::repack(self, notes)?;
        }
        match self.settings.dry_run || !self.settings.into.exists() {
            true => Ok(()),
            false => sync_folder(&self.settings.into).map_err(|error| {
                Fault(format!("cannot sync '{}': {error}", self.settings.into.display()))
            }),
        }
    }
}

/// Groups by name, and in each its pictures by theirs.
type Groups = BTreeMap<String, BTreeMap<String, New>>;

impl Scan for PackTar {
    fn shape(&self) -> Shape {
        let sets = [Field::Archive, Field::Member, Field::Bytes, Field::Sha256, Field::Status];
        Shape {
            needs: vec![vec![Field::Path, Field::Archive]],
            sets: sets.map(Into::into).to_vec(),
            drops: vec![Field::Path],
            ..Shape::default()
        }
    }

    fn push(&mut self, row: Row, _: &mut Vec<Outcome>, _: &dyn Notes) -> Result<(), Fault> {
        self.rows.push(row);
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Notes) -> Result<(), Fault> {
        let mut fates = Vec::new();
        let worked = self.work(&mut fates, notes);
        let places: Vec<_> = fates.iter().map(Fate::place).collect();
        for (row, fate) in std::mem::take(&mut self.rows).into_iter().zip(&fates) {
            out.extend(fate.outcome(row, &places));
        }
        worked
    }
}

/// The row of a picture as a file beside it, as readers of WebDataset want it.
fn sidecar(part: &Part) -> Part {
    let mut row = Row::of(&[]);
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
    Part { name, bytes, source: Source::Memory(text), row: Row::of(&times), ..part.clone() }
}

fn sidecar_name(name: &str) -> String {
    format!("{}.json", name.rsplit_once('.').map_or(name, |(key, _)| key))
}

fn remove(file: &Path) -> Result<(), String> {
    fs::remove_file(file).map_err(|error| format!("cannot remove '{}': {error}", file.display()))
}
