//! The AXS trailer of old picture archives (AFCP). Its offsets count from the start of the file, so they are
//! updated when the header grows.

use std::io;

use crate::format::exif::byte_order::ByteOrder;
use crate::format::metadata_container::Splice;
use crate::format::source::Source;

/// Marker, version and count, or offset: both ends of the trailer have this length.
const END: u64 = 12;

/// One entry: name, length, offset.
const ENTRY: u64 = 12;

/// The splices that update the offsets in the trailer, if the file has one.
pub(super) fn follow(source: &mut impl Source, growth: i64) -> io::Result<Vec<Splice>> {
    let Some(end) = source.size().checked_sub(END) else { return Ok(Vec::new()) };
    let Some((order, start)) = mark(source.at(end, END as usize)?) else { return Ok(Vec::new()) };
    let start = u64::from(start);
    let begin = source.at(start, END as usize)?;
    if start >= end || mark(begin).is_none() || begin.len() < END as usize {
        return Ok(Vec::new());
    }
    let count = u64::from(order.u16(&begin[6..]));
    let mut places = vec![end + 4];
    places.extend((0..count).map(|number| start + END + number * ENTRY + 8));
    places.retain(|at| at + 4 <= end + END);
    let mut splices = Vec::new();
    for at in places {
        let old = order.u32(source.at(at, 4)?);
        if let Ok(new) = u32::try_from(i64::from(old) + growth) {
            splices.push(Splice { old: at..at + 4, new: order.put_u32(new).to_vec() });
        }
    }
    Ok(splices)
}

/// The byte order that the marker gives, and the number after it.
fn mark(bytes: &[u8]) -> Option<(ByteOrder, u32)> {
    let order = match bytes.get(..4)? {
        b"AXS!" => ByteOrder::Big,
        b"AXS*" => ByteOrder::Little,
        _ => return None,
    };
    Some((order, order.u32(bytes.get(4..8)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::metadata_container;

    fn sample(order: ByteOrder) -> Vec<u8> {
        let name = if order == ByteOrder::Big { b"AXS!" } else { b"AXS*" };
        let mut file = b"\xFF\xD8 pixels \xFF\xD9".to_vec();
        let start = file.len() as u32;
        let place = order.put_u32(start + 24);
        file.extend([&name[..], b"01", &order.put_u16(1), &[0; 4]].concat());
        file.extend([b"Nail", &order.put_u32(5)[..], &place, b"small"].concat());
        file.extend([&name[..], &order.put_u32(start), &[0; 4]].concat());
        file
    }

    #[test]
    fn both_places_follow() {
        for order in [ByteOrder::Big, ByteOrder::Little] {
            let old = sample(order);
            let mut splices = follow(&mut &old[..], 10).unwrap();
            assert_eq!(splices.len(), 2);
            splices.push(Splice { old: 2..2, new: b"ten bytes!".to_vec() });
            splices.sort_by_key(|splice| splice.old.start);
            let new = metadata_container::joined(
                &metadata_container::pieces(splices, old.len() as u64),
                &old,
            );
            let start = order.u32(&new[new.len() - 8..]) as usize;
            assert!(new[start..].starts_with(b"AXS"));
            let at = order.u32(&new[start + 20..]) as usize;
            assert!(new[at..].starts_with(b"small"));
        }
    }

    #[test]
    fn any_bytes_are_left_alone_or_followed() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let mut broken = sample(ByteOrder::Big);
            let at = random.usize(12..broken.len());
            broken[at] = random.u8(..);
            for splice in follow(&mut &broken[..], 10).unwrap() {
                assert!(splice.old.end <= broken.len() as u64);
            }
        }
    }
}
