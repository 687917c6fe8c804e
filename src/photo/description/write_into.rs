//! Puts a description into a photo's ImageDescription. All other data of the photo is kept bit for bit.

use std::path::Path;

use crate::disk::attributes;
use crate::disk::file_assembly::{self, Times};
use crate::disk::locked_file::LockedFile;
use crate::disk::{Action, PathError};
use crate::format::description::{self, Description};
use crate::format::exif::{self, Value, tags};
use crate::format::metadata_container::Piece;
use crate::format::picture::PictureFormat;
use crate::photo::camera::Photo;
use crate::photo::picture_file;
use crate::photo::tag::{RowWriter, turn};
use crate::row::{Column, Field, Row};
use crate::shape::{Diagnostics, Outcome};
use crate::value::provenance::Status;

use super::{Error, columns, problem};

/// Reported once per run.
const HELD: &str = "words of others stand in the ImageDescription of some files and were left alone: --overwrite replaces them";

/// Writes the descriptions of rows into their photos.
pub struct DescriptionWriter {
    pub overwrite: bool,
    pub dry_run: bool,
}

impl RowWriter for DescriptionWriter {
    fn write(&self, mut row: Row, notes: &dyn Diagnostics) -> Outcome {
        match self.try_write(&row, notes) {
            Ok(status) => {
                row.set(Field::Status, status.word());
                picture_file::describe(&mut row);
                Outcome::Rows(vec![row])
            }
            Err(error) => Outcome::Failed(row, error.to_string()),
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
    fn try_write(&self, row: &Row, notes: &dyn Diagnostics) -> Result<Status, Error> {
        let path = Path::new(row.get(Field::Path).ok_or(Error::NoPath)?);
        if problem::said(row).is_some() {
            return Ok(Status::Held);
        }
        let description = columns::read(row)?;
        let write = PathError::at(Action::Write, path);
        let mut held = LockedFile::open(path).map_err(write)?;
        let mut photo = Photo::of_held(&held, path).map_err(Error::Photo)?;
        if photo.picture.kind != PictureFormat::Jpeg {
            return Err(Error::NotJpeg(path.to_owned()));
        }
        if !self.overwrite && is_of_others(photo.facts.exif.description.as_deref()) {
            notes.once(HELD);
            return Ok(Status::Held);
        }
        let edit = |error| Error::Edit { path: path.to_owned(), error };
        let Some(pieces) = pieces(&mut photo, &description).map_err(edit)? else {
            return Ok(Status::Kept);
        };
        if self.dry_run {
            return Ok(Status::Planned);
        }
        let written =
            file_assembly::replace(&mut held, &pieces, None, Times::Old).map_err(write)?;
        attributes::lost_words(&written.lost).iter().for_each(|words| notes.once(words));
        Ok(Status::Done)
    }
}

/// The photo with the description in it, as pieces; `None` if it has this description already.
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
