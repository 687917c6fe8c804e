//! The service's own API over an archive on disk: entities, searches, coverage
//! tiles and pictures, with faults to order. It changes nothing in the archive, but that uploads may come into it.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::{self, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

mod access_log;
mod answer;
mod byte_cache;
mod call;
mod clip;
mod conditional;
mod connection;
mod constant_time;
mod detections;
mod fault_injection;
mod field_types;
mod graph;
mod index;
mod link;
mod load;
mod map_feature_row;
mod map_features;
mod object;
mod origin;
pub mod pace;
mod payload;
mod picture;
mod picture_scan;
mod record;
mod request_handler;
mod route;
pub mod sample_town;
mod search;
mod selectors;
mod settings;
mod site;
mod slow_body;
mod snapshot;
mod spoil;
mod tiles;
mod upload;
mod web;

pub use crate::value::quality::Quality;
pub use fault_injection::{InjectedFault, Order};
pub use settings::{Log, ServerSettings};
pub use site::{SiteCounts, SiteFault, SiteSettings, write as write_site};
pub use upload::Limits;
pub use web::WebSettings;
pub use web::base::{BaseFault, BaseMap};

use fault_injection::FaultInjector;
use index::Index;
use link::Signer;
use picture::MadeCache;
use snapshot::{Bell, Current};
use upload::Uploads;
use upload::accounts::Accounts;

use crate::disk::local_folder::LocalFolder;
use crate::disk::{open, waiting};

/// Why an archive cannot be served.
#[derive(Debug)]
pub struct Unservable(String);

impl fmt::Display for Unservable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unservable {}

/// A server that answers, on threads of its own, until it is stopped or dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    images: usize,
    pictures: usize,
    notes: Vec<String>,
    runtime: Option<Runtime>,
    accepting: JoinHandle<()>,
    bell: Bell,
    /// HeldPicture by every request and answer under way.
    busy: Arc<()>,
}

/// What the answers are made from.
struct Site {
    archive: Current,
    dir: PathBuf,
    local: Option<LocalFolder>,
    signer: Signer,
    dealer: FaultInjector,
    host: String,
    token: Option<String>,
    density_limit: usize,
    thin_to: Option<usize>,
    strict_box: bool,
    held_sizes_only: bool,
    lenient_ids: bool,
    poison: HashSet<String>,
    slow: Duration,
    write_timeout: Duration,
    accounts: Accounts,
    web: Option<WebSettings>,
    uploads: Option<Uploads>,
    bell: Bell,
    made: MadeCache,
    reading: Arc<Semaphore>,
    computing: Arc<Semaphore>,
    log: Option<Log>,
    access_log: Option<Log>,
    busy: Arc<()>,
}

/// Two threads: the work is looking up and copying, and the machine has clients to run, too.
const THREADS: usize = 2;

/// Pictures that are read at once: so many threads a disk that does not answer can hold.
const READING: usize = 64;

/// Tiles and searches that are worked out at once.
const COMPUTING: usize = 8;

/// What pictures that were made smaller may take in memory.
const MADE_BYTES: usize = 64 << 20;

/// How long answers under way may take once the server is to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

