//! What the photos of one camera say of its zone, and what becomes of it.

use super::is_unsure;
use crate::photo::camera::stamp_disagrees;
use crate::row::{Field, Row};
use crate::value::instant::LocalTime;
use crate::value::provenance::ZoneBy;
use crate::value::zone::Zone;

/// What one photo says of its camera's zone.
pub struct ZoneVote {
    pub taken: LocalTime,
    /// The zone, and its offset at the photo's instant.
    pub zone: Option<(Zone, i64)>,
    /// Whether it was found without a place that could confirm it.
    pub by_stamp: bool,
}

/// What the photos of one camera say.
#[derive(Default)]
pub struct ZoneVotes {
    /// The zones that were told, in the order in which they came, each with the photos whose instant it explains.
    pub zones: Vec<(Zone, usize)>,
    told: usize,
    /// Photos without a zone, since their stamp disagrees with it.
    against: usize,
    has_untold: bool,
    has_stamped: bool,
    /// A zone came late: photos before were not asked whether it explains them.
    pub is_uncounted: bool,
    pub decision: Decision,
}

/// What the photos of a camera told, as far as it tells whether more of the same would change anything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ZoneEvidence {
    Nothing,
    One(Zone),
    Several,
}

/// What becomes of the zones of a camera's photos.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub enum Decision {
    #[default]
    Stay,
    /// All get this one.
    Assign(Zone),
    /// What only a stamp tells is withdrawn.
    Withdraw,
}

impl ZoneVotes {
    pub fn see(&mut self, vote: &ZoneVote, row: &Row) {
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
    pub fn count(&mut self, vote: &ZoneVote) {
        let Some((_, offset_ms)) = vote.zone else { return };
        let captured_ms = vote.taken.clock_ms() - offset_ms;
        for (zone, count) in &mut self.zones {
            let is_ms = zone.offset_s(captured_ms).map(|s| i64::from(s) * 1000);
            *count += usize::from(is_ms == Some(offset_ms));
        }
    }

    /// Photos that tell nothing, and photos that all tell one zone, stay as they are, however many they are.
    pub fn told(&self) -> ZoneEvidence {
        match self.zones[..] {
            [] => ZoneEvidence::Nothing,
            [(zone, count)] if count == self.told && !self.has_untold => ZoneEvidence::One(zone),
            _ => ZoneEvidence::Several,
        }
    }

    /// The zone that explains most of the photos that tell one, if they are most of those with a stamp.
    pub fn decide(&mut self) {
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
pub fn vote(row: &Row) -> Option<ZoneVote> {
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
    Some(ZoneVote { taken, zone, by_stamp })
}
