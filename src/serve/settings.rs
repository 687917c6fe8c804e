//! Settings of the server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::crowd::IDLE;
use super::fault_injection::Order;
use super::upload::{INBOX, Limits};
use super::web::WebSettings;
use crate::value::quality::Quality;

/// A log that gets a line for each request, without tokens and signatures.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// Settings of the server.
#[derive(Clone)]
pub struct ServerSettings {
    /// The folder of pictures.
    pub dir: PathBuf,
    /// The folder of uploaded sequences; the default is `uploads` in the folder.
    pub inbox: Option<PathBuf>,
    /// Accept uploads, up to these limits.
    pub upload: Option<Limits>,
    /// Serve the web page.
    pub web: Option<WebSettings>,
    /// Files of rows; the default is those at the top of the folder.
    pub rows: Vec<PathBuf>,
    /// Port 0 selects a free one.
    pub listen: SocketAddr,
    /// The only token that is accepted; `None` accepts any.
    pub token: Option<String>,
    /// Ids of images to report as deleted.
    pub gone: Vec<String>,
    /// The quality of pictures whose name, folder and row do not give it.
    pub quality: Quality,
    /// Leave out sizes that the archive lacks, instead of scaling larger ones down.
    pub held_sizes_only: bool,
    /// How long the link of a picture is valid.
    pub url_life: Duration,
    /// Boxes with more images are refused, as by the service in dense areas.
    pub density_limit: usize,
    /// A search by box silently returns at most this many of its images, spread over it.
    pub thin_to: Option<usize>,
    /// Also refuse boxes with a side of 0.01 degrees.
    pub strict_box: bool,
    /// Leave dead ids out of a batch, where the service would fail the whole batch.
    pub lenient_ids: bool,
    /// Ids of images that make every request naming them fail.
    pub poison: Vec<String>,
    pub faults: Vec<Order>,
    pub seed: u64,
    /// The delay of a slow response; other faults wait for fractions or multiples of it.
    pub slow: Duration,
    /// A client that reads nothing of its response for this long is disconnected.
    pub write_timeout: Duration,
    /// How long a connection may wait for a request while others cannot connect.
    pub crowded_idle: Duration,
    /// From this many images on the index is a file beside the archive; smaller ones are built again by each run.
    pub index_from: usize,
    /// How often to check whether the archive has changed.
    pub watch: Duration,
    pub log: Option<Log>,
    /// A log that gets a line when the archive has become smaller, or cannot be read.
    pub warnings: Option<Log>,
    /// A log that gets a line in Common Log Format for each request.
    pub access_log: Option<Log>,
}

impl ServerSettings {
    /// The folder of uploaded sequences.
    pub fn inbox(&self) -> PathBuf {
        self.inbox.clone().unwrap_or_else(|| self.dir.join(INBOX))
    }

    /// Serves `dir` on a free port of this machine, without faults.
    pub fn new(dir: impl Into<PathBuf>) -> ServerSettings {
        ServerSettings {
            dir: dir.into(),
            inbox: None,
            upload: None,
            web: None,
            rows: Vec::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            token: None,
            gone: Vec::new(),
            quality: Quality::Original,
            held_sizes_only: false,
            url_life: Duration::from_secs(30 * 24 * 3600),
            density_limit: 20_000,
            thin_to: None,
            strict_box: false,
            lenient_ids: false,
            poison: Vec::new(),
            faults: Vec::new(),
            seed: 0,
            slow: Duration::from_secs(5),
            write_timeout: Duration::from_secs(60),
            crowded_idle: IDLE,
            index_from: 20_000,
            watch: Duration::from_secs(10),
            log: None,
            warnings: None,
            access_log: None,
        }
    }
}
