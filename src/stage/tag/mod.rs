//! From a row to the tags of its picture: what every tool does that writes
//! into pictures. Whatever is not being set stays bit for bit.

mod compare;
mod edits;
mod options;
mod target;
mod wanted;
mod written;

use std::path::{Path, PathBuf};

use crate::disk::locate::{Found, Locator};
use crate::format::container::Piece;
use crate::format::picture::{Facts, Picture};
use crate::format::xmp::{self, Packet};
use crate::row::{Column, Field, Row};
use crate::stage::camera::{self, Camera};

use super::{Notes, Outcome};
use compare::{Says, Verdict};
use edits::Edits;
pub use options::{Group, Options, SidecarName, Source, ZoneFor};
pub use target::Target;
use wanted::Wanted;
pub use written::Written;

/// Writes what rows say into their pictures. Shared by all threads.
pub struct Tagger {
    options: Options,
    target: Target,
    locator: Locator,
}

/// The columns that tagging sets.
pub fn columns() -> Vec<Column> {
    [Field::Path, Field::Bytes, Field::Status].map(Column::from).to_vec()
}

/// What became of one picture.
enum Done {
    Written { path: PathBuf, bytes: Option<u64> },
    Kept { path: PathBuf },
    Would,
}

impl Tagger {
    pub fn new(options: Options) -> Tagger {
        let target = Target::new(&options);
        Tagger { options, target, locator: Locator::default() }
    }

    /// Brings one row's picture up to the row, wherever it is now. Packed
    /// pictures pass as `kept`.
    pub fn tag(&self, mut row: Row, notes: &dyn Notes) -> Outcome {
        match self.try_tag(&mut row, notes) {
            Ok(()) => Outcome::Rows(vec![row]),
            Err(what) => Outcome::Failed(row, what),
        }
    }

    fn try_tag(&self, row: &mut Row, notes: &dyn Notes) -> Result<(), String> {
        let Some(path) = row.get(Field::Path).map(PathBuf::from) else {
            row.set(Field::Status, "kept");
            return Ok(());
        };
        let (found, place) = self.find(row, &path)?;
        match &found {
            Found::Packed(_) => {
                found.tell(row);
                row.set(Field::Status, "kept");
            }
            Found::File(path) => {
                let (done, held) = self.tag_file(path, place, row, notes)?;
                found.tell(row);
                report(row, done, held);
            }
        }
        Ok(())
    }

    /// Where the picture is, and where it is to be. What was made in a folder
    /// earlier is the picture now, whatever became of it since.
    fn find(&self, row: &Row, path: &Path) -> Result<(Found, PathBuf), String> {
        let place = self.target.place(path)?;
        if let Some(into) = self.target.kept_in().filter(|_| !place.exists()) {
            match self.locator.find_below(row, &place, into)? {
                Some(Found::File(made)) => return Ok((Found::File(made.clone()), made)),
                Some(packed) => return Ok((packed, place)),
                None => {}
            }
        }
        let found = self.locator.find_or_say(row)?;
        let place = match &found {
            Found::File(now) if now != path => self.target.place(now)?,
            _ => place,
        };
        Ok((found, place))
    }

    fn tag_file(
        &self,
        path: &Path,
        place: PathBuf,
        row: &Row,
        notes: &dyn Notes,
    ) -> Result<(Done, bool), String> {
        let wanted = Wanted::of(row, &self.options, notes)?;
        let wrong = |error: String| format!("cannot read '{}': {error}", path.display());
        let mut picture =
            Picture::open(camera::open(path)?).map_err(|error| wrong(error.to_string()))?;
        let facts = picture.facts().map_err(|error| wrong(error.to_string()))?;
        let is_written = picture.kind.is_written();
        let sidecar = if is_written { None } else { camera::sidecar(path) };
        let packet = sidecar.as_deref().map(xmp::read);
        let (edits, groups, held) = self.edits(&wanted, &facts, packet.as_ref())?;
        if held {
            notes.once(
                "another value stands in some files and was left alone: --overwrite replaces it",
            );
        }
        let whole = || picture_len(path).map(|len| vec![Piece::Original(0..len)]);
        let wrong = |error: String| format!("cannot tag '{}': {error}", path.display());
        let pieces = match (is_written, edits.is_empty()) {
            (true, false) => {
                let twins = edits.twins.into_iter().filter(|twin| stands(&facts.xmp, twin));
                let xmp: Vec<xmp::Edit> = edits.xmp.into_iter().chain(twins).collect();
                picture.edit(&edits.exif, &xmp).map_err(|error| wrong(error.to_string()))?
            }
            (false, false) => {
                let xmp = [edits.xmp, edits.twins].concat();
                let new = xmp::edit(sidecar.as_deref(), &xmp).map_err(|error| {
                    format!("cannot change the sidecar of '{}': {error}", path.display())
                })?;
                let done = self.target.write_sidecar(path, &place, new.or(sidecar), &whole()?)?;
                return Ok((self.said(done, path, &groups, notes), held));
            }
            _ => None,
        };
        let done = match pieces {
            None if place == path => Done::Kept { path: place },
            None => self.target.write(path, &place, &whole()?)?,
            Some(pieces) => self.target.write(path, &place, &pieces)?,
        };
        Ok((self.said(done, path, &groups, notes), held))
    }

