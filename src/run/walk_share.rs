//! How far a walk is: each place to begin with counts the same, and shares out among the places that it leads to.

use std::collections::HashMap;

/// A place by its way from the start.
type Way = Vec<u32>;

/// The part of a walk that is done.
pub struct WalkShare {
    /// What each place to begin with counts; unknown where nobody knows how many there are.
    of_start: Option<f64>,
    /// Of the places that are known and not done.
    open: HashMap<Way, f64>,
    done: f64,
}

impl WalkShare {
    pub fn new(starts: Option<u64>) -> WalkShare {
        let of_start = starts.filter(|&starts| starts > 0).map(|starts| 1.0 / starts as f64);
        WalkShare { of_start, open: HashMap::new(), done: 0.0 }
    }

    pub fn begin(&mut self, way: &Way) {
        self.of_start.iter().for_each(|&share| _ = self.open.insert(way.clone(), share));
    }

    /// A place is done, and has led to these.
    pub fn arrive(&mut self, way: &Way, next: &[Way]) {
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
mod tests {
    use super::*;

    #[test]
    fn places_share_out_what_they_count_and_a_chain_of_pages_tells_nothing_before_its_end() {
        let mut share = WalkShare::new(Some(2));
        let (left, right) = (vec![0], vec![1]);
        share.begin(&left);
        share.begin(&right);
        let parts: Vec<Way> = (0..4).map(|at| vec![0, at]).collect();
        share.arrive(&left, &parts);
        assert_eq!(share.get(), None);
        share.arrive(&parts[2], &[]);
        assert_eq!(share.get(), Some(0.125));
        parts.iter().for_each(|way| share.arrive(way, &[]));
        assert_eq!(share.get(), Some(0.5), "none counts twice");
        let (second, third) = (vec![1, 0], vec![1, 0, 0]);
        share.arrive(&right, std::slice::from_ref(&second));
        share.arrive(&second, std::slice::from_ref(&third));
        assert_eq!(share.get(), Some(0.5));
        share.arrive(&third, &[]);
        assert_eq!(share.get(), Some(1.0));
    }

    #[test]
    fn without_a_number_of_places_there_is_no_share() {
        let mut share = WalkShare::new(None);
        share.begin(&vec![0]);
        share.arrive(&vec![0], &[]);
        assert_eq!(share.get(), None);
    }
}
