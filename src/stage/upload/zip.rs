//! Writes sequences as ZIP files in the format and with the names of mapillary_tools, with the same bytes for the
//! same photos, and reads the metadata of such files.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};
use crate::service::upload::Content;

use super::error::Error;
use super::outgoing_photo::{Item, Photo};
use super::prepared::Prepared;
use super::survey::Survey;
use super::survey::digest;

/// Writes a sequence into a folder; returns the path and the result for each photo.
///
/// # Errors
/// Reports what went wrong; then there is no such file.
pub fn write(
    folder: &Path,
    items: &[Item],
    known: &[Survey],
) -> Result<(PathBuf, Vec<Photo>), Error> {
    let digest = digest(known);
    let temporary = folder.join(format!(".mly_zip_{digest}.part"));
    let wrong = |error| Error::from(PathError::new(Action::Write, folder, error));
    std::fs::create_dir_all(folder).map_err(wrong)?;
    let filled = fill(&temporary, &digest, (items, known), &wrong);
    let named = filled.and_then(|photos| {
        let path = folder.join(format!("mly_tools_{}.zip", Prepared::file(&temporary)?.1));
        std::fs::rename(&temporary, &path).map_err(wrong)?;
        Ok((path, photos))
    });
    if named.is_err() {
        // A failure leaves no file, and only the failure itself is reported.
        let _ = std::fs::remove_file(&temporary);
    }
    named
}

fn fill(
    path: &Path,
    digest: &str,
    (items, known): (&[Item], &[Survey]),
    wrong: &impl Fn(io::Error) -> Error,
) -> Result<Vec<Photo>, Error> {
    let file = File::create(path).map_err(wrong)?;
    let mut zip = ZipWriter::new(io::BufWriter::new(file));
    // The first date that a ZIP can represent (APPNOTE 4.4.6).
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o600);
    let mut photos = Vec::new();
    for (at, (item, known)) in items.iter().zip(known).enumerate() {
        let prepared = Prepared::photo(item, known)?;
        let name = format!("{at}.jpg");
        zip.start_file(&*name, options.large_file(prepared.content.len() > u64::from(u32::MAX)))
            .map_err(|error| wrong(error.into()))?;
        copy(&*prepared.content, &mut zip).map_err(wrong)?;
        prepared.check()?;
        let md5 = known.md5.clone();
        photos.push(Photo { handle: String::new(), md5, bytes: known.bytes });
    }
    let comment = json!({"sequence_md5sum": digest}).to_string();
    zip.set_comment(comment).map_err(|error| wrong(error.into()))?;
    let mut file = zip.finish().map_err(|error| wrong(error.into()))?;
    file.flush().and_then(|()| file.get_ref().sync_all()).map_err(wrong)?;
    Ok(photos)
}

fn copy(content: &dyn Content, to: &mut impl Write) -> io::Result<()> {
    let (mut buffer, mut at) = (vec![0; 64 << 10], 0);
    while at < content.len() {
        let len = content.read_at(at, &mut buffer)?;
        if len == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to.write_all(&buffer[..len])?;
        at += len as u64;
    }
    Ok(())
}

/// Reads the ZIP of a sequence: its digest, and the number of photos in it.
///
/// # Errors
/// If it is not such a file.
pub fn read(path: &Path) -> Result<(String, usize), Error> {
    let no = |why: String| Error::NotASequence { path: path.to_owned(), why };
    let file = open::file(path).at_path(Action::Read, path)?;
    let mut zip = ZipArchive::new(file).map_err(|error| no(error.to_string()))?;
    if zip.is_empty() {
        return Err(no("it is empty".into()));
    }
    let comment: Value = serde_json::from_slice(zip.comment()).unwrap_or(Value::Null);
    let digest = comment["sequence_md5sum"].as_str().unwrap_or_default().to_owned();
    if digest.len() != 32 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(no(
            "its comment has no sequence_md5sum, as mapillary_tools and --zip write it".into(),
        ));
    }
    // Reads everything, so that a damaged file is found before it is sent.
    for at in 0..zip.len() {
        let mut member = zip.by_index(at).map_err(|error| no(error.to_string()))?;
        let mut buffer = [0; 64 << 10];
        while member.read(&mut buffer).map_err(|error| no(error.to_string()))? > 0 {}
    }
    Ok((digest, zip.len()))
}
