//! Finishes a sequence in the background while the next one is sent, because the service takes a while and the
//! connection is idle.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::threads::panics::{Panic, caught};

use super::error::Error;
use super::send::Sender;
use super::uploaded_sequence::{Ready, Sent};

/// A request to finish a sequence, running in the background.
pub struct Ending(JoinHandle<Result<Result<Sent, Error>, Panic>>);

impl Ending {
    pub fn ask(sender: &Arc<Sender>, ready: Ready) -> Ending {
        let sender = Arc::clone(sender);
        Ending(thread::spawn(move || caught(|| ready.end(&sender.client, &sender.how))))
    }

    pub fn wait(self) -> Result<Sent, Error> {
        self.0.join().unwrap_or_else(|payload| Err(Panic::new(&*payload)))?
    }
}
