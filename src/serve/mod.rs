//! The service's own API over an archive on disk: entities, searches, coverage
//! tiles and pictures, with faults to order. It changes nothing in the archive.

use std::collections::HashSet;
use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::runtime::{self, Runtime};
use tokio::task::JoinHandle;

mod answer;
mod archive;
mod brake;
mod fault_injection;
mod graph;
mod http;
mod load;
mod picture;
mod picture_index;
mod record;
mod route;
mod search;
mod spoil;
mod tiles;

pub use crate::value::quality::Quality;
pub use fault_injection::Order;

use archive::Archive;
use fault_injection::FaultInjector;
use picture::Signer;
use picture_index::PictureIndex;

/// Takes a line for each request, without tokens and signatures.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// What to serve, and how.
#[derive(Clone)]
pub struct ServerSettings {
    /// The folder of pictures.
    pub dir: PathBuf,
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
    /// How long a picture's link is good.
    pub url_life: Duration,
    /// Boxes with more images are refused, as the service does in dense places.
    pub density_limit: usize,
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
    pub log: Option<Log>,
}

impl ServerSettings {
    /// Serves `dir` on a free port of this machine, faultlessly.
    pub fn of(dir: impl Into<PathBuf>) -> ServerSettings {
        ServerSettings {
            dir: dir.into(),
            rows: Vec::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            token: None,
            gone: Vec::new(),
            quality: Quality::Original,
            url_life: Duration::from_secs(30 * 24 * 3600),
            density_limit: 20_000,
            strict_box: false,
            lenient_ids: false,
            poison: Vec::new(),
            faults: Vec::new(),
            seed: 0,
            slow: Duration::from_secs(5),
            log: None,
        }
    }
}

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
    /// HeldPicture by every request and answer under way.
    busy: Arc<()>,
}

/// What the answers are made from.
struct Site {
    archive: Archive,
    pictures: PictureIndex,
    signer: Signer,
    dealer: FaultInjector,
    host: String,
    token: Option<String>,
    density_limit: usize,
    strict_box: bool,
    lenient_ids: bool,
    poison: HashSet<String>,
    slow: Duration,
    log: Option<Log>,
    busy: Arc<()>,
}

/// Two threads: the work is looking up and copying, and the machine has clients to run, too.
const THREADS: usize = 2;

/// A client that sends no whole request head within this time has gone.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// How long answers under way may take once the server is to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

impl Server {
    /// Reads the archive, listens, and answers from now on.
    pub fn start(settings: ServerSettings) -> Result<Server, Unservable> {
        let cannot =
            |what: String| move |e: std::io::Error| Unservable(format!("cannot {what}: {e}"));
        let loaded = load::load(&settings)?;
        let listener = TcpListener::bind(settings.listen)
            .map_err(cannot(format!("listen on '{}'", settings.listen)))?;
        listener.set_nonblocking(true).map_err(cannot("listen".to_owned()))?;
        let address = listener.local_addr().map_err(cannot("learn the port".to_owned()))?;
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .enable_all()
            .build()
            .map_err(cannot("start the threads of the server".to_owned()))?;
        let (images, pictures) = (loaded.archive.len(), loaded.pictures.len());
        let site = Arc::new(Site::new(loaded.archive, loaded.pictures, address, settings));
        let busy = site.busy.clone();
        let guard = runtime.enter();
        let listener =
            tokio::net::TcpListener::from_std(listener).map_err(cannot("listen".to_owned()))?;
        drop(guard);
        let accepting = runtime.spawn(accept(listener, site));
        Ok(Server {
            address,
            images,
            pictures,
            notes: loaded.notes,
            runtime: Some(runtime),
            accepting,
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

impl Site {
    fn new(
        archive: Archive,
        pictures: PictureIndex,
        address: SocketAddr,
        settings: ServerSettings,
    ) -> Site {
        // Links outlive a restart with the same settings, as the service's outlive ours.
        let secret =
            format!("{}\n{}", settings.seed, settings.token.as_deref().unwrap_or_default());
        Site {
            archive,
            pictures,
            signer: Signer::new(secret, settings.url_life),
            dealer: FaultInjector::new(settings.faults, settings.seed),
            host: address.to_string(),
            token: settings.token,
            density_limit: settings.density_limit,
            strict_box: settings.strict_box,
            lenient_ids: settings.lenient_ids,
            poison: settings.poison.into_iter().collect(),
            slow: settings.slow,
            log: settings.log,
            busy: Arc::new(()),
        }
    }

    fn log(&self, line: &str) {
        if let Some(log) = &self.log {
            log(line);
        }
    }
}

async fn accept(listener: tokio::net::TcpListener, site: Arc<Site>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, for one: others will be closed in a while.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Small answers must not wait for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        let site = site.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| http::serve(site.clone(), request));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .serve_connection(TokioIo::new(stream), service);
            // It ends in an error when a fault was ordered or the client has gone.
            let _ = connection.await;
        });
    }
}

#[cfg(test)]
mod tests;
