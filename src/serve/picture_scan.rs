//! Finds the pictures in a folder, with their image and quality, by file name, so that an archive can be moved.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::boundary::Boundary;
use super::index::build::{Builder, LocatedPicture};
use super::index::freshness::Sources;
use super::index::path_encoding;
use super::index::tar_version::TarVersion;
use crate::archive::packed;
use crate::disk::walk;
use crate::row::Field;
use crate::value::quality::Quality;

/// Finds the pictures of the builder's images below `dir`. `quality_of` gives the quality of a picture whose name and
/// folders do not; paths are stored relative to `base`. Files that are found but not served are noted, one a line.
pub fn find(
    (dir, base): (&Path, &Path),
    boundary: &Boundary,
    builder: &mut Builder,
    sources: &mut Sources,
    quality_of: impl Fn(u32) -> Quality,
    note: &mut impl FnMut(String),
) -> io::Result<()> {
    for Found { path, is_link } in pictures_below(dir)? {
        let file =
            if is_link { boundary.behind(&path).unwrap_or_default() } else { Some(path.clone()) };
        let Some(file) = file else {
            note(link_out(&path));
            continue;
        };
        let below = path.strip_prefix(base).unwrap_or(&path);
        let file = file.strip_prefix(base).unwrap_or(&file);
        let of_folders = quality_of_folders(below)
            .or_else(|| dir.file_name()?.to_str().and_then(quality_of_folder));
        if packed::sniff::is_compressed_tar(&path) {
            note(packed::sniff::unread(&path));
        } else if packed::is_tar(&path) {
            sources.add(&path);
            sources.add(&packed::index_of(&path));
            let quality_of = |image| of_folders.unwrap_or_else(|| quality_of(image));
            add_tar(builder, &path, file, quality_of, note)?;
        } else if let Some((image, named)) = identify(&path, builder) {
            let quality = named.or(of_folders).unwrap_or_else(|| quality_of(image));
            add(builder, image, quality, file)?;
        }
    }
    Ok(())
}

/// Adds a picture at a path, if its name is that of a picture.
pub fn add(builder: &mut Builder, image: u32, quality: Quality, path: &Path) -> io::Result<()> {
    if let Some(is_webp) = is_webp(path) {
        let path = builder.write_path(&path_encoding::to_bytes(path))?;
        builder.found.push(LocatedPicture { image, quality, path, part: None, is_webp });
    }
    Ok(())
}

/// Adds the pictures of a tar, by its index or by its headers.
fn add_tar(
    builder: &mut Builder,
    tar: &Path,
    below: &Path,
    quality_of: impl Fn(u32) -> Quality,
    note: &mut impl FnMut(String),
) -> io::Result<()> {
    let path = builder.write_tar(&path_encoding::to_bytes(below), TarVersion::at(tar))?;
    for member in packed::read_now(tar).map_err(io::Error::other)? {
        let name = Path::new(&member.name);
        let (Some(is_webp), Some((image, named))) = (is_webp(name), identify(name, builder)) else {
            continue;
        };
        let said = member.row.get(Field::Quality).and_then(|name| name.parse().ok());
        let quality = said.or(named).unwrap_or_else(|| quality_of(image));
        if member.pieces.is_some() {
            let what = format!("'{}' in '{}' is stored with holes", member.name, tar.display());
            note(format!("{what}, and not served: unpack-tar takes it out"));
            continue;
        }
        let part = Some((member.offset, member.bytes));
        builder.found.push(LocatedPicture { image, quality, path, part, is_webp });
    }
    Ok(())
}

/// Whether a picture is a WebP or a JPEG, by its file extension; `None` if it is not a picture.
pub fn is_webp(path: &Path) -> Option<bool> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => Some(false),
        "webp" => Some(true),
        _ => None,
    }
}

/// The image, and the quality if the name has it: `<id>`, `<id>_<quality>`, or an id among other words.
fn identify(path: &Path, builder: &Builder) -> Option<(u32, Option<Quality>)> {
    let stem = path.file_stem()?.to_str()?;
    if let Some(image) = builder.number_of(stem) {
        return Some((image, None));
    }
    let words: Vec<&str> = words(stem).collect();
    let (id, image) = words.iter().find_map(|word| Some((word, builder.number_of(word)?)))?;
    let quality = words.iter().filter(|word| word != &id).find_map(|word| word.parse().ok());
    Some((image, quality))
}

/// Whether the name of a member is that of a picture of this image.
pub fn is_of(member: &str, id: &str) -> bool {
    let stem = Path::new(member).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem == id || words(stem).any(|word| word == id)
}

fn words(stem: &str) -> impl Iterator<Item = &str> {
    stem.split(['_', '-', '.', ' '])
}

/// The innermost folder that names a quality.
fn quality_of_folders(path: &Path) -> Option<Quality> {
    path.parent()?.iter().rev().find_map(|folder| quality_of_folder(folder.to_str()?))
}

/// `2048`, or the name of a folder in other archives: `mapillary-ada-2048-webp`.
fn quality_of_folder(name: &str) -> Option<Quality> {
    let name = name.strip_suffix("-webp").unwrap_or(name);
    let last = name.rsplit('-').next()?;
    (last == name || name.starts_with("mapillary-")).then(|| last.parse().ok())?
}

/// A picture or a tar in a folder.
struct Found {
    path: PathBuf,
    is_link: bool,
}

fn link_out(link: &Path) -> String {
    let name = link.display();
    format!(
        "'{name}' is a link out of the archive, or to nothing, and not served: link the folder instead"
    )
}

/// Every picture and every tar below `dir`, sorted by name. Hidden folders are skipped: they hold data of the tools and
/// incomplete files.
fn pictures_below(dir: &Path) -> io::Result<Vec<Found>> {
    // A missing folder is an error.
    fs::read_dir(dir)?;
    let mut pictures = Vec::new();
    for entry in walk::all(dir) {
        let walk::Entry { path, kind, is_link } = entry?;
        if kind == walk::Kind::File && (is_webp(&path).is_some() || is_any_tar(&path)) {
            pictures.push(Found { path, is_link });
        }
    }
    pictures.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(pictures)
}

fn is_any_tar(path: &Path) -> bool {
    packed::is_tar(path) || packed::sniff::is_compressed_tar(path)
}
