//! Claims on paths being written: a duplicate row waits for the first.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Condvar, Mutex};

use crate::shape::RowError;

use super::case_folding::CaseFolding;
use super::lock;

/// The paths that are being written.
pub struct PathClaims {
    busy: Mutex<HashSet<String>>,
    freed: Condvar,
    names: CaseFolding,
}

/// A path that no other thread writes while this is held.
pub struct Claim<'a> {
    claims: &'a PathClaims,
    path: String,
}

impl PathClaims {
    /// For paths below a folder.
    pub fn on_disk_of(dir: &Path) -> PathClaims {
        let names = CaseFolding::of_disk(dir);
        PathClaims { busy: Mutex::default(), freed: Condvar::new(), names }
    }

    /// Waits until no other thread writes this path.
    ///
    /// # Errors
    /// If the disk would treat it as a different path.
    pub fn claim(&self, path: &str) -> Result<Claim<'_>, RowError> {
        self.names.check(path)?;
        let mut busy = lock(&self.busy);
        while !busy.insert(path.to_string()) {
            busy = self.freed.wait(busy).unwrap_or_else(|broken| broken.into_inner());
        }
        Ok(Claim { claims: self, path: path.to_string() })
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        lock(&self.claims.busy).remove(&self.path);
        self.claims.freed.notify_all();
    }
}

#[cfg(test)]
mod tests;
