//! The places of a walk that are known, as far as their rows are not handed on.

use std::collections::{BTreeMap, HashSet};
use std::iter::{Enumerate, Peekable};
use std::time::Duration;

use crate::shape::{Outcome, Places, Walk, WalkStep};
use crate::threads::{Schedule, TICK};

use super::super::cache_key::hash;
use super::super::walk_outcomes::round;
use super::super::walk_progress::WalkShare;

/// Outcomes that may wait for an earlier place before no further one is asked.
const WINDOW: usize = 200_000;

/// Places that may wait so, or be asked, before no further one is begun.
pub(super) const MOST_PLACES: usize = 10_000;

/// A place by its way from the start: the order of the ways is the order of the rows.
pub(super) type NodePath = Vec<u32>;

enum Place {
    Waiting(String),
    Asked,
    Done(Vec<Outcome>),
}

/// The places that are known, as far as their rows are not handed on.
pub(super) struct Frontier {
    /// Where to begin, as far as nobody has asked there.
    start: Peekable<Enumerate<Places>>,
    places: BTreeMap<NodePath, Place>,
    pub(super) share: WalkShare,
    /// Places that others led to, by hash: a walk never goes round in a circle,
    /// not even over kept answers.
    led: HashSet<u64>,
    /// Outcomes that are done and not written.
    waiting: usize,
    has_arrived: bool,
}

impl Schedule for Frontier {
    type Job = (NodePath, String);
    type Output = Vec<Outcome>;

    /// The first place that nobody has asked. The very first is always open:
    /// what waits for it cannot be written before.
    fn next_job(&mut self) -> Result<Self::Job, Duration> {
        let open = self.waiting < WINDOW;
        let mut places = self.places.iter_mut().enumerate();
        let found = places
            .find(|(at, (_, place))| (open || *at == 0) && matches!(place, Place::Waiting(_)));
        if let Some((_, (way, place))) = found
            && let Place::Waiting(name) = std::mem::replace(place, Place::Asked)
        {
            return Ok((way.clone(), name));
        }
        let next = if self.has_room() { self.start.next() } else { None };
        let (at, name) = next.ok_or(TICK)?;
        let way = vec![at as u32];
        self.places.insert(way.clone(), Place::Asked);
        self.share.begin(&way);
        Ok((way, name))
    }

    fn next_output(&mut self) -> Option<Vec<Outcome>> {
        let first = self.places.first_entry()?;
        if !matches!(first.get(), Place::Done(_)) {
            return None;
        }
        let Place::Done(outcomes) = first.remove() else { return None };
        self.waiting -= outcomes.len();
        Some(outcomes)
    }

    fn is_done(&mut self) -> bool {
        self.places.is_empty() && self.start.peek().is_none()
    }

    fn has_room(&self) -> bool {
        self.waiting < WINDOW && self.places.len() < MOST_PLACES
    }
}

impl Frontier {
    /// Where a walk begins.
    pub(super) fn new(walk: &dyn Walk) -> Frontier {
        Frontier {
            start: walk.start().enumerate().peekable(),
            places: BTreeMap::new(),
            share: WalkShare::new(walk.starts()),
            led: HashSet::new(),
            waiting: 0,
            has_arrived: false,
        }
    }

    /// Whether any place has been asked to its end.
    pub(super) fn has_arrived(&self) -> bool {
        self.has_arrived
    }

    /// A place is asked: what it gave waits for its turn, and where it leads to is open.
    pub(super) fn arrive(&mut self, way: NodePath, name: &str, step: WalkStep) {
        self.has_arrived = true;
        let (mut outcomes, mut led) = (step.outcomes, Vec::new());
        for (at, next) in step.next.into_iter().enumerate() {
            if !self.led.insert(hash(&next)) {
                outcomes.push(round(name));
                continue;
            }
            let further: NodePath = way.iter().copied().chain([at as u32]).collect();
            led.push(further.clone());
            self.places.insert(further, Place::Waiting(next));
        }
        self.share.arrive(&way, &led);
        self.waiting += outcomes.len();
        self.places.insert(way, Place::Done(outcomes));
    }
}
