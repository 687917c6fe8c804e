//! The known nodes of a walk whose rows have not been passed on yet.

use std::collections::{BTreeMap, HashSet};
use std::iter::{Enumerate, Peekable};
use std::time::Duration;

use crate::shape::{Outcome, Places, Walk, WalkStep};
use crate::threads::{Schedule, TICK};

use super::super::cache_key::hash;
use super::super::walk_fraction::WalkShare;
use super::super::walk_outcomes::round;

/// The number of outcomes that may wait for an earlier node before no further node is requested.
const WINDOW: usize = 200_000;

/// The number of nodes that may wait, or be in progress, before no further start is taken.
pub(super) const MOST_PLACES: usize = 10_000;

/// A node as its path from the start: the order of the paths is the order of the rows.
pub(super) type NodePath = Vec<u32>;

enum Place {
    Waiting(String),
    Asked,
    Done(Vec<Outcome>),
}

/// The known nodes whose rows have not been passed on yet.
pub(super) struct Frontier {
    /// The starting nodes that were not requested yet.
    start: Peekable<Enumerate<Places>>,
    places: BTreeMap<NodePath, Place>,
    pub(super) share: WalkShare,
    /// Nodes that others led to, by hash: a walk never runs in a circle, not even over cached responses.
    led: HashSet<u64>,
    /// The number of outcomes that are done and not passed on.
    waiting: usize,
    has_arrived: bool,
}

impl Schedule for Frontier {
    type Job = (NodePath, String);
    type Output = Vec<Outcome>;

    /// The first node that was not requested yet. The very first of all is always taken: nothing that waits for it can
    /// be written before.
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
    /// The starting nodes of a walk.
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

    /// Whether any node has been processed.
    pub(super) fn has_arrived(&self) -> bool {
        self.has_arrived
    }

    /// Adds the result of a node: its outcomes wait for their turn, and the nodes it leads to are open.
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
