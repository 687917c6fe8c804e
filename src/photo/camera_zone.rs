//! One zone for the clock of a camera: that of most of its photos, where photo by photo would give several. A border
//! that is crossed, a stamp that is stale: the clock did not change for them.

use std::collections::HashMap;

use crate::row::{Field, Row};
use crate::value::instant::LocalTime;
use crate::value::zone::{Instants, Zone};

use super::camera::{is_worked_out, stamp_disagrees};
use super::camera_key::camera_key;
use super::why::explain;
use crate::shape::Diagnostics;
use crate::value::provenance::{NOT_FOUND, ZoneBy};

/// The word of `zone_by` for a zone that other photos of the camera told.
const NO_ONE_ZONE: &str = "the GPS times of this camera's photos fit no one zone";

/// What one photo says of its camera's zone.
struct Vote {
    row: usize,
    taken: LocalTime,
    /// The zone, and its offset at the photo's instant.
    zone: Option<(Zone, i64)>,
    /// Whether it was found without a place that could confirm it.
    by_stamp: bool,
}

/// Whether the zone of this row may give way to that of its camera's other photos.
pub fn is_unsure(row: &Row) -> bool {
    let is_worked_out = is_worked_out(row.get(Field::PositionBy).filter(|by| *by != NOT_FOUND));
    row.get(Field::TakenAt).is_some()
        && !is_worked_out
        && match row.get(Field::ZoneBy) {
            None => row.get(Field::Zone).is_none() && row.get(Field::CapturedAt).is_none(),
            Some(by) => matches!(by.parse(), Ok(ZoneBy::Gps | ZoneBy::Place)),
        }
}

/// Gives the unsure rows of each camera one zone, if most of those that tell one agree.
pub fn settle(rows: &mut [&mut Row], notes: &dyn Diagnostics) {
    let mut cameras: HashMap<String, Vec<Vote>> = HashMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| is_unsure(row)) {
        if let Some(vote) = vote(at, row) {
            cameras.entry(camera_key(row)).or_default().push(vote);
        }
    }
    for votes in cameras.into_values() {
        let told: Vec<&Vote> = votes.iter().filter(|vote| vote.zone.is_some()).collect();
        let against =
            votes.iter().filter(|vote| vote.zone.is_none() && stamp_disagrees(rows[vote.row]));
        let stamped = told.len() + against.count();
        match winner(&told).filter(|(_, count)| count * 2 > stamped) {
            Some((zone, _)) => {
                votes.iter().for_each(|vote| assign(rows[vote.row], vote, zone, notes));
            }
            None => {
                told.iter().filter(|vote| vote.by_stamp).for_each(|vote| withdraw(rows[vote.row]));
            }
        }
    }
}

fn vote(at: usize, row: &Row) -> Option<Vote> {
    let taken: LocalTime = row.get(Field::TakenAt)?.parse().ok()?;
    let zone = row.get(Field::Zone).and_then(|text| text.parse().ok());
    let captured_ms = row.integer(Field::CapturedAt).ok().flatten();
    let zone =
        zone.zip(captured_ms).map(|(zone, captured_ms)| (zone, taken.clock_ms() - captured_ms));
    let by_stamp =
        row.get(Field::ZoneBy) == Some(ZoneBy::Gps.word()) && row.get(Field::Lon).is_none();
    Some(Vote { row: at, taken, zone, by_stamp })
}

/// The zone by which most of the photos would have the instant that they have, and how many.
fn winner(told: &[&Vote]) -> Option<(Zone, usize)> {
    let mut zones: Vec<Zone> = Vec::new();
    for (zone, _) in told.iter().filter_map(|vote| vote.zone) {
        if !zones.contains(&zone) {
            zones.push(zone);
        }
    }
    let agrees = |zone: Zone, vote: &Vote| {
        let offset_ms = vote.zone.map(|(_, offset_ms)| offset_ms);
        let captured_ms = offset_ms.map(|offset_ms| vote.taken.clock_ms() - offset_ms);
        let is_ms = captured_ms.and_then(|ms| zone.offset_s(ms)).map(|s| i64::from(s) * 1000);
        is_ms == offset_ms
    };
    let counted =
        zones.into_iter().map(|zone| (zone, told.iter().filter(|vote| agrees(zone, vote)).count()));
    counted.fold(None, |best, next| match best {
        Some((_, count)) if count >= next.1 => best,
        _ => Some(next),
    })
}

fn assign(row: &mut Row, vote: &Vote, zone: Zone, notes: &dyn Diagnostics) {
    let captured_ms = match zone.instants_ms(vote.taken) {
        Instants::One(ms) | Instants::Two(ms, _) => ms,
        Instants::Never => return,
    };
    let own = vote.zone.map(|(own, offset_ms)| (own, vote.taken.clock_ms() - offset_ms));
    match own {
        Some((_, own_ms)) if own_ms == captured_ms => return,
        // The same zone: it is one of the two instants of an hour that comes twice.
        Some((own, _)) if own == zone => return,
        Some((own, _)) => {
            notes.count("photos that had another zone than their camera", 1);
            explain(row, &format!("zone {zone}, as of the camera's other photos, and not {own}"));
        }
        None => {}
    }
    row.set_display(Field::CapturedAt, captured_ms);
    row.set_display(Field::Zone, zone);
    row.set(Field::ZoneBy, ZoneBy::Camera.word());
}

fn withdraw(row: &mut Row) {
    [Field::CapturedAt, Field::Zone, Field::ZoneBy].into_iter().for_each(|field| row.clear(field));
    explain(row, NO_ONE_ZONE);
}

#[cfg(test)]
mod tests;
