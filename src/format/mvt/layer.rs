//! A layer of a tile, with its features in lists that they share.

use super::{Feature, GeometryType, Value};

/// The extent if a layer does not give one (section 4.1 of the specification).
const DEFAULT_EXTENT: u32 = 4096;

/// A point in tile coordinates, y downward. Features in the buffer are below 0 or beyond the extent.
pub type LocalPoint = (i32, i32);

/// A layer, with its features in tile order.
#[derive(Debug)]
pub struct Layer<'a> {
    pub(super) name: &'a str,
    pub(super) version: u32,
    pub(super) extent: u32,
    pub(super) keys: Vec<&'a str>,
    pub(super) values: Vec<Value<'a>>,
    pub(super) features: Vec<Record>,
    // The lists of all features are concatenated, because a tile has thousands of short ones.
    pub(super) points: Vec<LocalPoint>,
    pub(super) part_ends: Vec<u32>,
    pub(super) tags: Vec<(u32, u32)>,
}

/// A feature, and the ends of its ranges in the shared lists; they begin where those of the previous feature end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) id: Option<u64>,
    pub(super) kind: GeometryType,
    pub(super) points_end: u32,
    pub(super) parts_end: u32,
    pub(super) tags_end: u32,
}

impl<'a> Layer<'a> {
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Version of the specification: 1 or 2.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The number of units along a side of the tile.
    pub fn extent(&self) -> u32 {
        self.extent
    }

    /// Names of the features' properties.
    pub fn keys(&self) -> &[&'a str] {
        &self.keys
    }

    /// The number of distinct values that the layer stores.
    pub fn value_count(&self) -> usize {
        self.values.len()
    }

    pub fn len(&self) -> usize {
        self.features.len()
    }

    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    pub fn features(&self) -> impl ExactSizeIterator<Item = Feature<'_, 'a>> {
        (0..self.features.len()).map(|index| Feature { layer: self, index })
    }

    /// A layer without a name, with the defaults for version and extent.
    pub(super) fn nameless() -> Self {
        Layer {
            name: "",
            version: 1,
            extent: DEFAULT_EXTENT,
            keys: Vec::new(),
            values: Vec::new(),
            features: Vec::new(),
            points: Vec::new(),
            part_ends: Vec::new(),
            tags: Vec::new(),
        }
    }
}
