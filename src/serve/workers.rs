//! Server threads, each with its own connections, timers and queue, so that no request has to wake another thread.

use std::io;
use std::sync::Arc;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;

/// The threads, which run until this is dropped.
#[derive(Debug)]
pub struct Workers {
    /// The runtime of each thread, to spawn work on.
    pub handles: Arc<[Handle]>,
    _end: watch::Sender<()>,
}

impl Workers {
    /// # Errors
    /// The system provides no more threads or files.
    pub fn start(count: usize) -> io::Result<Workers> {
        let (end, ended) = watch::channel(());
        let handles = (0..count).map(|at| worker(at, ended.clone()));
        Ok(Workers { handles: handles.collect::<io::Result<_>>()?, _end: end })
    }
}

fn worker(at: usize, mut ended: watch::Receiver<()>) -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let work = move || {
        // The value never changes; the channel closes at the end.
        runtime.block_on(async { while ended.changed().await.is_ok() {} });
        runtime.shutdown_background();
    };
    thread::Builder::new().name(format!("serve-{at}")).spawn(work)?;
    Ok(handle)
}
