//! Loads an archive into its index, from its rows and pictures, or reuses the index of an earlier run if nothing has
//! changed.

mod read_rows;
mod row_files;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::disk::{Action, NOTES, PathError, open};

use super::boundary::Boundary;
use super::index::build::Builder;
use super::index::freshness::{self, SETTLED, Sources};
use super::index::storage::Storage;
use super::index::{Index, path_encoding};
use super::{Quality, ServeError, ServerSettings, picture_scan};
use read_rows::{note, read_rows};
use row_files::{LARGE_ROWS_BYTES, row_files, rows_bytes, uploaded_row_files};

/// The file of the index, in the folder where the tools keep their data.
const INDEX: &str = "serve-index";

/// Another name for other rules of what is served, so that an older index is rebuilt.
const RULES: &str = "files in the archive";

/// The index for the settings: the stored one if it is up to date, otherwise a new one.
pub fn load(settings: &ServerSettings) -> Result<Index, ServeError> {
    match kept(settings) {
        Some(index) => Ok(index),
        None => make(settings),
    }
}

/// The index of an earlier run, if nothing has changed since.
fn kept(settings: &ServerSettings) -> Option<Index> {
    let file = open::file(path(&settings.dir)).ok()?;
    let index = Index::open(Storage::from_file(file).ok()?).ok()?;
    is_fresh(&index, settings).then_some(index)
}

/// Whether the archive is unchanged since the index was made.
pub fn is_fresh(index: &Index, settings: &ServerSettings) -> bool {
    index.sources().is_ok_and(|sources| freshness::is_fresh(&sources, &key(settings)))
}

fn path(dir: &Path) -> PathBuf {
    dir.join(NOTES).join(INDEX)
}

/// Identifies the settings that affect an index.
fn key(settings: &ServerSettings) -> String {
    let rows: Vec<String> = settings.rows.iter().map(|path| path_encoding::to_text(path)).collect();
    let dirs = [&settings.dir, &settings.inbox()].map(|dir| path_encoding::to_text(dir)).join("\n");
    let text = format!(
        "{RULES}\n{dirs}\n{}\n{}\n{}",
        settings.quality,
        rows.join("\n"),
        settings.gone.join("\n")
    );
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn make(settings: &ServerSettings) -> Result<Index, ServeError> {
    let cannot = |path| PathError::at(Action::Read, path);
    let dir = &settings.dir;
    fs::read_dir(dir).map_err(cannot(dir))?;
    // Before the times are read: a new folder would change the time of the archive.
    let file = path(dir);
    let is_new = !file.parent().is_some_and(Path::is_dir);
    let is_writable = file.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok());
    if is_new && is_writable && rows_bytes(settings) > LARGE_ROWS_BYTES {
        // Otherwise that folder would count as unsettled, and the next start would build the index again.
        thread::sleep(SETTLED + Duration::from_millis(100));
    }
    let mut builder = Builder::new(is_writable.then_some((settings.index_from, file)));
    let mut sources = Sources::new(&key(settings));
    let mut boundary = Boundary::new(dir, sources.add_folders(dir).map_err(cannot(dir))?);
    let mut notes = Vec::new();
    let inbox = settings.inbox();
    let is_apart = is_apart(&inbox, dir);
    if is_apart {
        boundary.add(sources.add_folders(&inbox).map_err(cannot(&inbox))?);
    }
    for path in &settings.rows {
        sources.add(path);
        read_rows(path, &mut builder, &mut notes).map_err(cannot(path))?;
    }
    // The paths in rows that the user names may lead anywhere.
    let trusted = builder.claims.len();
    let mut found = Vec::new();
    if settings.rows.is_empty() {
        found = row_files(dir, &mut notes).map_err(cannot(dir))?;
    }
    found.extend(uploaded_row_files(dir, &inbox).map_err(cannot(&inbox))?);
    found.retain(|path| is_own(path, &boundary, &mut notes));
    for path in &found {
        sources.add(path);
        read_rows(path, &mut builder, &mut notes).map_err(cannot(path))?;
    }
    if let (rows, Some((id, field))) = &builder.contradictions {
        let what = "rows contradict an earlier row of their image, and the later one is served";
        let order = "files are read in the order of their names";
        note(&mut notes, format!("{what} ({order}): {rows}, first '{field}' of '{id}'"));
    }
    for id in &settings.gone {
        if !builder.lose(id) {
            note(&mut notes, format!("'{id}' is to be gone, and no row has it"));
        }
    }
    let apart = is_apart.then_some(&*inbox);
    let from = (&boundary, trusted);
    pictures(settings, apart, from, &mut builder, &mut sources, &mut notes).map_err(cannot(dir))?;
    notes.extend(
        builder
            .unwritten
            .take()
            .map(|why| format!("the index is kept in memory, since it cannot be written: {why}")),
    );
    let storage = builder.finish(sources.text(), &notes.join("\n"));
    storage.and_then(Index::open).map_err(|e| ServeError(format!("cannot make the index: {e}")))
}

