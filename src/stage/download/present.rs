//! Pictures that exist already: their rows are passed on with the path of the picture.

use std::path::Path;
use std::sync::Arc;

use crate::archive::locate::{Found, Packed};
use crate::disk::atomic_file;
use crate::disk::positioned_io::digest_of_file;
use crate::disk::{Action, AtPath, PathError};
use crate::query::service_errors::{with_bare_id, with_id};
use crate::row::{Column, Field, Row, json};
use crate::shape::{Batch, Diagnostics, End, FatalError, InputHeader, Outcome, RowError, Shape};
use crate::value::provenance::Status;
use crate::value::quality::Quality;

use super::Job;
use super::find_existing::{self, Look};
use super::layout::name;
use super::requested_values;

pub struct Present(pub Arc<Job>);

impl Batch for Present {
    fn shape(&self, _: &InputHeader) -> Shape {
        let mut sets = vec![Field::Path, Field::Quality, Field::Bytes];
        if self.0.folder.has_tars() {
            sets.extend([Field::Archive, Field::Member]);
        }
        if self.0.settings.sha256 || self.0.folder.has_tars() {
            sets.push(Field::Sha256);
        }
        sets.push(Field::Status);
        Shape {
            needs: vec![vec![Field::ImgId]],
            sets: sets.into_iter().map(Column::from).collect(),
            ..Shape::default()
        }
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        if let Some(said) = rows.iter().find_map(|row| self.0.other_than_asked(row)) {
            notes.once(&said);
        }
        Ok(rows.into_iter().map(with_bare_id).map(|row| self.0.look(row)).collect())
    }
}

impl Job {
    fn look(&self, row: Row) -> Outcome {
        match self.looked(&row) {
            Err(what) => Outcome::failed(row, what),
            Ok(Seen::There(present)) => self.present(row, present),
            Ok(Seen::Known) => {
                let mut row = row;
                row.set(Field::Status, Status::Kept.word());
                Outcome::Rows(vec![row])
            }
            Ok(Seen::Gone) => Outcome::Ended(row, End::Gone),
            Ok(Seen::Not(wanted)) if self.settings.dry_run => self.planned(row, wanted),
            Ok(Seen::Not(_)) => Outcome::Next(row),
        }
    }

    /// The row of a picture that exists already.
    pub(super) fn present(&self, row: Row, present: find_existing::Present) -> Outcome {
        self.remove_leftovers(&row, present.quality());
        match present {
            find_existing::Present::File(path, quality, bytes) => {
                self.kept(row, &path, quality, bytes)
            }
            find_existing::Present::Packed(packed, quality) => packed_row(row, packed, quality),
        }
    }

    /// A run that was killed may have left a part of a picture that was completed and packed since.
    fn remove_leftovers(&self, row: &Row, quality: Quality) {
        let paths = if self.settings.dry_run { None } else { self.paths(row, quality).ok() };
        for path in paths.into_iter().flatten() {
            // It only takes space: the next run tries again.
            let _ = atomic_file::remove_leftover(&self.folder.dir.join(path));
        }
    }

    fn looked(&self, row: &Row) -> Result<Seen, RowError> {
        let id = name(row, Field::ImgId)?.ok_or("no value for img_id")?;
        let wanted = self.wanted(row)?;
        if self.settings.force {
            return Ok(Seen::Not(wanted));
        }
        if let Look::Found(present) = self.look_for(row, id, wanted)? {
            return Ok(Seen::There(present));
        }
        Ok(match () {
            () if self.settings.known.has(id) => Seen::Known,
            () if !self.settings.recheck && self.folder.is_gone(id) => Seen::Gone,
            () => Seen::Not(wanted),
        })
    }

    /// The same for a loose file.
    pub(super) fn kept(&self, mut row: Row, path: &Path, quality: Quality, bytes: u64) -> Outcome {
        set_picture(&mut row, path, quality, bytes);
        row.set(Field::Status, Status::Kept.word());
        if self.settings.sha256 {
            match digest_of_file(path) {
                Ok((_, digest)) => row.set_display(Field::Sha256, digest),
                Err(error) => {
                    return Outcome::failed(row, PathError::new(Action::Read, path, error));
                }
            }
        }
        let lacks_sidecar = self.settings.sidecar && !path.with_extension("json").exists();
        if lacks_sidecar
            && !self.settings.dry_run
            && let Err(what) = write_sidecar(&row, path)
        {
            return Outcome::failed(row, what);
        }
        Outcome::Rows(vec![row])
    }

    /// The row of a picture that would be downloaded.
    fn planned(&self, row: Row, wanted: Quality) -> Outcome {
        let is_asked = self.lacks(&row, wanted).unwrap_or(true);
        let row = if is_asked { with_id(row) } else { Ok(row) };
        let mut row = match row {
            Ok(row) => row,
            Err(failed) => return failed,
        };
        match self.paths(&row, wanted) {
            Err(what) => Outcome::failed(row, what),
            Ok([path, _]) => {
                let path = self.folder.dir.join(path);
                row.set(Field::Path, &path.to_string_lossy());
                row.set(Field::Quality, wanted.word());
                row.clear(Field::Bytes);
                no_other_file(&mut row);
                row.set(Field::Status, Status::Planned.word());
                Outcome::Rows(vec![row])
            }
        }
    }
}

enum Seen {
    There(find_existing::Present),
    Known,
    Gone,
    Not(Quality),
}

/// The row of a picture in a tar.
fn packed_row(mut row: Row, packed: Packed, quality: Quality) -> Outcome {
    Found::Packed(packed).tell(&mut row);
    row.set(Field::Quality, quality.word());
    row.set(Field::Status, Status::Kept.word());
    Outcome::Rows(vec![row])
}

/// Sets the columns about the picture on disk.
pub fn set_picture(row: &mut Row, path: &Path, quality: Quality, bytes: u64) {
    row.set(Field::Path, &path.to_string_lossy());
    row.set(Field::Quality, quality.word());
    row.set_display(Field::Bytes, bytes);
    no_other_file(row);
}

/// Clears what the row may have of another file of the picture.
fn no_other_file(row: &mut Row) {
    [Field::Sha256, Field::Archive, Field::Member].into_iter().for_each(|field| row.clear(field));
}

/// Writes the service's response as received, otherwise the row, beside the picture.
pub fn write_sidecar(row: &Row, picture: &Path) -> Result<(), PathError> {
    let path = picture.with_extension("json");
    let mut text = match row.get(Field::RawJson) {
        Some(raw) => raw.as_bytes().to_vec(),
        None => {
            let [path, status, bytes] =
                [Field::Path, Field::Status, Field::Bytes].map(Column::from);
            let own = [path, status, bytes, requested_values::note()];
            let mut line = Vec::new();
            json::Writer::new(&[], &own).write(row, &mut line);
            line
        }
    };
    if !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    atomic_file::write(&path, &text).at_path(Action::Write, &path)
}
