//! The exit status of a run, as docs/contract.md has it.

use crate::run::Summary;
use crate::shape::FatalError;

/// The status after Ctrl-C, as shells count: 128 and the number of the signal.
pub const INTERRUPTED: u8 = 130;

/// 0 all answered, 1 some rows failed, 2 could not go on, 130 interrupted.
pub fn from_summary(
    summary: &Result<Summary, FatalError>,
    is_strict: bool,
    is_stopped: bool,
) -> u8 {
    let summary = match summary {
        Ok(summary) => summary,
        Err(_) => return if is_stopped { INTERRUPTED } else { 2 },
    };
    let has_ended = is_strict && summary.counts.ended_in_all() > 0;
    match (&summary.fault, summary.stopped) {
        (_, true) => INTERRUPTED,
        (Some(_), _) => 2,
        _ if summary.counts.failed + summary.counts.found > 0 || has_ended => 1,
        // Rows failed in the tool before.
        _ if summary.unfinished.is_some() => 1,
        _ => 0,
    }
}
