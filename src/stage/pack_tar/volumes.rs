//! Which tars a group becomes, and the names of those that come after.

use std::path::{Path, PathBuf};

use crate::archive::packed::Part;
use crate::format::tar;

/// More samples in a shard make shuffling coarse; others cut here too.
const MAX_SAMPLES: usize = 10_000;

/// The header of a name that is not long.
const OVERHEAD: u64 = tar::BLOCK;

/// How parts are cut into tars.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    pub max_bytes: Option<u64>,
    /// A picture and its sidecar stay together, and tars are numbered.
    pub is_webdataset: bool,
}

/// Cuts sorted parts; each piece becomes one tar. A part longer than the
/// limit has a tar of its own.
pub fn cut(parts: Vec<Part>, cut: Cut) -> Vec<Vec<Part>> {
    let (step, limit) = (if cut.is_webdataset { 2 } else { 1 }, cut.max_bytes.unwrap_or(u64::MAX));
    let mut pieces: Vec<Vec<Part>> = Vec::new();
    let mut bytes = 0;
    let mut parts = parts.into_iter().peekable();
    while parts.peek().is_some() {
        let sample: Vec<Part> = parts.by_ref().take(step).collect();
        let more: u64 = sample.iter().map(|part| part.padded() + OVERHEAD).sum();
        let full = |piece: &Vec<Part>| {
            bytes + more + tar::end_len(bytes + more) > limit
                || cut.is_webdataset && piece.len() >= MAX_SAMPLES * step
        };
        match pieces.last_mut() {
            Some(piece) if !full(piece) => {
                piece.extend(sample);
                bytes += more;
            }
            _ => {
                pieces.push(sample);
                bytes = more;
            }
        }
    }
    pieces
}

/// The first names of a group's tars that nothing has: `GROUP.tar`,
/// `GROUP.1.tar`, ...; `GROUP-000000.tar`, ... for shards.
pub fn free_names(into: &Path, group: &str, is_webdataset: bool) -> impl Iterator<Item = PathBuf> {
    let (into, group) = (into.to_path_buf(), group.to_string());
    let name = move |number: u32| {
        into.join(match (is_webdataset, number) {
            (true, number) => format!("{group}-{number:06}.tar"),
            (false, 0) => format!("{group}.tar"),
            (false, number) => format!("{group}.{number}.tar"),
        })
    };
    // Free are all that stand behind the last one there is, so that an
    // addendum that was taken away leaves its number unused.
    let last = (0..).take_while(|&number| (number..number + 8).any(|n| name(n).exists())).last();
    let first = last.map_or(0, |last| last + 1);
    (first..).map(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::packed::Source;
    use crate::row::Row;
    use std::sync::Arc;

    fn part(bytes: u64) -> Part {
        let (name, source) = (bytes.to_string(), Source::Memory(Vec::new()));
        Part {
            name,
            bytes,
            modified_s: 0,
            source,
            sha256: None,
            row: Arc::new(Row::from_cells(&[])),
        }
    }

    fn lens(parts: Vec<Part>, how: Cut) -> Vec<usize> {
        cut(parts, how).iter().map(Vec::len).collect()
    }

    #[test]
    fn a_tar_is_full_before_it_is_too_long() {
        let how = Cut { max_bytes: Some(20_480), is_webdataset: false };
        assert_eq!(lens([5000, 5000, 5000, 99_999, 10].map(part).into(), how), [3, 1, 1]);
        assert_eq!(lens(vec![], how), [0; 0]);
        let shards = Cut { max_bytes: Some(20_480), is_webdataset: true };
        assert_eq!(lens([5000, 10, 5000, 10, 5000, 10].map(part).into(), shards), [4, 2]);
    }

    #[test]
    fn an_addendum_takes_the_next_number() {
        let folder = tempfile::tempdir().unwrap();
        let first = || free_names(folder.path(), "2024-01-15", false).next().unwrap();
        assert_eq!(first(), folder.path().join("2024-01-15.tar"));
        std::fs::write(first(), "").unwrap();
        assert_eq!(first(), folder.path().join("2024-01-15.1.tar"));
        std::fs::write(folder.path().join("2024-01-15.2.tar"), "").unwrap();
        assert_eq!(first(), folder.path().join("2024-01-15.3.tar"));
    }
}
