//! The end of a sequence beside the sending of the next: the service takes its time over it, and the line is free.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::threads::panics::{Panic, caught};

use super::error::Error;
use super::send::Sender;
use super::uploaded_sequence::{Ready, Sent};

/// An end that was asked for.
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
