//! The progress of a walk: each starting node has the same weight, which is divided among the nodes that it leads to.

use std::collections::HashMap;

/// A node as its path from the start.
type NodePath = Vec<u32>;

/// The finished part of a walk.
pub struct WalkShare {
    /// The weight of each starting node; `None` if their number is unknown.
    of_start: Option<f64>,
    /// The weights of nodes that are known and not done.
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

    /// A node is done, and has led to these.
    pub fn arrive(&mut self, way: &NodePath, next: &[NodePath]) {
        let Some(share) = self.open.remove(way) else { return };
        if next.is_empty() {
            self.done += share;
        }
        let each = share / next.len() as f64;
        next.iter().for_each(|way| _ = self.open.insert(way.clone(), each));
    }

    /// From 0 to 1, or `None` while it is unknown: if each page leads to one more, the number of pages is not known.
    pub fn get(&self) -> Option<f64> {
        (self.done > 0.0).then(|| self.done.min(1.0))
    }
}

#[cfg(test)]
mod tests;
