//! Records the messages of tools for tests.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::shape::Diagnostics;

/// Records messages and counts.
#[derive(Default)]
pub struct LineAction {
    said: Mutex<Vec<String>>,
    counts: Mutex<BTreeMap<&'static str, u64>>,
}

impl LineAction {
    /// All messages, reported once or each time, in order.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// The count of `what`.
    pub fn count_of(&self, what: &str) -> u64 {
        self.counts.lock().unwrap().get(what).copied().unwrap_or(0)
    }
}

impl Diagnostics for LineAction {
    fn once(&self, text: &str) {
        if !self.said().iter().any(|said| said == text) {
            self.warn(text);
        }
    }

    fn warn(&self, text: &str) {
        self.said.lock().unwrap().push(text.to_string());
    }

    fn count(&self, what: &'static str, more: u64) {
        *self.counts.lock().unwrap().entry(what).or_default() += more;
    }
}
