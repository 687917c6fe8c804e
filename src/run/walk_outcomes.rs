//! Handles the outcomes of a walk's node: cached, merged, cut at a limit.

use crate::query::known::KnownIds;
use crate::row::{Field, Row};
use crate::shape::{Cut, FatalError, Outcome, Scan, WalkStep};

use super::Stats;
use super::cache_entry::CacheEntry;

/// Whether an outcome has no row, not even one that was filtered or failed.
pub fn is_empty(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Rows(rows) | Outcome::Cut(Cut { rows, .. }) => rows.is_empty(),
        Outcome::Ended(..) => true,
        _ => false,
    }
}

/// Drops the pictures that came before, and returns their number.
pub fn drop_repeated(outcome: &mut Outcome, seen: &mut KnownIds) -> u64 {
    let (Outcome::Rows(rows) | Outcome::Cut(Cut { rows, .. })) = outcome else { return 0 };
    let all = rows.len();
    rows.retain(|row| row.get(Field::ImgId).is_none_or(|id| seen.insert(id)));
    (all - rows.len()) as u64
}

/// The result of a node whose request failed.
pub fn failed(place: &str, what: String) -> WalkStep {
    let outcome = Outcome::Failed(Row::from_cells(&[(Field::Path, place)]), what);
    WalkStep { outcomes: vec![outcome], next: Vec::new() }
}

/// The outcome for a node that leads to a node already visited.
pub fn round(place: &str) -> Outcome {
    let why = "the service leads to the same place again".to_string();
    Outcome::Cut(Cut { rows: Vec::new(), list: Row::from_cells(&[(Field::Path, place)]), why })
}

/// The response to cache for a node: none if any part of it failed.
pub fn answer_of(step: &WalkStep) -> Option<CacheEntry> {
    let mut answer = CacheEntry { next: step.next.clone(), ..CacheEntry::default() };
    for outcome in &step.outcomes {
        match outcome {
            Outcome::Rows(rows) => answer.rows.extend(rows.iter().cloned()),
            Outcome::Ended(row, end) if step.outcomes.len() == 1 => {
                answer.rows = vec![row.clone()];
                answer.end = Some(*end);
            }
            Outcome::Filtered => {}
            _ => return None,
        }
    }
    Some(answer)
}

/// Passes the rows of an outcome to the scan that merges them.
pub fn merged(
    scan: &mut dyn Scan,
    outcome: Outcome,
    out: &mut Vec<Outcome>,
    tally: &Stats,
) -> Result<(), FatalError> {
    match outcome {
        Outcome::Rows(rows) => rows.into_iter().try_for_each(|row| scan.push(row, out, tally)),
        Outcome::Next(row) => scan.push(row, out, tally),
        Outcome::Cut(mut cut) => {
            let rows = std::mem::take(&mut cut.rows);
            out.push(Outcome::Cut(cut));
            rows.into_iter().try_for_each(|row| scan.push(row, out, tally))
        }
        other => {
            out.push(other);
            Ok(())
        }
    }
}

/// Truncates the outcomes at the limit of rows. Returns whether it is reached.
pub fn limited(out: &mut [Outcome], limit: Option<u64>, passed: u64) -> bool {
    let Some(limit) = limit else { return false };
    let mut left = limit.saturating_sub(passed) as usize;
    for outcome in out.iter_mut() {
        if let Outcome::Rows(rows) | Outcome::Cut(Cut { rows, .. }) = outcome {
            rows.truncate(left);
            left -= rows.len();
        }
    }
    left == 0
}

#[cfg(test)]
mod tests;
