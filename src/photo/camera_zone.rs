//! Chooses one zone for the clock of a camera by the majority of its photos, where the photos alone would give
//! several: crossing a border or a stale GPS stamp does not change the clock.

mod votes;

use std::collections::HashMap;

use crate::row::{Field, Row};
use crate::value::zone::{Instants, Zone};

use super::camera::is_worked_out;
use super::camera_key::camera_key;
use super::row_store::{RowCursor, RowStore};
use super::why::explain;
use crate::shape::{Diagnostics, FatalError};
use crate::value::provenance::{NOT_FOUND, ZoneBy};
use votes::{Decision, ZoneEvidence, ZoneVote, ZoneVotes, vote};

/// The remark on photos whose zone is withdrawn.
const NO_ONE_ZONE: &str = "the GPS times of this camera's photos fit no one zone";

/// The zone evidence of the photos of all cameras. Rows are seen once; rows of a camera with several zones are looked
/// at again; then each row gets what was decided.
#[derive(Default)]
pub struct CameraZones {
    cameras: HashMap<String, ZoneVotes>,
    /// The evidence of each camera's photos that were already output.
    gone: HashMap<String, ZoneEvidence>,
    /// Whether the decision may change any row.
    pub change_rows: bool,
    /// Whether the zone of a camera also depends on photos that were already output, so that the decision would be
    /// wrong.
    pub is_torn: bool,
}

/// Whether the zone of this row may be replaced by that of its camera's other photos.
pub fn is_unsure(row: &Row) -> bool {
    let is_worked_out = is_worked_out(row.get(Field::PositionBy).filter(|by| *by != NOT_FOUND));
    row.get(Field::TakenAt).is_some()
        && !is_worked_out
        && match row.get(Field::ZoneBy) {
            None => row.get(Field::Zone).is_none() && row.get(Field::CapturedAt).is_none(),
            Some(by) => matches!(by.parse(), Ok(ZoneBy::Gps | ZoneBy::Place)),
        }
}

/// Gives the uncertain rows of each camera one zone, if most of those that have one agree.
#[cfg(test)]
pub fn settle(rows: &mut [&mut Row], notes: &dyn Diagnostics) {
    let mut zones = CameraZones::default();
    rows.iter().for_each(|row| zones.see(row));
    if zones.needs_second_look() {
        rows.iter().for_each(|row| zones.look_again(row));
    }
    zones.decide();
    rows.iter_mut().for_each(|row| zones.apply(row, notes));
}

impl CameraZones {
    /// Counts a row's evidence.
    pub fn see(&mut self, row: &Row) {
        if let Some(vote) = vote(row) {
            self.cameras.entry(camera_key(row)).or_default().see(&vote, row);
        }
    }

    /// Whether rows must be looked at again.
    fn needs_second_look(&mut self) -> bool {
        let again = self.cameras.values_mut().filter(|votes| votes.is_uncounted);
        again.map(|votes| votes.zones.iter_mut().for_each(|zone| zone.1 = 0)).count() > 0
    }

    fn look_again(&mut self, row: &Row) {
        if let Some(vote) = vote(row)
            && let Some(votes) = self.cameras.get_mut(&camera_key(row)).filter(|it| it.is_uncounted)
        {
            votes.count(&vote);
        }
    }

    /// Decides from these rows, which have all been seen. Rows are read again if a camera has several zones.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn decide_by(&mut self, rows: &RowStore) -> Result<(), FatalError> {
        if self.needs_second_look() {
            let mut cursor = RowCursor::default();
            while let Some(row) = cursor.next(rows)? {
                self.look_again(&row);
            }
        }
        self.decide();
        Ok(())
    }

    fn decide(&mut self) {
        self.cameras.values_mut().for_each(ZoneVotes::decide);
        self.change_rows = self.cameras.values().any(|votes| votes.decision != Decision::Stay);
        self.is_torn = self.cameras.iter().any(|(camera, votes)| {
            let gone = self.gone.get(camera);
            gone.is_some_and(|&gone| gone == ZoneEvidence::Several || gone != votes.told())
        });
    }

    /// The rows were output, and others will come, perhaps of the same cameras.
    pub fn begin_anew(&mut self) {
        for (camera, votes) in self.cameras.drain() {
            let told = if self.is_torn { ZoneEvidence::Several } else { votes.told() };
            self.gone.insert(camera, told);
        }
        (self.change_rows, self.is_torn) = (false, false);
    }

    /// Gives a row the zone of its camera.
    pub fn apply(&self, row: &mut Row, notes: &dyn Diagnostics) {
        if !self.change_rows {
            return;
        }
        let Some(vote) = vote(row) else { return };
        match self.cameras.get(&camera_key(row)).map(|votes| votes.decision) {
            Some(Decision::Assign(zone)) => assign(row, &vote, zone, notes),
            Some(Decision::Withdraw) if vote.zone.is_some() && vote.by_stamp => withdraw(row),
            _ => {}
        }
    }
}

fn assign(row: &mut Row, vote: &ZoneVote, zone: Zone, notes: &dyn Diagnostics) {
    let captured_ms = match zone.instants_ms(vote.taken) {
        Instants::One(ms) | Instants::Two(ms, _) => ms,
        Instants::Never => return,
    };
    let own = vote.zone.map(|(own, offset_ms)| (own, vote.taken.clock_ms() - offset_ms));
    match own {
        Some((_, own_ms)) if own_ms == captured_ms => return,
        // The same zone: the instant is one of the two of an hour that occurs twice.
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
