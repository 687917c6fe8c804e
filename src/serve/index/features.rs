//! Map features in an index: by id and by position.

use std::io;

use super::layout::{FeatureRecord, Table};
use super::tables::hash;
use super::{Index, kind};
use crate::value::area::BBox;
use crate::value::tile::Tile;

/// A map feature as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFeature {
    pub id: String,
    /// A compact JSON object of its fields.
    pub text: String,
}

impl Index {
    /// The map feature with this id.
    pub fn feature(&self, id: &str) -> io::Result<Option<StoredFeature>> {
        self.find_key(Table::FeatureIds, hash(kind::FEATURE, id), |number| {
            Ok(Some(self.feature_at(number)?).filter(|feature| feature.id == id))
        })
    }

    /// The map features in a box, from west to east; `None` if there are more than `limit`.
    pub fn features_within(
        &self,
        bounds: BBox,
        limit: usize,
    ) -> io::Result<Option<Vec<StoredFeature>>> {
        let spots = self.spots_within(Table::FeatureSpots, bounds, limit)?;
        let found = |spot: &super::layout::Spot| self.feature_at(spot.number);
        spots.map(|spots| spots.iter().map(found).collect()).transpose()
    }

    /// The map features in a tile, each with its longitude and latitude.
    pub fn features_in(&self, tile: Tile) -> io::Result<Vec<(super::layout::Spot, StoredFeature)>> {
        let spots = self.spots_in(Table::FeatureSpots, tile)?;
        spots.into_iter().map(|spot| Ok((spot, self.feature_at(spot.number)?))).collect()
    }

    fn feature_at(&self, number: u32) -> io::Result<StoredFeature> {
        let record: FeatureRecord =
            self.tables.one(&self.storage, Table::Features, number.into())?;
        let id = self.text_at(record.id_at, record.id_len.into())?;
        Ok(StoredFeature { id, text: self.text_at(record.text_at, record.text_len.into())? })
    }
}
