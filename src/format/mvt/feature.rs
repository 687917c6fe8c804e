//! One feature of a decoded layer, as a view into the lists of the layer.

use super::{
    GeometryType, Value,
    layer::{Layer, LocalPoint, Record},
};

/// One feature of a layer.
#[derive(Debug, Clone, Copy)]
pub struct Feature<'l, 'a> {
    pub(super) layer: &'l Layer<'a>,
    pub(super) index: usize,
}

impl<'l, 'a> Feature<'l, 'a> {
    /// The feature's own id in the tile, which is not the id of an image.
    pub fn id(self) -> Option<u64> {
        self.record().id
    }

    pub fn kind(self) -> GeometryType {
        self.record().kind
    }

    /// All points, across parts.
    pub fn points(self) -> &'l [LocalPoint] {
        let start = self.before().map_or(0, |before| before.points_end);
        &self.layer.points[start as usize..self.record().points_end as usize]
    }

    /// Points, lines or rings, one by one; a multipoint drawn by one command is one part.
    pub fn parts(self) -> impl Iterator<Item = &'l [LocalPoint]> {
        let layer = self.layer;
        let first = self.before().map_or(0, |before| before.parts_end);
        let mut start = self.before().map_or(0, |before| before.points_end) as usize;
        let ends = &layer.part_ends[first as usize..self.record().parts_end as usize];
        ends.iter().map(move |&end| {
            let part = &layer.points[start..end as usize];
            start = end as usize;
            part
        })
    }

    /// The value of a property; `None` if the feature lacks it or it is blank.
    pub fn property(self, key: &str) -> Option<Value<'a>> {
        self.properties().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// All properties except blank ones.
    pub fn properties(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        let layer = self.layer;
        let start = self.before().map_or(0, |before| before.tags_end);
        layer.tags[start as usize..self.record().tags_end as usize]
            .iter()
            .map(|&(key, value)| (layer.keys[key as usize], layer.values[value as usize]))
            .filter(|(_, value)| !value.is_blank())
    }

    fn record(self) -> &'l Record {
        &self.layer.features[self.index]
    }

    fn before(self) -> Option<&'l Record> {
        self.layer.features[..self.index].last()
    }
}
