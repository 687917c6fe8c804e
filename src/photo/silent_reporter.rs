//! A diagnostics sink that discards everything, for a trial pass whose messages are reported in the real pass.

use crate::shape::Diagnostics;

/// Reports nothing and counts nothing.
pub struct Unheard;

impl Diagnostics for Unheard {
    fn once(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn count(&self, _: &'static str, _: u64) {}
}

#[cfg(test)]
pub mod tests;
