//! A server that runs on threads of its own until it is stopped or dropped.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use super::server_state::Site;
use super::settings::ServerSettings;
use super::snapshot::{self, WakeSignal};
use super::upload::Uploads;
use super::workers::Workers;
use super::{ServeError, connection, load, route};

/// A server that runs on threads of its own until it is stopped or dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    images: usize,
    pictures: usize,
    notes: Vec<String>,
    workers: Option<Workers>,
    accepting: JoinHandle<()>,
    bell: WakeSignal,
    /// Held by every request and response in progress.
    pub(super) busy: Arc<()>,
    #[cfg(test)]
    pub(super) crowd: Arc<super::crowd::Crowd>,
}

/// Two threads: the work is lookups and copying, and the machine has to run clients, too.
const THREADS: usize = 2;

/// How long responses in progress may take once the server is stopping.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

impl Server {
    /// Reads the archive, listens, and serves from now on.
    pub fn start(settings: ServerSettings) -> Result<Server, ServeError> {
        // The same archive under another path has the same index.
        let dir = fs::canonicalize(&settings.dir).unwrap_or(settings.dir.clone());
        let settings = ServerSettings { dir, ..settings };
        let cannot =
            |what: String| move |e: std::io::Error| ServeError(format!("cannot {what}: {e}"));
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
        #[cfg(test)]
        let crowd = site.crowd.clone();
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
            #[cfg(test)]
            crowd,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address in the format that clients expect, for the Graph API and for tiles.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL to which clients send the bytes of uploads.
    pub fn upload_url(&self) -> String {
        format!("{}/{}", self.url(), route::UPLOADS)
    }

    /// The number of images.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The number of picture files.
    pub fn pictures(&self) -> usize {
        self.pictures
    }

    /// Notes on what could not be read in the archive, one a line.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// A function that has the server check whether the archive has changed.
    pub fn reloader(&self) -> impl Fn() + Send + use<> {
        let bell = self.bell.clone();
        move || bell.ring()
    }

    /// Accepts no more connections, lets responses in progress end, and returns.
    pub fn stop(mut self) {
        self.accepting.abort();
        let deadline = Instant::now() + STOP_TIMEOUT;
        // One reference is ours, one the site's.
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

/// Watches for changes on a thread of its own, which ends with the server.
fn watch(site: &Arc<Site>, settings: ServerSettings, bell: &WakeSignal) {
    let (site, bell) = (Arc::downgrade(site), bell.clone());
    std::thread::spawn(move || snapshot::watch(&site, &settings, &bell));
}
