//! One zone for the clock of a camera: that of most of its photos, where photo by photo would give several. A border
//! that is crossed, a stamp that is stale: the clock did not change for them.

use std::collections::HashMap;

use crate::row::{Field, Row};
use crate::value::instant::LocalTime;
use crate::value::zone::{Instants, Zone};

use super::camera::{is_worked_out, stamp_disagrees};
use super::camera_key::camera_key;
use super::row_store::{RowCursor, RowStore};
use super::why::explain;
use crate::shape::{Diagnostics, FatalError};
use crate::value::provenance::{NOT_FOUND, ZoneBy};

/// The word of `zone_by` for a zone that other photos of the camera told.
const NO_ONE_ZONE: &str = "the GPS times of this camera's photos fit no one zone";

/// What one photo says of its camera's zone.
struct Vote {
    taken: LocalTime,
    /// The zone, and its offset at the photo's instant.
    zone: Option<(Zone, i64)>,
    /// Whether it was found without a place that could confirm it.
    by_stamp: bool,
}

/// What the photos of all cameras say of their zones. Rows are seen once; where a camera has told of several zones, they
/// are looked at again; then each gets what was decided.
#[derive(Default)]
pub struct CameraZones {
    cameras: HashMap<String, Votes>,
    /// What those photos of each camera told that have gone out already.
    gone: HashMap<String, Told>,
    /// Whether any row may be another one once it is decided.
    pub change_rows: bool,
    /// Whether the zone of a camera goes by photos that have gone out, too: nothing is decided rightly.
    pub is_torn: bool,
}

/// What the photos of one camera say.
#[derive(Default)]
struct Votes {
    /// The zones that were told, in the order in which they came, each with the photos whose instant it explains.
    zones: Vec<(Zone, usize)>,
    told: usize,
    /// Photos without a zone, since their stamp disagrees with it.
    against: usize,
    has_untold: bool,
    has_stamped: bool,
    /// A zone came late: photos before were not asked whether it explains them.
    is_uncounted: bool,
    decision: Decision,
}

/// What the photos of a camera told, as far as it tells whether more of the same would change anything.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Nothing,
    One(Zone),
    Several,
}

/// What becomes of the zones of a camera's photos.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum Decision {
    #[default]
    Stay,
    /// All get this one.
    Assign(Zone),
    /// What only a stamp tells is withdrawn.
    Withdraw,
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
    /// Takes what a row says.
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

    /// Decides by what was seen of these rows. Where a camera has told of several zones, they are read again.
    ///
    /// # Errors
    /// Of the temporary file.
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
        self.cameras.values_mut().for_each(Votes::decide);
        self.change_rows = self.cameras.values().any(|votes| votes.decision != Decision::Stay);
        self.is_torn = self.cameras.iter().any(|(camera, votes)| {
            let gone = self.gone.get(camera);
            gone.is_some_and(|&gone| gone == Told::Several || gone != votes.told())
        });
    }

    /// The rows have gone out, and others will come, perhaps of the same cameras.
    pub fn begin_anew(&mut self) {
        for (camera, votes) in self.cameras.drain() {
            let told = if self.is_torn { Told::Several } else { votes.told() };
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

impl Votes {
    fn see(&mut self, vote: &Vote, row: &Row) {
        let Some((zone, _)) = vote.zone else {
            self.has_untold = true;
            self.against += usize::from(stamp_disagrees(row));
            return;
        };
        if !self.zones.iter().any(|(known, _)| *known == zone) {
            self.zones.push((zone, 0));
            self.is_uncounted |= self.told > 0;
        }
        self.told += 1;
        self.has_stamped |= vote.by_stamp;
        self.count(vote);
    }

    /// Counts the vote for each zone by which the photo would have the instant that it has.
    fn count(&mut self, vote: &Vote) {
        let Some((_, offset_ms)) = vote.zone else { return };
        let captured_ms = vote.taken.clock_ms() - offset_ms;
        for (zone, count) in &mut self.zones {
            let is_ms = zone.offset_s(captured_ms).map(|s| i64::from(s) * 1000);
            *count += usize::from(is_ms == Some(offset_ms));
        }
    }

    /// Photos that tell nothing, and photos that all tell one zone, stay as they are, however many they are.
    fn told(&self) -> Told {
        match self.zones[..] {
            [] => Told::Nothing,
            [(zone, count)] if count == self.told && !self.has_untold => Told::One(zone),
            _ => Told::Several,
        }
    }

    /// The zone that explains most of the photos that tell one, if they are most of those with a stamp.
    fn decide(&mut self) {
        let best = self.zones.iter().fold(None, |best: Option<&(Zone, usize)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        });
        self.decision = match best.filter(|(_, count)| count * 2 > self.told + self.against) {
            // Each has it already.
            Some(_) if self.zones.len() == 1 && !self.has_untold => Decision::Stay,
            Some((zone, _)) => Decision::Assign(*zone),
            None if self.has_stamped => Decision::Withdraw,
            None => Decision::Stay,
        };
    }
}

/// None of a row whose zone is not in question.
fn vote(row: &Row) -> Option<Vote> {
    if !is_unsure(row) {
        return None;
    }
    let taken: LocalTime = row.get(Field::TakenAt)?.parse().ok()?;
    let zone = row.get(Field::Zone).and_then(|text| text.parse().ok());
    let captured_ms = row.integer(Field::CapturedAt).ok().flatten();
    let zone =
        zone.zip(captured_ms).map(|(zone, captured_ms)| (zone, taken.clock_ms() - captured_ms));
    let by_stamp =
        row.get(Field::ZoneBy) == Some(ZoneBy::Gps.word()) && row.get(Field::Lon).is_none();
    Some(Vote { taken, zone, by_stamp })
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
