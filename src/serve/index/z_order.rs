//! World units: the map as a grid of 2^26 by 2^26, the units of tiles of zoom 14; their order on the Z-order curve, on
//! which a tile of any zoom is one range; and the encoding of lines.

use crate::value::geo::Position;
use crate::value::tile::Tile;

/// The side of a tile in units, as at the service.
pub const EXTENT: u32 = 4096;
/// The deepest zoom served.
pub const DEEPEST: u8 = 14;
/// The side of the world is two to the power of this, in units.
pub const WORLD_BITS: u8 = 26;
/// Lines for low zooms are stored in coarser units, those of zoom 9.
pub const COARSE_ZOOM: u8 = 9;

/// A position in world units; one beyond the map's limit near a pole is moved to the edge.
pub fn units(place: Position) -> (u32, u32) {
    let world = Tile::new(DEEPEST, 0, 0).expect("there is such a tile");
    let (x, y) = world.local(place, EXTENT);
    let last = (1i64 << WORLD_BITS) - 1;
    let within = |at: i32| i64::from(at).clamp(0, last) as u32;
    (within(x), within(y))
}

/// The key of a unit on the curve.
pub fn key((x, y): (u32, u32)) -> u64 {
    spread(x) << 1 | spread(y)
}

/// The unit of a key on the curve.
pub fn unit(key: u64) -> (u32, u32) {
    (gather(key >> 1), gather(key))
}

/// The keys of the units in a tile.
pub fn keys_in(tile: Tile) -> std::ops::Range<u64> {
    let shift = 2 * (WORLD_BITS - tile.z().min(WORLD_BITS));
    let first = key((tile.x(), tile.y()));
    first << shift..(first + 1) << shift
}

/// Inserts a zero bit between each two bits (Morton, 1966).
fn spread(number: u32) -> u64 {
    let mut bits = u64::from(number);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        bits = (bits | bits << shift) & mask;
    }
    bits
}

/// Every other bit, starting with the lowest.
fn gather(number: u64) -> u32 {
    let mut bits = number & 0x5555_5555_5555_5555;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0x0000_0000_ffff_ffff),
    ] {
        bits = (bits | bits >> shift) & mask;
    }
    bits as u32
}

/// A unit in tile coordinates: negative or beyond the extent if it is outside the tile.
pub fn local(tile: Tile, (x, y): (i64, i64), zoom: u8) -> (i32, i32) {
    let at = |unit: i64, from: u32| {
        let unit = unit >> zoom.saturating_sub(tile.z());
        (unit - i64::from(from) * i64::from(EXTENT)) as i32
    };
    (at(x, tile.x()), at(y, tile.y()))
}

/// Encodes a line in the coarser units of `zoom`; repeated units are left out.
pub fn pack(line: impl Iterator<Item = (u32, u32)>, zoom: u8) -> Vec<u8> {
    let (mut bytes, mut last) = (Vec::new(), None);
    for (x, y) in line.map(|(x, y)| (x >> (DEEPEST - zoom), y >> (DEEPEST - zoom))) {
        let (before_x, before_y) = last.unwrap_or((0, 0));
        if last != Some((x, y)) {
            put(&mut bytes, i64::from(x) - i64::from(before_x));
            put(&mut bytes, i64::from(y) - i64::from(before_y));
        }
        last = Some((x, y));
    }
    bytes
}

/// Decodes the units of a line; invalid bytes end it.
pub fn unpack(bytes: &[u8]) -> Vec<(u32, u32)> {
    let (mut line, mut at) = (Vec::new(), 0);
    let (mut x, mut y) = (0i64, 0i64);
    while let (Some(dx), Some(dy)) = (take(bytes, &mut at), take(bytes, &mut at)) {
        (x, y) = (x.wrapping_add(dx), y.wrapping_add(dy));
        line.push((x as u32, y as u32));
    }
    line
}

/// Zigzag encoding, seven bits a byte, as in vector tiles.
fn put(bytes: &mut Vec<u8>, number: i64) {
    let mut rest = (number << 1 ^ number >> 63) as u64;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn take(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let (mut number, mut shift) = (0u64, 0);
    loop {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte < 0x80 {
            return Some((number >> 1) as i64 ^ -((number & 1) as i64));
        }
    }
}

#[cfg(test)]
mod tests;