impl Server {
    /// Reads the archive, listens, and answers from now on.
    pub fn start(settings: ServerSettings) -> Result<Server, Unservable> {
        // The same archive by another path has the same index.
        let dir = fs::canonicalize(&settings.dir).unwrap_or(settings.dir.clone());
        let settings = ServerSettings { dir, ..settings };
        let cannot =
            |what: String| move |e: std::io::Error| Unservable(format!("cannot {what}: {e}"));
        let uploads = settings.upload.map(|limits| {
            let inbox = settings.inbox();
            Uploads::open(&inbox, limits)
                .map_err(cannot(format!("take uploads into '{}'", inbox.display())))
        });
        let uploads = uploads.transpose()?;
        let index = load::load(&settings)?;
        let notes = index.notes().map_err(cannot("read the index".to_owned()))?;
        let listener = TcpListener::bind(settings.listen)
            .map_err(cannot(format!("listen on '{}'", settings.listen)))?;
        listener.set_nonblocking(true).map_err(cannot("listen".to_owned()))?;
        let address = listener.local_addr().map_err(cannot("learn the port".to_owned()))?;
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .enable_all()
            .build()
            .map_err(cannot("start the threads of the server".to_owned()))?;
        let (images, pictures) = (index.len(), index.pictures_len());
        let site = Arc::new(Site::new(index, address, settings.clone(), uploads));
        let bell = site.bell.clone();
        watch(&site, settings, &bell);
        let busy = site.busy.clone();
        let guard = runtime.enter();
        let listener =
            tokio::net::TcpListener::from_std(listener).map_err(cannot("listen".to_owned()))?;
        drop(guard);
        let accepting = runtime.spawn(connection::accept(listener, site));
        Ok(Server {
            address,
            images,
            pictures,
            notes,
            runtime: Some(runtime),
            accepting,
            bell,
            busy,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as clients want it, for the Graph API and for tiles.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where clients send the bytes of uploads.
    pub fn upload_url(&self) -> String {
        format!("{}/{}", self.url(), route::UPLOADS)
    }

    /// How many images it knows.
    pub fn images(&self) -> usize {
        self.images
    }

    /// How many pictures it holds.
    pub fn pictures(&self) -> usize {
        self.pictures
    }

    /// What was not understood in the archive, a line each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Looks, when called, whether the archive has changed.
    pub fn reloader(&self) -> impl Fn() + Send + use<> {
        let bell = self.bell.clone();
        move || bell.ring()
    }

    /// Takes no more connections, lets answers under way end, and returns.
    pub fn stop(mut self) {
        self.accepting.abort();
        let deadline = Instant::now() + STOP_TIMEOUT;
        // One count is ours, one the site's.
        while Arc::strong_count(&self.busy) > 2 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.close();
    }

    fn close(&mut self) {
        self.bell.end();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.close();
    }
}

/// Looks for changes on a thread of its own, which ends with the server.
fn watch(site: &Arc<Site>, settings: ServerSettings, bell: &Bell) {
    let (site, bell) = (Arc::downgrade(site), bell.clone());
    std::thread::spawn(move || snapshot::watch(&site, &settings, &bell));
}

impl Site {
    fn new(
        index: Index,
        address: SocketAddr,
        settings: ServerSettings,
        uploads: Option<Uploads>,
    ) -> Site {
        // Links outlive a restart with the same settings, as the service's outlive ours.
        let secret =
            format!("{}\n{}", settings.seed, settings.token.as_deref().unwrap_or_default());
        let salt = uploads.as_ref().map_or(String::new(), |uploads| uploads.salt().to_owned());
        Site {
            archive: Current::new(index),
            local: LocalFolder::open(&settings.dir),
            dir: settings.dir,
            accounts: Accounts::new(format!("{secret}\n{salt}")),
            web: settings.web,
            uploads,
            bell: Bell::default(),
            signer: Signer::new(secret, settings.url_life),
            dealer: FaultInjector::new(settings.faults, settings.seed),
            host: address.to_string(),
            token: settings.token,
            density_limit: settings.density_limit,
            thin_to: settings.thin_to,
            strict_box: settings.strict_box,
            held_sizes_only: settings.held_sizes_only,
            lenient_ids: settings.lenient_ids,
            poison: settings.poison.into_iter().collect(),
            slow: settings.slow,
            write_timeout: settings.write_timeout,
            made: MadeCache::new(MADE_BYTES),
            reading: Arc::new(Semaphore::new(READING)),
            computing: Arc::new(Semaphore::new(COMPUTING)),
            log: settings.log,
            access_log: settings.access_log,
            busy: Arc::new(()),
        }
    }

    /// A plain file of the archive: what is a FIFO by now is not waited for.
    ///
    /// # Errors
    /// There is none, or waiting for the disk is refused and needed.
    fn open(&self, path: &Path) -> io::Result<File> {
        let in_memory = self.local.as_ref().filter(|_| !waiting::is_allowed());
        if let Some(file) = in_memory.and_then(|folder| folder.file_in_memory(path)) {
            return Ok(file);
        }
        waiting::ask()?;
        open::file(self.dir.join(path))
    }

    fn log(&self, line: impl FnOnce() -> String) {
        if let Some(log) = &self.log {
            log(&line());
        }
    }
}

#[cfg(test)]
mod tests;
