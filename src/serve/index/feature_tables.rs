//! The tables of map features in an index.

use std::io;

use super::kind;
use super::layout::{FeatureRecord, Key, Table};
use super::spots::{spot_at, write_spots};
use super::storage::IndexOutput;
use super::tables::{Tables, hash};
use crate::value::geo::Position;

/// A map feature whose text has been written.
#[derive(Debug)]
pub struct LocatedFeature {
    pub id: String,
    pub place: Option<Position>,
    pub text: (u64, u32),
}

pub fn write_features(
    tables: &mut Tables,
    sink: &mut IndexOutput,
    features: Vec<LocatedFeature>,
) -> io::Result<()> {
    let (mut records, mut keys, mut spots) = (Vec::new(), Vec::new(), Vec::new());
    for (number, LocatedFeature { id, place, text }) in (0u32..).zip(features) {
        let (id_at, id_len) = (sink.write(id.as_bytes())?, id.len() as u32);
        records.push(FeatureRecord { id_at, text_at: text.0, id_len, text_len: text.1 });
        keys.push(Key { hash: hash(kind::FEATURE, &id), number });
        spots.extend(place.map(|place| spot_at(place, number)));
    }
    keys.sort_unstable_by_key(|key| (key.hash, key.number));
    tables.put(sink, Table::Features, records)?;
    tables.put(sink, Table::FeatureIds, keys)?;
    write_spots(tables, sink, Table::FeatureSpots, spots)
}
