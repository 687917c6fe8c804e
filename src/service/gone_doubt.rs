//! Doubts that pictures are gone if the service says so of all: a token that may not see them gets the same answer, and so
//! does everybody on a bad day of the service.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// As many as are requested at once: fewer may well be gone together.
const MOST: usize = 50;

/// What was found so far.
#[derive(Debug)]
pub struct GoneDoubt {
    is_any_known: AtomicBool,
    gone: AtomicUsize,
}

impl GoneDoubt {
    /// `believes`: doubt nothing.
    pub fn new(believes: bool) -> GoneDoubt {
        GoneDoubt { is_any_known: AtomicBool::new(believes), gone: AtomicUsize::new(0) }
    }

    /// Notes an object that the service knows.
    pub fn found(&self) {
        self.is_any_known.store(true, Ordering::Relaxed);
    }

    /// Notes objects that are said to be gone. Returns how many there are by now, if they are to be doubted.
    pub fn gone(&self, count: usize) -> Option<usize> {
        let gone = self.gone.fetch_add(count, Ordering::Relaxed) + count;
        let is_doubtful = gone >= MOST && !self.is_any_known.load(Ordering::Relaxed);
        is_doubtful.then_some(gone)
    }
}

/// Whether the reason names another id than the requested one: `Object with ID '1' does not exist`.
pub fn names_other(reason: &str, id: &str) -> bool {
    let named = reason.split_once("ID '").and_then(|(_, rest)| rest.split_once('\''));
    named.is_some_and(|(named, _)| named != id)
}
