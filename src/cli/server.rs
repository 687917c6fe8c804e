//! The flags of the local server.

mod serving;

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::row::Field;
use crate::run::input;
use crate::serve::{BaseMap, Limits, Order, Quality, WebSettings};
use crate::shape::FatalError;

use super::flags::{Room, Size};
use super::written_file::WrittenFile;

/// What is served, and to whom.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// The folder of pictures; rows (CSV or JSON lines) lie at its top, or are named by --rows.
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Rows of the pictures, in any format; may be repeated.
    #[arg(long, value_name = "FILE")]
    rows: Vec<PathBuf>,
    /// Address to listen on [default: loopback].
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Port to listen on; 0 chooses a free one.
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    /// Write the address to FILE when ready, for scripts.
    #[arg(long, value_name = "FILE")]
    address_file: Option<WrittenFile>,
    /// Log requests to FILE, in the Common Log Format.
    #[arg(long, value_name = "FILE")]
    access_log: Option<WrittenFile>,
    /// Accept this token only, instead of any; others on this machine can see it; use --token-file instead.
    #[arg(long, value_name = "TOKEN", conflicts_with = "token_file")]
    token: Option<String>,
    /// Accept the token in FILE only.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Answer this picture as deleted: an id, or a file of rows; may be repeated.
    #[arg(long, value_name = "ID|FILE")]
    gone: Vec<String>,
    /// Picture size of files whose name, folder and row do not tell it.
    #[arg(long, value_name = "QUALITY", default_value = "original", value_parser = super::possible_values::one_of::<Quality>())]
    quality: Quality,
    /// Offer only the sizes in the archive, and scale none down.
    #[arg(long)]
    held_sizes_only: bool,
    /// Lifetime of picture links, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30 * 24 * 3600, value_parser = clap::value_parser!(u64).range(0..=100 * 365 * 24 * 3600))]
    url_life: u64,
    /// Refuse boxes with more images, as the service does in dense places.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    density_limit: usize,
    /// Return at most N images of a box, spread over it, without a notice, as the service does.
    #[arg(long, value_name = "N")]
    thin_to: Option<usize>,
    /// Refuse boxes with a side of 0.01 degrees or more, too.
    #[arg(long)]
    strict_box: bool,
    /// Leave deleted ids out of a batch; the service fails the whole batch.
    #[arg(long)]
    lenient_ids: bool,
}

/// The page for people.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Web page")]
pub struct ShowWeb {
    /// Serve a web page with a map of all sequences and a viewer.
    #[arg(long)]
    web: bool,
    /// Map below the sequences: a PMTiles file, or a style (JSON) or its address [default: none].
    #[arg(long, value_name = "FILE|URL", requires = "web")]
    base_map: Option<String>,
}

/// Whether anything may be added to the archive.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Uploads")]
pub struct TakeUploads {
    /// Accept uploads as the service does: logins, resumable files, sequences.
    #[arg(long)]
    allow_upload: bool,
    /// Folder for uploaded sequences [default: 'uploads' in DIR].
    #[arg(long, value_name = "DIR")]
    inbox: Option<PathBuf>,
    /// Refuse files that are larger.
    #[arg(long, value_name = "SIZE", default_value = "1G")]
    max_upload: Size,
    #[command(flatten)]
    room: Room,
}

/// Injected faults, to test how a client copes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Faults")]
pub struct Faults {
    /// Inject faults into a share of the answers: app-limit, xml, login, retry-after, backoff, transient,
    /// timeout, server, slow, stall, drip, cut, drop, length, expired, html, malformed, error-200,
    /// false-gone, app-usage, offset, upload-cut, finish-failed, short-page, page-gone, bad-next, loop;
    /// throttle, lists and all stand for several.
    ///
    /// Told to be slower: app-limit, xml, login (tiles), retry-after (seconds or a date; as --slow
    /// says), backoff (uploads; the same in milliseconds); throttle is these. Down: transient, timeout, server, drop.
    /// Slow: slow (late by --slow),
    /// stall (stops within the body for 20 times that, then breaks), drip (a byte each tenth of it).
    /// Broken: cut, length, malformed, html (a page with status 200), expired (pictures), error-200
    /// (status 200 with JSON that is no answer), false-gone (said to be deleted, and is not).
    /// app-usage is the right answer, with a quota that is nearly used up. Uploads: offset (said to be
    /// wrong), upload-cut (the connection breaks, and some bytes are kept), finish-failed, and drop,
    /// which keeps what came and loses the answer. Lists: short-page (half of
    /// the rows, going on), page-gone (a page after the first), bad-next (no URL, or a relative one),
    /// loop (the next page is the same); lists is the last three, after which no list can be had
    /// whole, and all is everything but these.
    #[arg(long, value_name = "KIND=SHARE")]
    fault: Vec<Order>,
    /// Fail each request that names this picture with status 500: an id, or a file of rows; may be repeated.
    #[arg(long, value_name = "ID|FILE")]
    poison: Vec<String>,
    /// Seed that selects the answers that fail.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Delay of slow answers, in seconds; stall and drip scale with it.
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = super::request_flags::seconds)]
    slow: f64,
}

impl Serve {
    /// The only token to accept; `None` accepts any.
    fn token(&self) -> Result<Option<String>, FatalError> {
        let Some(file) = &self.token_file else { return Ok(self.token.clone()) };
        let text = open::text(file).at_path(Action::Read, file)?;
        match text.trim() {
            "" => Err(FatalError(format!("there is no token in '{}'", file.display()))),
            token => Ok(Some(token.to_owned())),
        }
    }

    /// A warning if other machines can reach the server and it accepts any token.
    fn opens(&self, takes_uploads: bool) -> Option<String> {
        let is_open = !self.listen.to_canonical().is_loopback()
            && self.token.is_none()
            && self.token_file.is_none();
        let add = if takes_uploads { ", and add to them" } else { "" };
        is_open.then(|| {
            format!(
                "anyone who reaches {} can read all pictures and rows{add}: --token-file lets in only who knows it",
                SocketAddr::new(self.listen, self.port)
            )
        })
    }
}

impl ShowWeb {
    fn settings(&self) -> Result<Option<WebSettings>, FatalError> {
        let base = self.base_map.as_deref().map(BaseMap::read).transpose();
        let base = base.map_err(FatalError::new)?;
        Ok(self.web.then_some(WebSettings { base }))
    }
}

impl TakeUploads {
    fn limits(&self) -> Option<Limits> {
        let (most_bytes, min_free_bytes) = (self.max_upload.0, self.room.min_free.0);
        self.allow_upload.then_some(Limits { most_bytes, min_free_bytes })
    }
}

/// The ids that are given directly or in files of rows.
fn ids(named: &[String]) -> Result<Vec<String>, FatalError> {
    let mut ids = Vec::new();
    for name in named {
        if !fs::metadata(name).is_ok_and(|meta| meta.is_file()) {
            ids.push(name.clone());
        } else {
            for row in input::rows_of(Path::new(name))? {
                let row = row.map_err(|error| FatalError(format!("'{name}': {error}")))?;
                ids.extend(row.get(Field::ImgId).map(String::from));
            }
        }
    }
    Ok(ids)
}
