//! Threads that serve. Each has its own connections, from the first byte to the last, with its own timers and queue, so
//! that no request costs a wake of another thread.

use std::io;
use std::sync::Arc;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;

/// The threads, until this is dropped.
#[derive(Debug)]
pub struct Workers {
    /// Where work is given to each.
    pub handles: Arc<[Handle]>,
    _end: watch::Sender<()>,
}

impl Workers {
    /// # Errors
    /// The system gives no more threads or files.
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
        // It never changes, and is closed at the end.
        runtime.block_on(async { while ended.changed().await.is_ok() {} });
        runtime.shutdown_background();
    };
    thread::Builder::new().name(format!("serve-{at}")).spawn(work)?;
    Ok(handle)
}
