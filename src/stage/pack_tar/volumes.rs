//! Splits a group into tars, and names later additions.

use std::path::{Path, PathBuf};

use crate::format::tar;

/// More samples in a shard make shuffling coarse; other tools also split here.
const MAX_SAMPLES: usize = 10_000;

/// The header of a member whose name is not long.
const OVERHEAD: u64 = tar::BLOCK;

/// How parts are split into tars.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    pub max_bytes: Option<u64>,
    /// A picture and its sidecar stay together, and tars are numbered.
    pub is_webdataset: bool,
}

/// The size of a member of this many bytes in a tar.
pub fn stored_bytes(bytes: u64) -> u64 {
    OVERHEAD + bytes + tar::padding_len(bytes)
}

/// A tar that is being filled.
#[derive(Debug)]
pub struct Filling {
    cut: Cut,
    bytes: u64,
    samples: usize,
}

impl Filling {
    pub fn new(cut: Cut) -> Filling {
        Filling { cut, bytes: 0, samples: 0 }
    }

    /// Counts the next sample, a picture and what is beside it, of so many bytes in a tar; false if it belongs into the
    /// next tar. One longer than the limit has a tar of its own.
    pub fn takes(&mut self, more: u64) -> bool {
        let bytes = self.bytes + more;
        let is_long = bytes + tar::end_len(bytes) > self.cut.max_bytes.unwrap_or(u64::MAX);
        let is_full = is_long || self.cut.is_webdataset && self.samples >= MAX_SAMPLES;
        if self.samples > 0 && is_full {
            return false;
        }
        self.bytes = bytes;
        self.samples += 1;
        true
    }
}

/// The free names of a group's tars: `GROUP.tar`, `GROUP.1.tar`, ...; `GROUP-000000.tar`, ... for shards.
pub fn free_names(into: &Path, group: &str, is_webdataset: bool) -> impl Iterator<Item = PathBuf> {
    let (into, group) = (into.to_path_buf(), group.to_string());
    let name = move |number: u32| {
        into.join(match (is_webdataset, number) {
            (true, number) => format!("{group}-{number:06}.tar"),
            (false, 0) => format!("{group}.tar"),
            (false, number) => format!("{group}.{number}.tar"),
        })
    };
    // Only names after the last existing one are free, so that the number of a deleted addendum stays unused.
    let last = (0..).take_while(|&number| (number..number + 8).any(|n| name(n).exists())).last();
    let first = last.map_or(0, |last| last + 1);
    (first..).map(name)
}

#[cfg(test)]
mod tests;
