//! The exit status of a run, as in docs/contract.md.

use crate::run::Summary;
use crate::shape::FatalError;

/// The status after Ctrl-C by the convention of shells: 128 plus the number of the signal.
pub const INTERRUPTED: u8 = 130;

/// Which rows affect the exit status.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tolerance {
    /// Rows that merely ended (gone, empty) count too.
    pub is_strict: bool,
    /// Not even failed rows count: they are among the rows.
    pub ok_failed: bool,
}

/// 0 all rows answered, 1 some rows failed, 2 could not continue, 130 interrupted.
pub fn from_summary(
    summary: &Result<Summary, FatalError>,
    tolerance: Tolerance,
    is_stopped: bool,
) -> u8 {
    let summary = match summary {
        Ok(summary) => summary,
        Err(_) => return if is_stopped { INTERRUPTED } else { 2 },
    };
    let counts = &summary.counts;
    let has_ended = tolerance.is_strict && counts.ended_in_all() > 0;
    let failed = if tolerance.ok_failed { 0 } else { counts.failed };
    match (&summary.fault, summary.stopped) {
        (_, true) => INTERRUPTED,
        (Some(_), _) => 2,
        _ if failed + counts.found > 0 || has_ended => 1,
        // Rows failed in an earlier tool of the pipe.
        _ if summary.unfinished.is_some() => 1,
        _ => 0,
    }
}
