//! What to serve, and how.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::fault_injection::Order;
use super::upload::{INBOX, Limits};
use super::web::WebSettings;
use crate::value::quality::Quality;

/// Takes a line for each request, without tokens and signatures.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// What to serve, and how.
#[derive(Clone)]
pub struct ServerSettings {
    /// The folder of pictures.
    pub dir: PathBuf,
    /// Where uploaded sequences lie; none means `uploads` in the folder.
    pub inbox: Option<PathBuf>,
    /// Take uploads, up to these limits.
    pub upload: Option<Limits>,
    /// Show a page for people.
    pub web: Option<WebSettings>,
    /// Files of rows; none means those at the top of the folder.
    pub rows: Vec<PathBuf>,
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The one token that is accepted; none accepts any.
    pub token: Option<String>,
    /// Ids of images to answer as deleted.
    pub gone: Vec<String>,
    /// Of pictures whose name, folder and row do not tell.
    pub quality: Quality,
    /// Leave out sizes that are not held, where smaller ones could be made of larger.
    pub held_sizes_only: bool,
    /// How long a picture's link is good.
    pub url_life: Duration,
    /// Boxes with more images are refused, as the service does in dense places.
    pub density_limit: usize,
    /// A search by box lists so many of its images at most, spread over it, and says nothing.
    pub thin_to: Option<usize>,
    /// Refuse boxes with a side of 0.01 degrees, too.
    pub strict_box: bool,
    /// Leave dead ids out of a batch, where the service fails the batch.
    pub lenient_ids: bool,
    /// Ids of images that spoil every request that names them.
    pub poison: Vec<String>,
    pub faults: Vec<Order>,
    pub seed: u64,
    /// How long a slow answer waits; others wait for parts or multiples of it.
    pub slow: Duration,
    /// A client that takes nothing of its answer for so long is left.
    pub write_timeout: Duration,
    /// From so many images on the index is a file beside the archive; smaller ones are read anew by each run.
    pub index_from: usize,
    /// How often it is looked whether the archive has changed.
    pub watch: Duration,
    pub log: Option<Log>,
    /// Takes a line of the Common Log Format for each request.
    pub access_log: Option<Log>,
}

impl ServerSettings {
    /// Where uploaded sequences lie.
    pub fn inbox(&self) -> PathBuf {
        self.inbox.clone().unwrap_or_else(|| self.dir.join(INBOX))
    }

    /// Serves `dir` on a free port of this machine, faultlessly.
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
            index_from: 20_000,
            watch: Duration::from_secs(10),
            log: None,
            access_log: None,
        }
    }
}
