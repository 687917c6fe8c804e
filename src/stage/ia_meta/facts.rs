//! Statistics of a collection, from the rows of its pictures.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::photo::taken::taken_ms;
use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::instant::format_instant;

/// Counts, dates and positions. Each sequence takes about 16 bytes.
#[derive(Debug, Default)]
pub struct CollectionFacts {
    pub pictures: u64,
    pub panoramas: u64,
    /// Whether each tar has an index beside it, as written by these tools.
    pub is_indexed: bool,
    sequences: HashSet<u64>,
    days: BTreeSet<i64>,
    /// West, south, east, north in degrees. For pictures on both sides of the 180th meridian, this is the whole belt.
    pub bounds: Option<[f64; 4]>,
}

const DAY_MS: i64 = 86_400_000;

impl CollectionFacts {
    /// Adds a picture.
    ///
    /// # Errors
    /// If a value does not match its column.
    pub fn add(&mut self, row: &Row) -> Result<(), RowError> {
        let wrong = |wrong: crate::row::WrongValue| wrong.to_string();
        let taken_ms = taken_ms(row)?;
        let place = |lon, lat| Ok(row.number(lon)?.zip(row.number(lat)?));
        let raw = place(Field::Lon, Field::Lat).map_err(wrong)?;
        let place = raw.or(place(Field::ComputedLon, Field::ComputedLat).map_err(wrong)?);
        let is_pano = row.flag(Field::IsPano).map_err(wrong)?;
        self.pictures += 1;
        self.panoramas += u64::from(is_pano == Some(true));
        self.sequences.extend(row.get(Field::SeqId).map(hash));
        // Days beyond the calendar have no name.
        let named = taken_ms.filter(|&ms| format_instant(ms).is_some());
        self.days.extend(named.map(|ms| ms.div_euclid(DAY_MS)));
        if let Some((lon, lat)) = place {
            let [west, south, east, north] = self.bounds.unwrap_or([lon, lat, lon, lat]);
            self.bounds = Some([west.min(lon), south.min(lat), east.max(lon), north.max(lat)]);
        }
        Ok(())
    }

    pub fn sequences(&self) -> u64 {
        self.sequences.len() as u64
    }

    /// The number of days on which pictures were taken.
    pub fn days(&self) -> u64 {
        self.days.len() as u64
    }

    /// The first and last of those days, in UTC.
    pub fn dates(&self) -> Option<(String, String)> {
        Some((date(*self.days.first()?)?, date(*self.days.last()?)?))
    }
}

fn date(day: i64) -> Option<String> {
    Some(format_instant(day * DAY_MS)?.split('T').next()?.to_string())
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
