//! What a dry run says.

use crate::photo::description::gather::Sequence;
use crate::shape::Diagnostics;

/// Without a limit to the rate, the time is that of a good line.
const GUESSED_BYTES_PER_S: f64 = 1e6;

pub fn say(sequences: &[Sequence], bytes: u64, max_rate: Option<f64>, notes: &dyn Diagnostics) {
    let time = match max_rate {
        Some(per_s) => format!("{:.0} s at --max-rate", bytes as f64 / per_s),
        None => format!("{:.0} s at 1 MB/s", bytes as f64 / GUESSED_BYTES_PER_S),
    };
    let photos: usize = sequences.iter().map(|sequence| sequence.members.len()).sum();
    let sequences = sequences.len();
    notes.warn(&format!(
        "would send {photos} photos of {sequences} sequences, {bytes} bytes and a few hundred for each description: \
         about {time}"
    ));
}
