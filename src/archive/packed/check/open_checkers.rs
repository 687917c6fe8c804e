//! The tars being checked, each opened once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::Checker;
use crate::archive::Error;
use crate::archive::packed::{is_pending, numbered};

/// The number of tars open at once, besides those that threads are at: rows of one tar are adjacent, and each thread is at
/// most at the next.
const MAX_OPEN: usize = 8;
/// This many members they may have together before the least recently used tar is closed: over 1 KB each.
const MAX_MEMBERS: usize = 2_000;

/// How long a new tar may be without its index. A killed run may leave one like that for longer.
const PATIENCE: Duration = Duration::from_millis(500);
/// No group has as many addenda.
const MAX_ADDENDA: u32 = 10_000;

/// Tars being checked, each opened once. The last two stay open, however large they are.
#[derive(Debug, Default)]
pub struct Checkers {
    /// The most recently used one is last.
    open: Mutex<Vec<Opened>>,
    /// The tars whose index was waited for, each once.
    waited: Mutex<HashSet<PathBuf>>,
}

type Opened = (PathBuf, Arc<Result<Checker, Error>>);

impl Checkers {
    pub fn get(&self, tar: &Path) -> Arc<Result<Checker, Error>> {
        let mut open = self.open.lock().unwrap_or_else(|broken| broken.into_inner());
        let opened = match open.iter().rposition(|(path, _)| path == tar) {
            Some(at) => open.remove(at),
            None => {
                make_room(&mut open);
                (tar.to_path_buf(), Arc::new(Checker::open(tar)))
            }
        };
        let checker = Arc::clone(&opened.1);
        open.push(opened);
        checker
    }
}

impl Checkers {
    /// Where to look again for a fault that was found in a tar: there, if it was replaced since it was opened; in the tar that
    /// it was merged into, if it is gone. `None` if nothing has changed.
    pub fn place_now(&self, tar: &Path) -> Option<PathBuf> {
        let place = if tar.exists() { tar.to_path_buf() } else { merged(tar)? };
        let mut waited = self.waited.lock().unwrap_or_else(|broken| broken.into_inner());
        if waited.insert(place.clone()) {
            wait_for_index(&place);
        }
        drop(waited);
        (self.renew(&place) || place != tar).then_some(place)
    }

    /// Closes a tar if it is no longer what was opened; false if it still is.
    fn renew(&self, tar: &Path) -> bool {
        let mut open = self.open.lock().unwrap_or_else(|broken| broken.into_inner());
        let Some(at) = open.iter().position(|(path, _)| path == tar) else { return true };
        let is_old = !open[at].1.as_ref().as_ref().is_ok_and(Checker::is_current);
        if is_old {
            open.remove(at);
        }
        is_old
    }
}

/// The first tar of the same group.
fn merged(addendum: &Path) -> Option<PathBuf> {
    let (group, number) = numbered(addendum);
    let name = |number| match number {
        0 => format!("{group}.tar"),
        number => format!("{group}.{number}.tar"),
    };
    (0..number.min(MAX_ADDENDA))
        .map(|number| addendum.with_file_name(name(number)))
        .find(|tar| tar.exists())
}

/// Waits a moment for the index of a tar that just got its name.
fn wait_for_index(tar: &Path) {
    let until = Instant::now() + PATIENCE;
    while is_pending(tar) && Instant::now() < until {
        thread::sleep(PATIENCE / 100);
    }
}

fn make_room(open: &mut Vec<Opened>) {
    let members =
        |(_, checker): &Opened| checker.as_ref().as_ref().map_or(0, |it| it.members.len());
    while open.len() >= MAX_OPEN
        || open.len() > 1 && open.iter().map(members).sum::<usize>() >= MAX_MEMBERS
    {
        open.remove(0);
    }
}

#[cfg(test)]
mod tests;
