//! Exports an archive as a folder for any web host: the page of [`super::web`], the map as PMTiles, the rows in blocks.
//! The pictures stay where they are, in their tars, and are read by ranges.

mod row_blocks;
mod tile_archive;

use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use serde_json::json;

use super::index::Index;
use super::web::assets::{ASSETS, Asset};
use super::web::{LICENCE, summary};
use super::{ServeError, ServerSettings, load};
use crate::disk::atomic_file::Replacement;
use crate::disk::{Action, AtPath, PathError};

/// The sources of a site, and its folder.
#[derive(Debug, Clone)]
pub struct SiteSettings {
    pub dir: PathBuf,
    pub rows: Vec<PathBuf>,
    pub into: PathBuf,
    /// The URL of the archive as the page sees it; by default the relative path from one folder to the other.
    pub pictures: Option<String>,
}

/// Counts of the exported site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteCounts {
    pub images: u64,
    pub tiles: u64,
    pub files: u64,
    /// Images without a picture in the archive: they are still on the map.
    pub without_picture: u64,
    pub notes: Vec<String>,
}

/// Why a site cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum SiteFault {
    #[error("{0}")]
    Archive(#[from] ServeError),
    #[error(transparent)]
    Path(#[from] PathError),
    #[error(
        "there is no way from '{0}' to the pictures of '{1}': put it into the archive, or say with --pictures where they are"
    )]
    NoWay(String, String),
}

/// Writes the folder. Files get their names once they are complete, and `index.html`, which leads to the others, comes
/// last.
pub fn write(settings: &SiteSettings) -> Result<SiteCounts, SiteFault> {
    let archive =
        ServerSettings { rows: settings.rows.clone(), ..ServerSettings::new(&settings.dir) };
    let fault = PathError::at(Action::WriteIn, &settings.into);
    // Before the site's folder is made, which may be in this one.
    fs::read_dir(&settings.dir).at_path(Action::Read, &settings.dir)?;
    fs::create_dir_all(&settings.into).map_err(fault)?;
    let pictures = match &settings.pictures {
        Some(url) if url.ends_with('/') => url.clone(),
        Some(url) => format!("{url}/"),
        None => way(&settings.into, &settings.dir).ok_or_else(|| {
            let shown = |path: &Path| path.display().to_string();
            SiteFault::NoWay(shown(&settings.into), shown(&settings.dir))
        })?,
    };
    let index = load::load(&archive)?;
    Ok(make(&index, settings, &pictures).map_err(fault)?)
}

fn make(index: &Index, settings: &SiteSettings, pictures: &str) -> io::Result<SiteCounts> {
    let into = &*settings.into;
    let tiles = tile_archive::write(index, &into.join("coverage.pmtiles"))?;
    let made = row_blocks::write(index, &settings.dir, into)?;
    let [text, url] = LICENCE;
    let config = json!({
        "kind": "static",
        "pictures": pictures,
        "index": made.index,
        "licence": {"text": text, "url": url},
    });
    write_file(&into.join("config.json"), config.to_string().as_bytes())?;
    write_file(&into.join("summary.json"), summary::summary(index)?.to_string().as_bytes())?;
    let is_page = |asset: &&Asset| asset.name == "index.html";
    let others = ASSETS.iter().filter(|asset| !is_page(asset));
    for asset in others.chain(ASSETS.iter().filter(is_page)) {
        write_file(&into.join(asset.name), &asset.unpacked()?)?;
    }
    Ok(SiteCounts {
        images: index.len() as u64,
        tiles,
        files: ASSETS.len() as u64 + 5,
        without_picture: made.without_picture,
        notes: index.notes()?,
    })
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Replacement::create(path)?;
    file.write_all(bytes)?;
    file.finish(Some(bytes.len() as u64), false)
}

/// The relative URL of a folder as seen from another one, if there is one: `../` or `../../tars/`.
fn way(from: &Path, to: &Path) -> Option<String> {
    let (from, to) = (fs::canonicalize(from).ok()?, fs::canonicalize(to).ok()?);
    // A host serves what is below its folder: the page can reach only an archive around it or below it.
    if !from.starts_with(&to) && !to.starts_with(&from) {
        return None;
    }
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let mut address = "../".repeat(from.components().count() - common);
    for part in to.components().skip(common) {
        let Component::Normal(name) = part else { return None };
        address.push_str(&encoded(Path::new(name)));
        address.push('/');
    }
    Some(if address.is_empty() { "./".to_owned() } else { address })
}

/// A path escaped for a URL.
fn encoded(path: &Path) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
    const PLAIN: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
    percent_encode(&super::index::path_encoding::to_bytes(path), PLAIN).to_string()
}

#[cfg(test)]
mod tests;
