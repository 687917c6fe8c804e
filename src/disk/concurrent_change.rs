//! What is said of a file that somebody else changed while it was worked on.

use std::io;
use std::path::Path;

/// What is said of a file that somebody else changed; the way out is the same everywhere.
pub fn changed() -> io::Error {
    io::Error::other(Changed)
}

/// What is said where two files of others came one after the other, and the first lies aside now.
pub(super) fn changed_twice(aside: &Path) -> io::Error {
    let aside = aside.display();
    io::Error::other(format!("it was changed twice meanwhile: '{aside}' is the one before"))
}

/// Whether an error says that somebody else changed a file.
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
