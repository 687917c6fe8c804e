//! The service's own API over an archive on disk: entities, searches, coverage
//! tiles and pictures, with faults to order. It changes nothing in the archive, but that uploads may come into it.

use std::fmt;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

mod access_log;
mod answer;
mod byte_cache;
mod call;
mod chunk;
mod clip;
mod conditional;
mod connection;
mod constant_time;
mod detections;
mod entity_cache;
mod fast_path;
mod fault_injection;
mod field_types;
mod graph;
mod impatient;
mod index;
mod link;
mod live_site;
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
mod socket;
mod spoil;
mod tiles;
mod upload;
mod web;
mod workers;

pub use crate::value::quality::Quality;
pub use fault_injection::{InjectedFault, Order};
pub use settings::{Log, ServerSettings};
pub use site::{SiteCounts, SiteFault, SiteSettings, write as write_site};
pub use upload::Limits;
pub use web::WebSettings;
pub use web::base::{BaseFault, BaseMap};

use live_site::Site;
use snapshot::Bell;
use upload::Uploads;
use workers::Workers;

use crate::disk::PathError;

/// Why an archive cannot be served.
#[derive(Debug)]
pub struct Unservable(String);

impl fmt::Display for Unservable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unservable {}

impl From<PathError> for Unservable {
    fn from(error: PathError) -> Unservable {
        Unservable(error.to_string())
    }
}

/// A server that answers, on threads of its own, until it is stopped or dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    images: usize,
    pictures: usize,
    notes: Vec<String>,
    workers: Option<Workers>,
    accepting: JoinHandle<()>,
    bell: Bell,
    /// Held by every request and answer under way.
    busy: Arc<()>,
}

/// Two threads: the work is looking up and copying, and the machine has clients to run, too.
const THREADS: usize = 2;

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
        let workers = Workers::start(THREADS)
            .map_err(cannot("start the threads of the server".to_owned()))?;
        let (images, pictures) = (index.len(), index.pictures_len());
        let blocking = workers.handles[0].clone();
        let site = Arc::new(Site::new(index, address, settings.clone(), uploads, blocking));
        let bell = site.bell.clone();
        watch(&site, settings, &bell);
        let busy = site.busy.clone();
        let guard = workers.handles[0].enter();
        let listener =
            tokio::net::TcpListener::from_std(listener).map_err(cannot("listen".to_owned()))?;
        drop(guard);
        let handles = Arc::clone(&workers.handles);
        let accepting = workers.handles[0].spawn(connection::accept(listener, handles, site));
        Ok(Server {
            address,
            images,
            pictures,
            notes,
            workers: Some(workers),
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
        self.workers = None;
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

#[cfg(test)]
mod tests;
