//! Reads the rows of a file into an index.

use std::io;
use std::path::Path;

use crate::disk::open;
use crate::row::row_format::{ReadError, Reader};
use crate::row::{json, parquet};

use super::super::detection_row::DetectionGroup;
use super::super::index::build::Builder;
use super::super::map_feature_row::MapFeature;
use super::super::record::RecordError;
use super::row_files::user_of;

/// The maximum number of unreadable rows that are reported.
const NOTES_LIMIT: usize = 20;

/// Every row is read in its JSON form, which has the service's names.
pub(super) fn read_rows(
    path: &Path,
    builder: &mut Builder,
    notes: &mut Vec<String>,
) -> io::Result<()> {
    let mut name = |line: u64, why: String| {
        note(notes, format!("'{}' line {line}: {why}", path.display()));
    };
    let user = user_of(path);
    let mut file = open::stream(path)?;
    let opened = if parquet::is(&mut file) {
        Reader::of_parquet(file)
    } else {
        Reader::new(open::NamedStream::new(file)?)
    };
    let mut reader = match opened {
        Ok(reader) => reader,
        Err(ReadError::Input(error)) => return Err(error),
        Err(ReadError::Row { line, what }) => {
            name(line, what.to_string());
            return Ok(());
        }
    };
    let mut writer = json::Writer::new(&[], &[]);
    let (mut line, mut gathered) = (Vec::new(), DetectionGroup::default());
    while let Some(row) = reader.next_row() {
        match row {
            Ok(row) => {
                line.clear();
                writer.write(&row, &mut line);
                let object = str::from_utf8(&line).map_err(io::Error::other)?;
                let faults = add(object, user.as_deref(), builder, &mut gathered)?;
                faults.iter().for_each(|why| name(row.line, why.to_string()));
            }
            Err(ReadError::Row { line, what }) => name(line, what.to_string()),
            Err(ReadError::Input(error)) => return Err(error),
        }
    }
    if let Some(last) = gathered.end()
        && let Err(why) = builder.add(&last, user.as_deref())?
    {
        note(notes, format!("'{}': {why}", path.display()));
    }
    Ok(())
}

/// Adds a row to the index: an image, a map feature, or a detection; the detections of an image are gathered first.
/// Returns the errors of the row and of the images gathered before.
fn add(
    object: &str,
    user: Option<&str>,
    builder: &mut Builder,
    gathered: &mut DetectionGroup,
) -> io::Result<Vec<RecordError>> {
    match MapFeature::of_row(object) {
        Ok(None) => {}
        Ok(Some(feature)) => return builder.add_feature(feature).map(|()| Vec::new()),
        Err(why) => return Ok(vec![why]),
    }
    let (before, is_taken) = match gathered.take(object) {
        Ok(taken) => taken,
        Err(why) => return Ok(vec![why]),
    };
    let objects = before.as_deref().into_iter().chain((!is_taken).then_some(object));
    let added: io::Result<Vec<_>> = objects.map(|object| builder.add(object, user)).collect();
    Ok(added?.into_iter().filter_map(Result::err).collect())
}

pub(super) fn note(notes: &mut Vec<String>, note: String) {
    if notes.len() < NOTES_LIMIT {
        notes.push(note.replace('\n', " "));
    } else if notes.len() == NOTES_LIMIT {
        notes.push("more of this kind is not named".to_owned());
    }
}
