//! Points in WKB, as GeoParquet stores them.

/// A point with two coordinates and an optional altitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    pub z: Option<f64>,
}

/// A point with two coordinates, little-endian.
pub fn write(x: f64, y: f64) -> [u8; 21] {
    let mut bytes = [0; 21];
    bytes[0] = 1;
    bytes[1..5].copy_from_slice(&POINT.to_le_bytes());
    bytes[5..13].copy_from_slice(&x.to_le_bytes());
    bytes[13..21].copy_from_slice(&y.to_le_bytes());
    bytes
}

/// The type number of a point (OGC 06-103r4, section 8.2.3).
const POINT: u32 = 1;

/// Reads a point in either byte order, in ISO WKB or EWKB. `None` for other geometries, an empty point, and
/// anything that is not WKB.
pub fn read(bytes: &[u8]) -> Option<Point> {
    let is_little = match bytes.first()? {
        0 => false,
        1 => true,
        _ => return None,
    };
    let word = |at: usize| {
        let bytes: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let kind = word(1)?;
    // EWKB marks an altitude, a measure and an SRID in the highest bits; ISO adds thousands to the type.
    let (flags, iso) = (kind >> 28, kind & 0x0fff_ffff);
    let (has_z, has_m) = match iso / 1000 {
        0 => (flags & 8 != 0, flags & 4 != 0),
        1 => (true, false),
        2 => (false, true),
        3 => (true, true),
        _ => return None,
    };
    let start = if flags & 2 != 0 { 9 } else { 5 };
    let numbers = 2 + usize::from(has_z) + usize::from(has_m);
    if iso % 1000 != POINT || bytes.len() != start + 8 * numbers {
        return None;
    }
    let number = |at: usize| {
        let at = start + 8 * at;
        let bytes: [u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
        Some(if is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    };
    let (x, y) = (number(0)?, number(1)?);
    let z = if has_z { number(2).filter(|z| z.is_finite()) } else { None };
    (x.is_finite() && y.is_finite()).then_some(Point { x, y, z })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_comes_back_and_one_cut_anywhere_is_none() {
        let bytes = write(9.95, -54.32);
        assert_eq!(read(&bytes), Some(Point { x: 9.95, y: -54.32, z: None }));
        assert!((0..bytes.len()).all(|end| read(&bytes[..end]).is_none()));
    }

    #[test]
    fn points_of_others_are_read_and_other_geometries_are_not() {
        let point = |head: &[u8], numbers: &[f64], is_little: bool| {
            let number = |n: &f64| if is_little { n.to_le_bytes() } else { n.to_be_bytes() };
            let bytes: Vec<u8> =
                head.iter().copied().chain(numbers.iter().flat_map(number)).collect();
            read(&bytes).map(|point| (point.x, point.y, point.z))
        };
        let found = Some((1.0, 2.0, Some(3.0)));
        assert_eq!(point(&[0, 0, 0, 0, 1], &[1.0, 2.0], false), Some((1.0, 2.0, None)));
        assert_eq!(point(&[1, 0xe9, 3, 0, 0], &[1.0, 2.0, 3.0], true), found, "ISO Z");
        assert_eq!(point(&[1, 1, 0, 0, 0x80], &[1.0, 2.0, 3.0], true), found, "EWKB Z");
        let with_srid = [1, 1, 0, 0, 0x20, 0xe6, 0x10, 0, 0];
        assert_eq!(point(&with_srid, &[1.0, 2.0], true), Some((1.0, 2.0, None)));
        assert_eq!(point(&[1, 1, 0, 0, 0], &[f64::NAN, f64::NAN], true), None, "an empty point");
        assert_eq!(point(&[1, 2, 0, 0, 0], &[1.0, 2.0], true), None, "a line");
    }
}
