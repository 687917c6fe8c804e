//! The zone evidence of one camera's photos, and the decision.

use super::is_unsure;
use crate::photo::camera::stamp_disagrees;
use crate::row::{Field, Row};
use crate::value::instant::LocalTime;
use crate::value::provenance::ZoneBy;
use crate::value::zone::Zone;

/// The evidence of one photo on its camera's zone.
pub struct ZoneVote {
    pub taken: LocalTime,
    /// The zone, and its offset at the photo's instant.
    pub zone: Option<(Zone, i64)>,
    /// Whether the zone was found without a position that could confirm it.
    pub by_stamp: bool,
}

/// The evidence of one camera's photos.
#[derive(Default)]
pub struct ZoneVotes {
    /// The zones found, in order of appearance, each with the number of photos whose instant it explains.
    pub zones: Vec<(Zone, usize)>,
    told: usize,
    /// Photos without a zone because their stamp disagrees with the clock.
    against: usize,
    has_untold: bool,
    has_stamped: bool,
    /// A zone was added late: earlier photos were not counted for it.
    pub is_uncounted: bool,
    pub decision: Decision,
}

/// A camera's evidence, in the detail needed to tell whether more of the same would change a decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ZoneEvidence {
    Nothing,
    One(Zone),
    Several,
}

/// The decision on the zones of a camera's photos.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub enum Decision {
    #[default]
    Stay,
    /// All photos get this zone.
    Assign(Zone),
    /// Zones that only a stamp supports are removed.
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

    /// Counts the vote for each zone in which the photo's local time is its instant.
    pub fn count(&mut self, vote: &ZoneVote) {
        let Some((_, offset_ms)) = vote.zone else { return };
        let captured_ms = vote.taken.clock_ms() - offset_ms;
        for (zone, count) in &mut self.zones {
            let is_ms = zone.offset_s(captured_ms).map(|s| i64::from(s) * 1000);
            *count += usize::from(is_ms == Some(offset_ms));
        }
    }

    /// Photos without a zone, and photos that all have the same zone, stay as they are, no matter how many they are.
    pub fn told(&self) -> ZoneEvidence {
        match self.zones[..] {
            [] => ZoneEvidence::Nothing,
            [(zone, count)] if count == self.told && !self.has_untold => ZoneEvidence::One(zone),
            _ => ZoneEvidence::Several,
        }
    }

    /// The zone that explains most of the photos that have one, if these are more than half of all photos with a zone
    /// and of those whose stamp disagrees.
    pub fn decide(&mut self) {
        let best = self.zones.iter().fold(None, |best: Option<&(Zone, usize)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        });
        self.decision = match best.filter(|(_, count)| count * 2 > self.told + self.against) {
            // All photos already have it.
            Some(_) if self.zones.len() == 1 && !self.has_untold => Decision::Stay,
            Some((zone, _)) => Decision::Assign(*zone),
            None if self.has_stamped => Decision::Withdraw,
            None => Decision::Stay,
        };
    }
}

/// `None` for a row whose zone is not in question.
pub fn vote(row: &Row) -> Option<ZoneVote> {
    if !is_unsure(row) {
        return None;
    }
    let taken: LocalTime = row.get(Field::TakenAt)?.parse().ok()?;
    let zone = row.get(Field::Zone).and_then(|text| text.parse().ok());
    let captured_ms = row.instant_ms(Field::CapturedAt).ok().flatten();
    let zone =
        zone.zip(captured_ms).map(|(zone, captured_ms)| (zone, taken.clock_ms() - captured_ms));
    let by_stamp =
        row.get(Field::ZoneBy) == Some(ZoneBy::Gps.word()) && row.get(Field::Lon).is_none();
    Some(ZoneVote { taken, zone, by_stamp })
}
