//! The shared state of a running server, from which responses are made.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::crowd::Crowd;
use super::fault_injection::FaultInjector;
use super::index::Index;
use super::link::Signer;
use super::picture::MadeCache;
use super::settings::{Log, ServerSettings};
use super::snapshot::{Current, WakeSignal};
use super::upload::Uploads;
use super::upload::accounts::Accounts;
use super::web::WebSettings;
use crate::disk::cached_folder::LocalFolder;
use crate::disk::{cached_io, open};

/// The maximum number of pictures read at once, which is also the number of threads that an unresponsive disk can
/// block.
const READING: usize = 64;

/// The maximum number of tiles and searches computed at once.
const COMPUTING: usize = 8;

/// The memory limit for pictures that were scaled down.
const MADE_BYTES: usize = 64 << 20;

/// The shared state from which responses are made.
pub struct Site {
    pub archive: Current,
    pub dir: PathBuf,
    pub local: Option<LocalFolder>,
    pub signer: Signer,
    pub dealer: FaultInjector,
    pub host: String,
    pub token: Option<String>,
    pub density_limit: usize,
    pub thin_to: Option<usize>,
    pub strict_box: bool,
    pub held_sizes_only: bool,
    pub lenient_ids: bool,
    pub poison: HashSet<String>,
    pub slow: Duration,
    pub write_timeout: Duration,
    pub accounts: Accounts,
    pub web: Option<WebSettings>,
    pub uploads: Option<Uploads>,
    pub bell: WakeSignal,
    pub made: MadeCache,
    pub reading: Arc<Semaphore>,
    pub computing: Arc<Semaphore>,
    /// The runtime for such work: a single pool, since each of its threads keeps memory for the next tile.
    pub blocking: Handle,
    pub log: Option<Log>,
    pub warnings: Option<Log>,
    pub access_log: Option<Log>,
    pub busy: Arc<()>,
    pub crowd: Arc<Crowd>,
}

impl Site {
    pub fn new(
        index: Index,
        address: SocketAddr,
        settings: ServerSettings,
        uploads: Option<Uploads>,
        blocking: Handle,
    ) -> Site {
        // Links stay valid after a restart with the same settings, like those of the service, which survive ours.
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
            bell: WakeSignal::default(),
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
            blocking,
            log: settings.log,
            warnings: settings.warnings,
            access_log: settings.access_log,
            busy: Arc::new(()),
            crowd: Arc::new(Crowd::new(settings.crowded_idle)),
        }
    }

    /// Opens a regular file of the archive, without waiting if it has become a FIFO, and not if it has become a link.
    ///
    /// # Errors
    /// The file does not exist, or a necessary wait for the disk is refused.
    pub fn open(&self, path: &Path) -> io::Result<File> {
        let in_memory = self.local.as_ref().filter(|_| !cached_io::is_allowed());
        if let Some(file) = in_memory.and_then(|folder| folder.file_in_memory(path)) {
            return Ok(file);
        }
        cached_io::ask()?;
        open::file_not_link(self.dir.join(path))
    }

    /// Warns the one who runs the server.
    pub fn warn(&self, line: &str) {
        if let Some(warnings) = &self.warnings {
            warnings(line);
        }
    }

    pub fn log(&self, line: impl FnOnce() -> String) {
        if let Some(log) = &self.log {
            log(&line());
        }
    }
}