fn outside(picture: &Path) -> String {
    let name = picture.display();
    format!(
        "'{name}' is outside the archive, and not served: name the rows that name it with --rows"
    )
}

/// Whether the inbox exists and is outside the archive.
fn is_apart(inbox: &Path, dir: &Path) -> bool {
    let whole = |path: &Path| fs::canonicalize(path).ok();
    whole(inbox).is_some_and(|inbox| whole(dir).is_none_or(|dir| !inbox.starts_with(dir)))
}

/// Whether a file of rows that was found is not a link out of the archive.
fn is_own(rows: &Path, boundary: &Boundary, notes: &mut Vec<String>) -> bool {
    let is_own = !rows.is_symlink() || matches!(boundary.behind(rows), Ok(Some(_)));
    if !is_own {
        let name = rows.display();
        note(
            notes,
            format!("'{name}' is a link out of the archive, and not read: name it with --rows"),
        );
    }
    is_own
}

/// Finds pictures by name first, so that an archive that was moved stays complete; the path of a row is used only for
/// images without a file of their name.
fn pictures(
    settings: &ServerSettings,
    apart: Option<&Path>,
    (boundary, trusted): (&Boundary, usize),
    builder: &mut Builder,
    sources: &mut Sources,
    notes: &mut Vec<String>,
) -> io::Result<()> {
    let claims = std::mem::take(&mut builder.claims);
    let said: HashMap<u32, Quality> =
        claims.iter().filter_map(|claim| Some((claim.image, claim.quality?))).collect();
    let quality_of = |image| said.get(&image).copied().unwrap_or(settings.quality);
    let dir = &settings.dir;
    let mut name = |text| note(notes, text);
    picture_scan::find((dir, dir), boundary, builder, sources, quality_of, &mut name)?;
    if let Some(inbox) = apart {
        // By their full paths, since they are not in the archive.
        let (inbox, base) = (fs::canonicalize(inbox)?, Path::new(""));
        picture_scan::find((&inbox, base), boundary, builder, sources, quality_of, &mut name)?;
    }
    let mut has_any = vec![false; builder.len()];
    builder.found.iter().for_each(|found| has_any[found.image as usize] = true);
    let claims = claims.iter().enumerate();
    for (at, claim) in claims.filter(|(_, claim)| !has_any[claim.image as usize]) {
        let paths = claim.path.iter().map(|path| Path::new(&**path));
        let paths = paths.flat_map(|path| [path.to_path_buf(), dir.join(path)]);
        let is_picture = |path: &PathBuf| picture_scan::is_webp(path).is_some() && path.is_file();
        let mut whole = paths.filter(is_picture).filter_map(|path| fs::canonicalize(path).ok());
        let is_own = |path: &PathBuf| at < trusted || boundary.contains(path);
        match (whole.clone().find(is_own), whole.next()) {
            (Some(path), _) => {
                picture_scan::add(builder, claim.image, quality_of(claim.image), &path)?;
            }
            (None, Some(path)) => name(outside(&path)),
            (None, None) => {}
        }
    }
    Ok(())
}
