//! The tars being checked, each opened once.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::Checker;
use crate::archive::Error;

/// The number of tars open at once: rows of one tar are adjacent, and each thread is at most at the next.
const MAX_OPEN: usize = 64;
/// This many members they may have together before the least recently used tar is closed: over 1 KB each.
const MAX_MEMBERS: usize = 2_000;

/// Tars being checked, each opened once. The last two stay open, however large they are.
#[derive(Debug, Default)]
pub struct Checkers {
    /// The most recently used one is last.
    open: Mutex<Vec<Opened>>,
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
