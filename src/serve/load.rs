//! Reads an archive: rows into records, and which pictures lie beside them.

use std::fs::{self};
use std::io;
use std::path::{Path, PathBuf};

use super::archive::{Archive, Builder, Claim};
use super::picture_index::{PictureIndex, content_type};
use super::{Quality, ServerSettings, Unservable};
use crate::disk::open;
use crate::row::json;
use crate::row::table::{ReadError, Reader};

/// An archive, read.
pub struct Loaded {
    pub archive: Archive,
    pub pictures: PictureIndex,
    /// What was not understood, a line each.
    pub notes: Vec<String>,
}

/// Of the rows that cannot be read so many are named.
const NOTES_LIMIT: usize = 20;

/// Reads what the settings name.
pub fn load(settings: &ServerSettings) -> Result<Loaded, Unservable> {
    let cannot = |path: &Path| {
        let shown = path.display().to_string();
        move |e: io::Error| Unservable(format!("cannot read '{shown}': {e}"))
    };
    let mut notes = Vec::new();
    let files = match settings.rows.is_empty() {
        true => row_files(&settings.dir, &mut notes).map_err(cannot(&settings.dir))?,
        false => settings.rows.clone(),
    };
    let mut builder = Builder::default();
    for path in &files {
        read_rows(path, &mut builder, &mut notes).map_err(cannot(path))?;
    }
    for id in &settings.gone {
        if !builder.lose(id) {
            note(&mut notes, format!("'{id}' is to be gone, and no row has it"));
        }
    }
    let (archive, claims) = builder.finish();
    let pictures = pictures(settings, &archive, &claims).map_err(cannot(&settings.dir))?;
    pictures.notes.iter().for_each(|text| note(&mut notes, text.clone()));
    Ok(Loaded { archive, pictures, notes })
}

/// Row files at the top of a folder, in the order of names.
fn row_files(dir: &Path, notes: &mut Vec<String>) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        if !name.starts_with('.')
            && (plain.ends_with(".jsonl") || plain.ends_with(".csv"))
            && !entry.path().is_dir()
        {
            let path = entry.path();
            match path.metadata().ok().and_then(|meta| open::why_not(&meta)) {
                Some(why) => notes.push(format!("'{}' is not read: {why}", path.display())),
                None => files.push(path),
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Every row is taken in its JSON form, in which it has the service's names.
fn read_rows(path: &Path, builder: &mut Builder, notes: &mut Vec<String>) -> io::Result<()> {
    let mut name = |line: u64, why: String| {
        note(notes, format!("'{}' line {line}: {why}", path.display()));
    };
    let mut reader = match Reader::new(open::stream(path)?) {
        Ok(reader) => reader,
        Err(ReadError::Input(error)) => return Err(error),
        Err(ReadError::Row { line, what }) => {
            name(line, what);
            return Ok(());
        }
    };
    let mut writer = json::Writer::new(&[], &[]);
    let mut line = Vec::new();
    while let Some(row) = reader.next_row() {
        match row {
            Ok(row) => {
                line.clear();
                writer.write(&row, &mut line);
                let object = str::from_utf8(&line).map_err(io::Error::other)?;
                if let Err(why) = builder.add(object) {
                    name(row.line, why);
                }
            }
            Err(ReadError::Row { line, what }) => name(line, what),
            Err(ReadError::Input(error)) => return Err(error),
        }
    }
    Ok(())
}

fn note(notes: &mut Vec<String>, note: String) {
    if notes.len() < NOTES_LIMIT {
        notes.push(note);
    } else if notes.len() == NOTES_LIMIT {
        notes.push("more of this kind is not named".to_owned());
    }
}

/// By name first, so that a moved archive is whole; by a row's path only for
/// images that have no file of their name.
fn pictures(
    settings: &ServerSettings,
    archive: &Archive,
    claims: &[Claim],
) -> io::Result<PictureIndex> {
    let said: std::collections::HashMap<&str, Quality> = claims
        .iter()
        .filter_map(|claim| Some((&*claim.id, claim.quality.as_deref()?.parse().ok()?)))
        .collect();
    let quality_of = |id: &str| said.get(id).copied().unwrap_or(settings.quality);
    let mut pictures = PictureIndex::find(&settings.dir, |id| archive.knows(id), quality_of)?;
    for claim in claims.iter().filter(|claim| !pictures.has_any(&claim.id)).collect::<Vec<_>>() {
        let paths =
            claim.path.iter().flat_map(|path| [PathBuf::from(path), settings.dir.join(path)]);
        let found = paths.into_iter().find(|path| content_type(path).is_some() && path.is_file());
        if let Some(path) = found {
            pictures.add(&claim.id, quality_of(&claim.id), path);
        }
    }
    Ok(pictures)
}
