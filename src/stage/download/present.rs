//! What is there already: those rows pass on with where their picture lies.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::locate::{Found, Packed};
use crate::disk::place::digest_of_file;
use crate::disk::replace;
use crate::row::{Column, Field, Row, json};
use crate::stage::{Batch, End, Fault, Notes, Outcome, Shape};
use crate::value::quality::Quality;

use super::Job;
use super::layout::name;

pub struct Present(pub Arc<Job>);

impl Batch for Present {
    fn shape(&self) -> Shape {
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

    fn run(&self, rows: Vec<Row>, _: &dyn Notes) -> Result<Vec<Outcome>, Fault> {
        Ok(rows.into_iter().map(|row| self.0.look(row)).collect())
    }
}

impl Job {
    fn look(&self, row: Row) -> Outcome {
        match self.looked(&row) {
            Err(what) => Outcome::Failed(row, what),
            Ok(Seen::There(path, quality, bytes)) => self.kept(row, &path, quality, bytes),
            Ok(Seen::Packed(packed, quality)) => packed_row(row, &packed, quality),
            Ok(Seen::Known) => {
                let mut row = row;
                row.set(Field::Status, "kept");
                Outcome::Rows(vec![row])
            }
            Ok(Seen::Gone) => Outcome::Ended(row, End::Gone),
            Ok(Seen::Not(wanted)) if self.settings.dry_run => self.planned(row, wanted),
            Ok(Seen::Not(_)) => Outcome::Next(row),
        }
    }

    fn looked(&self, row: &Row) -> Result<Seen, String> {
        let id = name(row, Field::ImgId)?.ok_or("no value for img_id")?;
        let wanted = self.wanted(row)?;
        if self.settings.force {
            return Ok(Seen::Not(wanted));
        }
        if let Some((path, quality, bytes)) = self.find(row, id, wanted) {
            return Ok(Seen::There(path, quality, bytes));
        }
        if let Some((packed, quality)) = self.find_packed(id, wanted) {
            return Ok(Seen::Packed(packed.clone(), quality));
        }
        Ok(match () {
            () if self.settings.known.has(id) => Seen::Known,
            () if !self.settings.recheck && self.folder.is_gone(id) => Seen::Gone,
            () => Seen::Not(wanted),
        })
    }

    /// The picture on disk, wherever under the folder it lies.
    fn find(&self, row: &Row, id: &str, wanted: Quality) -> Option<(PathBuf, Quality, u64)> {
        let depth = if self.settings.fallback { Quality::ALL.len() } else { 1 };
        wanted.downward().take(depth).find_map(|quality| {
            let by_name = self.folder.find(id, quality, self.is_unnamed(quality));
            // A layout of one's own may have names that the index does not read.
            let by_layout = || {
                let paths = self.paths(row, quality).ok().into_iter().flatten();
                paths.map(|path| self.folder.dir.join(path)).find(|path| path.exists())
            };
            let path = by_name.or_else(by_layout)?;
            let bytes = self.folder.sound(&path)?;
            Some((path, quality, bytes))
        })
    }

    /// Whether a picture whose path does not tell the quality is of this one.
    pub(super) fn is_unnamed(&self, quality: Quality) -> bool {
        self.folder_quality().is_none_or(|there| there == quality || self.settings.fallback)
    }

    /// The picture in a tar under the folder.
    fn find_packed(&self, id: &str, wanted: Quality) -> Option<(&Packed, Quality)> {
        let depth = if self.settings.fallback { Quality::ALL.len() } else { 1 };
        let folder_quality = self.folder_quality();
        wanted.downward().take(depth).find_map(|quality| {
            let unnamed = folder_quality.is_none_or(|there| there == quality);
            Some((self.folder.find_packed(id, quality, unnamed)?, quality))
        })
    }

    /// The row of a picture that is there.
    pub(super) fn kept(&self, mut row: Row, path: &Path, quality: Quality, bytes: u64) -> Outcome {
        set_picture(&mut row, path, quality, bytes);
        row.set(Field::Status, "kept");
        if self.settings.sha256 {
            match digest_of_file(path) {
                Ok((_, digest)) => row.set_display(Field::Sha256, digest),
                Err(error) => {
                    return Outcome::Failed(
                        row,
                        format!("cannot read '{}': {error}", path.display()),
                    );
                }
            }
        }
        let lacks_sidecar = self.settings.sidecar && !path.with_extension("json").exists();
        if lacks_sidecar
            && !self.settings.dry_run
            && let Err(what) = write_sidecar(&row, path)
        {
            return Outcome::Failed(row, what);
        }
        Outcome::Rows(vec![row])
    }

    /// The row of a picture that would be fetched.
    fn planned(&self, mut row: Row, wanted: Quality) -> Outcome {
        match self.paths(&row, wanted) {
            Err(what) => Outcome::Failed(row, what),
            Ok([path, _]) => {
                row.set(Field::Path, &self.folder.dir.join(path).to_string_lossy());
                row.set(Field::Quality, wanted.word());
                Outcome::Rows(vec![row])
            }
        }
    }
}

enum Seen {
    Packed(Packed, Quality),
    There(PathBuf, Quality, u64),
    Known,
    Gone,
    Not(Quality),
}

/// The row of a picture that lies in a tar.
fn packed_row(mut row: Row, packed: &Packed, quality: Quality) -> Outcome {
    Found::Packed(packed.clone()).tell(&mut row);
    row.set(Field::Quality, quality.word());
    row.set(Field::Status, "kept");
    Outcome::Rows(vec![row])
}

/// What a row says of its picture on disk.
pub fn set_picture(row: &mut Row, path: &Path, quality: Quality, bytes: u64) {
    row.set(Field::Path, &path.to_string_lossy());
    row.set(Field::Quality, quality.word());
    row.set_display(Field::Bytes, bytes);
    [Field::Sha256, Field::Archive, Field::Member].into_iter().for_each(|field| row.clear(field));
}

/// The service's answer as it came, else the row, beside the picture.
pub fn write_sidecar(row: &Row, picture: &Path) -> Result<(), String> {
    let path = picture.with_extension("json");
    let mut text = match row.get(Field::RawJson) {
        Some(raw) => raw.as_bytes().to_vec(),
        None => {
            let own = [Field::Path, Field::Status, Field::Bytes].map(Column::from);
            let mut line = Vec::new();
            json::Writer::new(&[], &own).write(row, &mut line);
            line
        }
    };
    if !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    replace::write(&path, &text)
        .map_err(|error| format!("cannot write '{}': {error}", path.display()))
}
