//! Diagnostics that nobody hears: of what is looked at before it is done, and told when it is done.

use crate::shape::Diagnostics;

/// Says nothing and counts nothing.
pub struct Unheard;

impl Diagnostics for Unheard {
    fn once(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn count(&self, _: &'static str, _: u64) {}
}

#[cfg(test)]
pub mod tests;
