//! Converts a panic to an error, so that a panic in one thread ends the run instead of leaving it waiting.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A bug that stopped the work, with a message for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("internal error: {0}; this is a bug, please report it")]
pub struct Panic(String);

/// Runs the work; a panic in it becomes an error with the panic's message.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panic> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| Panic::new(&*payload))
}

thread_local! {
    static IS_FOREIGN: Cell<bool> = const { Cell::new(false) };
}

/// Runs code of a dependency that panics on bad input. The hook for panics need not report these, see [`is_foreign`].
pub fn caught_foreign<T>(work: impl FnOnce() -> T) -> Result<T, Panic> {
    let before = IS_FOREIGN.replace(true);
    let done = caught(work);
    IS_FOREIGN.set(before);
    done
}

/// Whether this thread runs code whose panics are reported as errors of the input.
pub fn is_foreign() -> bool {
    IS_FOREIGN.get()
}

impl Panic {
    /// From the payload of a panic.
    pub fn new(payload: &(dyn Any + Send)) -> Panic {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_string());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Panic(text.unwrap_or_else(|| "?".to_string()))
    }

    /// The message of the panic, for callers who know that the bug is in other code.
    pub fn words(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests;
