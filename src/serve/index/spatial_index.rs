//! Images by position: on the Z-order curve a tile is one range and a box is a few.

use std::io;
use std::ops::Range;

use super::Index;
use super::layout::{Spot, Table};
use super::tables::partition;
use super::z_order;
use crate::value::area::BBox;
use crate::value::geo::Position;
use crate::value::tile::Tile;

/// The maximum number of tiles that cover a box.
const TILES: u64 = 16;
/// The deepest zoom of these tiles: smaller ones gain nothing.
const DEEPEST: u8 = 22;
/// The number of records read at once.
const CHUNK: u64 = 512;

impl Index {
    /// The images in a box that does not cross the antimeridian, from west to east; `None` if there are more than
    /// `limit`.
    pub fn within(&self, bounds: BBox, limit: usize) -> io::Result<Option<Vec<Spot>>> {
        self.spots_within(Table::Spots, bounds, limit)
    }

    pub(super) fn spots_within(
        &self,
        table: Table,
        bounds: BBox,
        limit: usize,
    ) -> io::Result<Option<Vec<Spot>>> {
        let mut found = Vec::new();
        for keys in ranges(bounds) {
            self.each_spot(table, keys, |spot| {
                let place = Position::new(spot.lon_deg, spot.lat_deg);
                if place.is_ok_and(|place| bounds.contains(place)) {
                    found.push(spot);
                }
                found.len() <= limit
            })?;
        }
        found.sort_by(|a, b| a.lon_deg.total_cmp(&b.lon_deg).then(a.number.cmp(&b.number)));
        Ok((found.len() <= limit).then_some(found))
    }

    /// The images in a tile, in the order of their numbers.
    pub fn in_tile(&self, tile: Tile, is_computed: bool) -> io::Result<Vec<Spot>> {
        self.spots_in(if is_computed { Table::ComputedSpots } else { Table::Spots }, tile)
    }

    pub(super) fn spots_in(&self, table: Table, tile: Tile) -> io::Result<Vec<Spot>> {
        let mut found = Vec::new();
        self.each_spot(table, z_order::keys_in(tile), |spot| {
            found.push(spot);
            true
        })?;
        found.sort_unstable_by_key(|spot| spot.number);
        Ok(found)
    }

    /// First images of sequences in a tile: one for each cell of 16 by 16 units, so that the tile of a whole archive
    /// stays small.
    pub fn samples_in(&self, tile: Tile) -> io::Result<Vec<Spot>> {
        // 4096 units a side are 12 bits in each direction, cells of 16 units are 8.
        let cell = 1u64 << (2 * (26 - u32::from(tile.z()) - 8));
        let keys = z_order::keys_in(tile);
        let mut found = Vec::new();
        let mut next = keys.start;
        while let Some(spot) = self.first_spot(Table::Samples, next)? {
            if spot.key >= keys.end {
                break;
            }
            next = (spot.key / cell + 1) * cell;
            found.push(spot);
        }
        found.sort_unstable_by_key(|spot| spot.number);
        Ok(found)
    }

    /// Whether a tile has any images.
    pub fn has_spot(&self, tile: Tile) -> io::Result<bool> {
        let keys = z_order::keys_in(tile);
        let first = self.first_spot(Table::Spots, keys.start)?;
        Ok(first.is_some_and(|spot| spot.key < keys.end))
    }

    fn first_spot(&self, table: Table, key: u64) -> io::Result<Option<Spot>> {
        let at = partition(&self.tables, &self.storage, table, |spot: &Spot| spot.key < key)?;
        if at < self.tables.len::<Spot>(table) {
            self.tables.one(&self.storage, table, at).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Passes the spots of a range to `take` until it returns `false`.
    fn each_spot(
        &self,
        table: Table,
        keys: Range<u64>,
        mut take: impl FnMut(Spot) -> bool,
    ) -> io::Result<()> {
        let is_before = |spot: &Spot| spot.key < keys.start;
        let mut at = partition(&self.tables, &self.storage, table, is_before)?;
        let end = self.tables.len::<Spot>(table);
        while at < end {
            let chunk: Vec<Spot> =
                self.tables.get(&self.storage, table, at..end.min(at + CHUNK))?;
            at += chunk.len() as u64;
            for spot in chunk {
                if spot.key >= keys.end || !take(spot) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Ranges of the curve that cover a box and some of its surroundings; those that touch or overlap are joined.
fn ranges(bounds: BBox) -> Vec<Range<u64>> {
    let mut ranges: Vec<Range<u64>> =
        bounds.uncrossed().flat_map(tiles_over).map(z_order::keys_in).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, before| {
        let touches = before.end >= next.start;
        if touches {
            before.end = before.end.max(next.end);
        }
        touches
    });
    ranges
}

/// At most [`TILES`] tiles that cover a box which does not cross the antimeridian.
fn tiles_over(bounds: BBox) -> Vec<Tile> {
    let corner = |lon_deg, lat_deg, z| {
        Position::new(lon_deg, lat_deg).map(|place| Tile::at(place, z)).unwrap_or(Tile::WORLD)
    };
    let corners = |z| {
        let first = corner(bounds.west_deg(), bounds.north_deg(), z);
        (first, corner(bounds.east_deg(), bounds.south_deg(), z))
    };
    let count = |(first, last): (Tile, Tile)| {
        u64::from(last.x() - first.x() + 1) * u64::from(last.y() - first.y() + 1)
    };
    let (first, last) = (0..=DEEPEST)
        .rev()
        .map(corners)
        .find(|&corners| count(corners) <= TILES)
        .unwrap_or((Tile::WORLD, Tile::WORLD));
    let columns = first.x()..=last.x();
    let rows = |x| (first.y()..=last.y()).filter_map(move |y| Tile::new(first.z(), x, y));
    columns.flat_map(rows).collect()
}
