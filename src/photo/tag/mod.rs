//! From a row to the tags of its picture, for every tool that writes into pictures. All data that is not being set is
//! kept bit for bit.

mod compare;
mod desired_tags;
mod destination;
mod edits;
mod messages;
mod options;
mod plan;
mod service_origin;
mod source_file;
mod tagging_scan;

use std::path::{Path, PathBuf};

use crate::archive::locate::{Found, Locator};
use crate::disk::locked_file;
use crate::disk::positioned_io::Part;
use crate::format::xmp::{self};
use crate::photo::camera::Photo;
use crate::photo::picture_file;
use crate::row::{Column, Field, Row};

use crate::shape::{Diagnostics, Outcome, RowError};
use crate::value::provenance::Status;
use desired_tags::Wanted;
use destination::Destination;
use messages::named;
pub use options::{Options, SidecarName, TagGroup, ValueSource, ZoneFor};
use plan::Plan;
use source_file::Original;
pub use tagging_scan::{RowWriter, Written};

/// Writes the values of rows into their pictures. Shared by all threads.
pub struct Tagger {
    options: Options,
    target: Destination,
    locator: Locator,
}

/// The columns that tagging sets.
pub fn columns() -> Vec<Column> {
    [Field::Path, Field::Bytes, Field::Status].map(Column::from).to_vec()
}

/// The photo that a row is about, under any of its names: rows of one photo are processed in order. A photo that has
/// since become a WebP counts as the same, and so do photos that may share a sidecar.
pub fn turn(row: &Row) -> Option<PathBuf> {
    Some(locked_file::real(Path::new(row.get(Field::Path)?)).with_extension(""))
}

/// The result for one picture.
enum Done {
    Written { path: PathBuf },
    Kept { path: PathBuf },
    Would,
}

impl Tagger {
    /// `tmp_dir` is the folder of the temporary file with what is in tars.
    pub fn new(options: Options, tmp_dir: &Path) -> Tagger {
        let target = Destination::new(&options);
        Tagger { options, target, locator: Locator::new(tmp_dir) }
    }

    /// Updates one row's picture, wherever it is now. Packed pictures pass as `kept`.
    pub fn tag(&self, mut row: Row, notes: &dyn Diagnostics) -> Outcome {
        match self.try_tag(&mut row, notes) {
            Ok(()) => Outcome::Rows(vec![row]),
            Err(what) => Outcome::failed(row, what),
        }
    }

    fn try_tag(&self, row: &mut Row, notes: &dyn Diagnostics) -> Result<(), RowError> {
        let Some(path) = row.get(Field::Path).map(PathBuf::from) else {
            row.set(Field::Status, Status::Kept.word());
            return Ok(());
        };
        let (found, place) = self.find(row, &path)?;
        match self.tag_found(&found, place, row, notes) {
            Err(_) if found.has_moved() => {
                let (found, place) = self.find(row, &path)?;
                self.tag_found(&found, place, row, notes)
            }
            done => done,
        }
    }

    fn tag_found(
        &self,
        found: &Found,
        place: PathBuf,
        row: &mut Row,
        notes: &dyn Diagnostics,
    ) -> Result<(), RowError> {
        match found {
            Found::Packed(_) => {
                found.tell(row);
                row.set(Field::Status, Status::Kept.word());
            }
            Found::File(path) => {
                let (done, held) = self.tag_file(path, place, row, notes)?;
                found.tell(row);
                report(row, done, held);
            }
        }
        Ok(())
    }

    /// The current path of the picture, and its target. A file made in the folder earlier is now the picture,
    /// whatever happened to it since.
    fn find(&self, row: &Row, path: &Path) -> Result<(Found, PathBuf), RowError> {
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
        if self.target.has_made(&place) {
            Ok((Found::File(place.clone()), place))
        } else {
            Ok((found, place))
        }
    }

    fn tag_file(
        &self,
        path: &Path,
        place: PathBuf,
        row: &Row,
        notes: &dyn Diagnostics,
    ) -> Result<(Done, bool), RowError> {
        let wanted = Wanted::from_row(row, &self.options, notes)?;
        let mut original = Original::open(path, notes)?;
        let photo = original.photo()?;
        let is_written = photo.picture.kind.is_written() && !self.options.sidecar;
        let packet = photo.packet();
        // A file that is written gets all values of the row itself, whatever its sidecar has.
        let sidecar = packet.as_ref().filter(|_| !is_written);
        let plan = Plan::new(&wanted, &photo.facts, sidecar, &self.options)?;
        self.say(&plan, &photo, packet.as_ref(), is_written, notes);
        let done = match (plan.edits.is_empty(), is_written) {
            (true, true) => self.leave(&mut original, place)?,
            (true, false) if photo.beside.sidecar.is_none() => self.leave(&mut original, place)?,
            (false, true) => self.write(&mut original, place, photo, &plan)?,
            (_, false) => self.write_sidecar(&mut original, &place, photo, &plan)?,
        };
        if matches!(done, Done::Would) {
            notes.warn(&format!("'{}': would write {}", path.display(), named(&plan.groups)));
        }
        Ok((done, plan.held))
    }

    /// Nothing is to be set, but the file may have to be copied into the folder.
    fn leave(&self, original: &mut Original, place: PathBuf) -> Result<Done, RowError> {
        if place == original.path {
            return Ok(Done::Kept { path: place });
        }
        let whole = original.whole();
        self.target.write(original, &place, &whole)
    }

    fn write(
        &self,
        original: &mut Original,
        place: PathBuf,
        mut photo: Photo<Part>,
        plan: &Plan,
    ) -> Result<Done, RowError> {
        let words = plan.beside_exif(&photo.facts.xmp);
        let pieces = photo
            .picture
            .edit(&plan.edits.exif, &words)
            .map_err(|error| format!("cannot tag '{}': {error}", original.path.display()))?;
        match pieces {
            None => self.leave(original, place),
            Some(pieces) => self.target.write(original, &place, &pieces),
        }
    }

    fn write_sidecar(
        &self,
        original: &mut Original,
        place: &Path,
        photo: Photo<Part>,
        plan: &Plan,
    ) -> Result<Done, RowError> {
        let old = photo.beside.sidecar.map(|sidecar| sidecar.bytes);
        let new = xmp::edit(old.as_deref(), &plan.alone()).map_err(|error| {
            format!("cannot change the sidecar of '{}': {error}", original.path.display())
        })?;
        let packet = new.or_else(|| old.clone());
        self.target.write_sidecar(original, place, old.as_deref(), packet)
    }
}
/// Records the result in the row.
fn report(row: &mut Row, done: Done, held: bool) {
    let status = match &done {
        Done::Written { .. } => Status::Done,
        Done::Kept { .. } | Done::Would if held => Status::Held,
        Done::Kept { .. } => Status::Kept,
        Done::Would => Status::Planned,
    };
    row.set(Field::Status, status.word());
    if let Done::Written { path } | Done::Kept { path } = &done
        && let Some(path) = path.to_str()
        && row.get(Field::Path) != Some(path)
    {
        row.set(Field::Path, path);
    }
    picture_file::describe(row);
}

#[cfg(test)]
mod tests;
