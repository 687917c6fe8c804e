//! Puts a description into a photo's ImageDescription. Whatever else the photo says stays bit for bit.

use std::path::Path;

use crate::disk::attributes;
use crate::disk::locked_file::LockedFile;
use crate::disk::rewrite::{self, Times};
use crate::format::container::Piece;
use crate::format::description::{self, Description};
use crate::format::exif::{self, Value, tags};
use crate::format::picture::PictureFormat;
use crate::photo::camera::Photo;
use crate::photo::tag::{RowWriter, turn};
use crate::row::{Column, Field, Row};
use crate::shape::{Diagnostics, Outcome, PLANNED};

use super::{columns, problem};

/// Told once a run.
const HELD: &str = "words of others stand in the ImageDescription of some files and were left alone: --overwrite replaces them";

/// Writes descriptions that rows have into their photos.
pub struct DescriptionWriter {
    pub overwrite: bool,
    pub dry_run: bool,
}

impl RowWriter for DescriptionWriter {
    fn write(&self, mut row: Row, notes: &dyn Diagnostics) -> Outcome {
        match self.try_write(&row, notes) {
            Ok((status, bytes)) => {
                row.set(Field::Status, status);
                if let Some(bytes) = bytes {
                    row.set_display(Field::Bytes, bytes);
                    row.clear(Field::Sha256);
                }
                Outcome::Rows(vec![row])
            }
            Err(what) => Outcome::Failed(row, what),
        }
    }

    fn turn(&self, row: &Row) -> Option<std::path::PathBuf> {
        turn(row)
    }

    fn columns(&self) -> Vec<Column> {
        [Field::Bytes, Field::Status].map(Column::from).to_vec()
    }
}

impl DescriptionWriter {
    fn try_write(&self, row: &Row, notes: &dyn Diagnostics) -> Result<(&'static str, Option<u64>), String> {
        let path = Path::new(row.get(Field::Path).ok_or("no path: there is no file to write")?);
        if problem::said(row).is_some() {
            return Ok(("held", None));
        }
        let description = columns::read(row)?;
        let cannot = |error: &dyn std::fmt::Display| format!("cannot write '{}': {error}", path.display());
        let mut held = LockedFile::open(path).map_err(|error| cannot(&error))?;
        let mut photo = Photo::of_held(&held, path)?;
        if photo.picture.kind != PictureFormat::Jpeg {
            return Err(cannot(&"the service takes JPEG files only"));
        }
        if !self.overwrite && is_of_others(photo.facts.exif.description.as_deref()) {
            notes.once(HELD);
            return Ok(("held", None));
        }
        let Some(pieces) = pieces(&mut photo, &description).map_err(|error| cannot(&error))? else {
            return Ok(("kept", None));
        };
        if self.dry_run {
            return Ok((PLANNED, None));
        }
        let written = rewrite::replace(&mut held, &pieces, None, Times::Old)
            .map_err(|error| cannot(&error))?;
        attributes::lost_words(&written.lost).iter().for_each(|words| notes.once(words));
        Ok(("done", Some(written.bytes)))
    }
}

/// The photo with the description in it, as pieces; none where it says so already.
pub fn pieces<R: std::io::Read + std::io::Seek>(
    photo: &mut Photo<R>,
    description: &Description,
) -> Result<Option<Vec<Piece>>, crate::format::source::Unread> {
    let value = Some(Value::Ascii(description.image_description()));
    photo.picture.edit(&[exif::Edit { tag: tags::IMAGE_DESCRIPTION, value }], &[])
}

/// Whether a text is neither a description nor what this project writes there.
fn is_of_others(text: Option<&str>) -> bool {
    let text = text.unwrap_or_default();
    !text.is_empty() && description::read(text).is_none() && !text.starts_with("Mapillary image ")
}
