//! The error for a file that another process changed during the work.

use std::io;
use std::path::Path;

/// The error for a file that another process changed; its advice is always the same.
pub fn changed() -> io::Error {
    io::Error::other(Changed)
}

/// The error if other programs put two files there one after the other; the first is now named `aside`.
pub(super) fn changed_twice(aside: &Path) -> io::Error {
    let aside = aside.display();
    io::Error::other(format!("it was changed twice meanwhile: '{aside}' is the one before"))
}

/// Whether an error reports that another process changed a file.
pub fn is_change(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Changed>())
}

#[derive(Debug)]
struct Changed;

impl std::fmt::Display for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it was changed by another process meanwhile: run again")
    }
}

impl std::error::Error for Changed {}