    /// What is to be set, in which groups, and whether any was held.
    fn edits(
        &self,
        wanted: &Wanted,
        facts: &Facts,
        sidecar: Option<&Packet>,
    ) -> Result<(Edits, Vec<Group>, bool), String> {
        let camera = Camera::of(facts, sidecar);
        let found = Says { camera: &camera, facts };
        let (mut edits, mut groups, mut held) = (Edits::default(), Vec::new(), false);
        for group in Group::ALL {
            match found.verdict(group, wanted, &self.options)? {
                Verdict::Right => {}
                Verdict::Held => held = true,
                Verdict::Write => {
                    groups.push(group);
                    add(group, wanted, facts, &mut edits);
                }
            }
        }
        edits.raise_version(facts.exif.version.as_deref());
        let turned = groups.contains(&Group::Direction);
        let is_pano = camera.is_pano || groups.contains(&Group::Pano);
        let heading = match turned {
            true => wanted.direction.as_ref().map(|heading| heading.direction),
            false => camera.direction.filter(|_| groups.contains(&Group::Pano)),
        };
        if let Some(heading) = heading.filter(|heading| is_pano && !heading.magnetic) {
            edits.pano_heading(heading.deg);
        }
        Ok((edits, groups, held))
    }

    fn said(&self, done: Done, path: &Path, groups: &[Group], notes: &dyn Notes) -> Done {
        if matches!(done, Done::Would) {
            let words: Vec<&str> = groups.iter().map(|group| group.word()).collect();
            let what = if words.is_empty() { "copy it".into() } else { words.join(", ") };
            notes.warn(&format!("'{}': would write {what}", path.display()));
        }
        done
    }
}

/// Says in the row what became of its picture.
fn report(row: &mut Row, done: Done, held: bool) {
    let status = match &done {
        Done::Written { .. } => "done",
        Done::Kept { .. } | Done::Would if held => "held",
        Done::Kept { .. } => "kept",
        Done::Would => return,
    };
    row.set(Field::Status, status);
    if let Done::Written { path, .. } | Done::Kept { path } = &done
        && let Some(path) = path.to_str()
        && row.get(Field::Path) != Some(path)
    {
        row.set(Field::Path, path);
    }
    if let Done::Written { bytes: Some(bytes), .. } = done {
        row.set_display(Field::Bytes, bytes);
        row.clear(Field::Sha256);
    }
}

fn add(group: Group, wanted: &Wanted, facts: &Facts, edits: &mut Edits) {
    match group {
        Group::Position => wanted.position.iter().for_each(|fix| edits.position(fix)),
        Group::Direction => wanted.direction.iter().for_each(|heading| edits.direction(heading)),
        Group::Time => wanted.time.iter().flatten().for_each(|&clock| edits.time(clock)),
        Group::Camera => wanted.camera.iter().for_each(|names| edits.make_and_model(names)),
        Group::Id => wanted.id.iter().for_each(|id| edits.id(id)),
        Group::Rights => wanted.rights.iter().for_each(|rights| edits.rights(rights)),
        Group::Pano => edits.pano(facts.size),
    }
}

/// Whether the packet has a value that would now say otherwise.
fn stands(packet: &Packet, edit: &xmp::Edit) -> bool {
    packet.values(edit.namespace, edit.name).is_some()
}

fn picture_len(path: &Path) -> Result<u64, String> {
    let meta = std::fs::metadata(path);
    meta.map(|meta| meta.len())
        .map_err(|error| format!("cannot read '{}': {error}", path.display()))
}

#[cfg(test)]
mod tests;
