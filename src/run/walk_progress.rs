//! How far a walk is: each place to begin with counts the same, and shares out among the places that it leads to.

use std::collections::HashMap;

/// A place by its way from the start.
type NodePath = Vec<u32>;

/// The part of a walk that is done.
pub struct WalkShare {
    /// What each place to begin with counts; unknown where nobody knows how many there are.
    of_start: Option<f64>,
    /// Of the places that are known and not done.
    open: HashMap<NodePath, f64>,
    done: f64,
}

impl WalkShare {
    pub fn new(starts: Option<u64>) -> WalkShare {
        let of_start = starts.filter(|&starts| starts > 0).map(|starts| 1.0 / starts as f64);
        WalkShare { of_start, open: HashMap::new(), done: 0.0 }
    }

    pub fn begin(&mut self, way: &NodePath) {
        self.of_start.iter().for_each(|&share| _ = self.open.insert(way.clone(), share));
    }

    /// A place is done, and has led to these.
    pub fn arrive(&mut self, way: &NodePath, next: &[NodePath]) {
        let Some(share) = self.open.remove(way) else { return };
        if next.is_empty() {
            self.done += share;
        }
        let each = share / next.len() as f64;
        next.iter().for_each(|way| _ = self.open.insert(way.clone(), each));
    }

    /// From 0 to 1. Nothing while it is unknown: of pages of which each leads to one more nobody knows how many come.
    pub fn get(&self) -> Option<f64> {
        (self.done > 0.0).then(|| self.done.min(1.0))
    }
}

#[cfg(test)]
mod tests;
