//! The report of a dry run.

use crate::photo::description::gather::Sequence;
use crate::shape::Diagnostics;
use crate::value::human_format::{self, counted};

/// The rate assumed without a limit, as on a good connection.
const GUESSED_BYTES_PER_S: f64 = 1e6;

pub fn say(sequences: &[Sequence], bytes: u64, max_rate: Option<f64>, notes: &dyn Diagnostics) {
    let time = match max_rate {
        Some(per_s) => format!("{} at --max-rate", time(bytes, per_s)),
        None => format!("{} at 1 MB/s", time(bytes, GUESSED_BYTES_PER_S)),
    };
    let photos: usize = sequences.iter().map(|sequence| sequence.members.len()).sum();
    notes.warn(&format!(
        "would send {} of {}, {} and a few hundred bytes for each description: about {time}",
        counted(photos as u64, "photos"),
        counted(sequences.len() as u64, "sequences"),
        human_format::bytes(bytes)
    ));
}

fn time(bytes: u64, per_s: f64) -> String {
    human_format::span((bytes as f64 / per_s * 1000.0) as u64)
}
