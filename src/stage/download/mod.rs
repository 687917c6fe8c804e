//! download: saves pictures to disk. It has three parts: pictures that exist already, links for the rows without a
//! valid one, 50 at a time, and the pictures one by one.

pub mod folder;
pub mod layout;

mod detect_quality;
mod fetch;
mod find_existing;
mod finish;
mod part;
mod picture_urls;
mod present;
mod requested_values;

use std::path::PathBuf;
use std::sync::Arc;

use crate::row::{Field, Row};
use crate::service::Client;
use crate::value::quality::Quality;

use crate::query::known::KnownIds;
use crate::shape::{Batch, FatalError, RowError};
use folder::Folder;
use layout::Layout;

/// The options of download.
pub struct DownloadOptions {
    pub client: Arc<Client>,
    pub into: PathBuf,
    pub quality: Option<Quality>,
    /// Take the next smaller one if it is missing.
    pub fallback: bool,
    pub layout: Layout,
    pub sidecar: bool,
    pub sync: bool,
    pub sha256: bool,
    pub min_free_bytes: u64,
    /// How often a rejected link is requested again.
    pub retries: u32,
    pub known: KnownIds,
    pub recheck: bool,
    pub force: bool,
    pub dry_run: bool,
    /// The folder of the temporary file with what is in tars.
    pub tmp_dir: PathBuf,
}

/// The state shared by the parts.
struct Job {
    settings: DownloadOptions,
    folder: Folder,
}

/// The parts, in order. Fails if the folder cannot be used with these options.
pub fn parts(settings: DownloadOptions) -> Result<Vec<Arc<dyn Batch>>, FatalError> {
    let folder = Folder::open(&settings.into, &settings.tmp_dir)?;
    if let (false, Some(asked), Some(there)) =
        (settings.layout.names_quality(), settings.quality, folder.quality())
        && asked != there
    {
        return Err(FatalError(mixed(&settings, there, asked)));
    }
    let job = Arc::new(Job { settings, folder });
    Ok(vec![
        Arc::new(present::Present(Arc::clone(&job))),
        Arc::new(picture_urls::Links(Arc::clone(&job))),
        Arc::new(fetch::Fetch(job)),
    ])
}

impl Job {
    /// The wanted quality of the row's picture: from the row, otherwise from the flag, otherwise the original.
    fn wanted(&self, row: &Row) -> Result<Quality, RowError> {
        let said = match row.get(Field::Quality) {
            Some(text) => Some(text.parse().map_err(|_| row.wrong(Field::Quality, "a quality"))?),
            None => self.settings.quality,
        };
        let quality = said.unwrap_or(Quality::Original);
        match self.folder_quality() {
            Some(there) if !self.settings.may_mix(there, quality) => {
                Err(mixed(&self.settings, there, quality).into())
            }
            _ => Ok(quality),
        }
    }

    /// The message if the row has a different quality than the flag, which applies to rows without one.
    fn other_than_asked(&self, row: &Row) -> Option<String> {
        let (said, asked) = (row.get(Field::Quality)?, self.settings.quality?);
        let is_other = said.parse::<Quality>().is_ok_and(|said| said != asked);
        is_other.then(|| {
            format!(
                "rows say quality {said}, which counts more than --quality {asked}: it is chosen by \
                 'get-meta --quality {asked}', or here where 'rows' leaves the column out"
            )
        })
    }

    /// The only quality of the folder, if paths do not state it.
    fn folder_quality(&self) -> Option<Quality> {
        self.folder.quality().filter(|_| !self.settings.layout.names_quality())
    }

    /// The paths of the row's picture under the folder, as JPEG and as WebP.
    fn paths(&self, row: &Row, quality: Quality) -> Result<[String; 2], RowError> {
        let path = |ending| self.settings.layout.path(row, quality, ending);
        Ok([path("jpg")?, path("webp")?])
    }

    /// The fields to request of a picture: its links, the values that its path and time are made from, and those that
    /// distinguish its original from reduced versions.
    fn fields(&self, wanted: Quality) -> Vec<Field> {
        let depth = if self.settings.fallback { Quality::ALL.len() } else { 1 };
        let links = wanted.downward().take(depth).map(crate::query::thumbnail_urls::field);
        links.chain([Field::SeqId, Field::CapturedAt, Field::Width, Field::Height]).collect()
    }
}

impl DownloadOptions {
    /// Whether a folder of pictures of one quality may also hold another.
    fn may_mix(&self, there: Quality, quality: Quality) -> bool {
        quality == there || (self.fallback && quality < there)
    }
}

fn mixed(settings: &DownloadOptions, there: Quality, asked: Quality) -> String {
    format!(
        "'{}' holds pictures of quality {there}, and {asked} is asked for: take another --into, or \
         a --layout with {{quality}}",
        settings.into.display()
    )
}
