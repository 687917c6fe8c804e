//! Tests of walks with many nodes.

use super::frontier::MOST_PLACES;
use crate::shape::Places;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::row::{Field, Row};
use crate::run::{Counts, Progress, Reporter, RowTarget};
use crate::shape::{Diagnostics, Error, InputHeader, Shape};

struct Silent;

impl Reporter for Silent {
    fn error(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn detail(&self, _: &str) {}
    fn progress(&self, _: &Counts, _: Progress) {}
}

/// An endless number of nodes, of which the first is slow.
struct Endless {
    begun: Arc<AtomicUsize>,
    nothing: AtomicUsize,
    has_rows: bool,
}

impl Walk for Endless {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn start(&self) -> Places {
        let begun = Arc::clone(&self.begun);
        let count = if self.has_rows { usize::MAX } else { 50 };
        Box::new((0..count).map(move |at| {
            begun.fetch_add(1, Ordering::Relaxed);
            at.to_string()
        }))
    }

    fn step(&self, place: &str, _: &dyn Diagnostics) -> Result<WalkStep, Error> {
        if place == "0" && self.has_rows {
            while self.begun.load(Ordering::Relaxed) < MOST_PLACES {
                thread::yield_now();
            }
        }
        let rows = if self.has_rows {
            vec![Row::from_cells(&[(Field::ImgId, place)])]
        } else {
            Vec::new()
        };
        Ok(WalkStep { outcomes: vec![Outcome::Rows(rows)], next: Vec::new() })
    }

    fn nothing(&self, _: &dyn Diagnostics) {
        self.nothing.fetch_add(1, Ordering::Relaxed);
    }
}

/// Two nodes that lead to each other.
struct Ring;

impl Walk for Ring {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn start(&self) -> Places {
        Box::new(["a".to_string()].into_iter())
    }

    fn step(&self, place: &str, _: &dyn Diagnostics) -> Result<WalkStep, Error> {
        let next = vec![if place == "a" { "b" } else { "a" }.to_string()];
        let outcomes = vec![Outcome::Rows(vec![Row::from_cells(&[(Field::ImgId, place)])])];
        Ok(WalkStep { outcomes, next })
    }
}

#[test]
fn a_walk_that_is_led_round_ends_and_is_incomplete() {
    let plan = plan();
    let counts = run(&plan, Arc::new(Ring), None, None).unwrap().counts;
    // The first node is reached once more, too, but its picture is passed on once.
    assert_eq!((counts.passed(), counts.ended_in_all()), (2, 1));
}

fn plan() -> Plan {
    Plan {
        target: RowTarget { mute: true, ..RowTarget::default() },
        jobs: 4,
        voice: Arc::new(Silent),
        stop: Stop::default(),
        keep: None,
    }
}

fn walked(has_rows: bool, limit: Option<u64>) -> (u64, usize, usize) {
    let begun = Arc::new(AtomicUsize::new(0));
    let walk = Arc::new(Endless { begun, nothing: AtomicUsize::new(0), has_rows });
    let summary = run(&plan(), Arc::clone(&walk) as Arc<dyn Walk>, None, limit).unwrap();
    let [begun, nothing] = [&*walk.begun, &walk.nothing].map(|n| n.load(Ordering::Relaxed));
    (summary.counts.passed(), begun, nothing)
}

#[test]
fn places_without_end_are_begun_as_they_are_needed() {
    let (rows, begun, nothing) = walked(true, Some(20_000));
    assert_eq!((rows, nothing), (20_000, 0));
    assert!(begun <= 20_000 + MOST_PLACES + 8, "{begun}");
}

#[test]
fn a_walk_that_gives_no_row_says_so_once() {
    assert_eq!(walked(false, None), (0, 50, 1));
}
