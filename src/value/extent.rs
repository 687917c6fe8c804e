//! The smallest box around positions, which may cross the antimeridian.

use super::geo::Position;

const TURN_DEG: f64 = 360.0;
const HALF_TURN_DEG: f64 = 180.0;

/// West, south, east and north of positions, in degrees.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extent {
    lon: LonExtent,
    south_north_deg: Option<(f64, f64)>,
}

impl Extent {
    /// Includes a position.
    pub fn add(&mut self, at: Position) {
        self.lon.add(at.lon_deg(), at.lon_deg());
        include(&mut self.south_north_deg, (at.lat_deg(), at.lat_deg()));
    }

    /// West, south, east and north; west is greater than east if the box crosses the antimeridian, as in RFC 7946,
    /// section 5.2. `None` without positions.
    pub fn bounds_deg(&self) -> Option<[f64; 4]> {
        let ((west, east), (south, north)) = self.lon.west_east_deg().zip(self.south_north_deg)?;
        Some([west, south, east, north])
    }
}

/// The narrower of two ranges of longitudes: one that may cross the prime meridian, one that may cross the
/// antimeridian.
#[derive(Debug, Clone, Copy, Default)]
pub struct LonExtent {
    over_prime_deg: Option<(f64, f64)>,
    /// From 0 to 360 degrees.
    over_anti_deg: Option<(f64, f64)>,
}

impl LonExtent {
    /// Includes all longitudes from west to east, which do not cross the antimeridian.
    pub fn add(&mut self, west_deg: f64, east_deg: f64) {
        include(&mut self.over_prime_deg, (west_deg, east_deg));
        let over_anti = if west_deg < 0.0 && east_deg >= 0.0 {
            (0.0, TURN_DEG)
        } else {
            let turn = if west_deg < 0.0 { TURN_DEG } else { 0.0 };
            (west_deg + turn, east_deg + turn)
        };
        include(&mut self.over_anti_deg, over_anti);
    }

    /// The west and the east end; west is greater than east if the range crosses the antimeridian.
    pub fn west_east_deg(&self) -> Option<(f64, f64)> {
        let (prime, anti) = self.over_prime_deg.zip(self.over_anti_deg)?;
        let crosses = anti.0 <= HALF_TURN_DEG && anti.1 > HALF_TURN_DEG;
        let is_narrower = anti.1 - anti.0 < prime.1 - prime.0;
        Some(if crosses && is_narrower { (anti.0, anti.1 - TURN_DEG) } else { prime })
    }
}

fn include(range: &mut Option<(f64, f64)>, (from, to): (f64, f64)) {
    let (first, last) = range.unwrap_or((from, to));
    *range = Some((first.min(from), last.max(to)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(places: &[(f64, f64)]) -> Option<[f64; 4]> {
        let mut extent = Extent::default();
        places.iter().for_each(|&(lon, lat)| extent.add(Position::new(lon, lat).unwrap()));
        extent.bounds_deg()
    }

    #[test]
    fn a_box_is_the_smallest_one_and_goes_over_the_antimeridian_if_that_is_the_shorter_way() {
        assert_eq!(bounds(&[]), None);
        assert_eq!(bounds(&[(9.0, 54.0)]), Some([9.0, 54.0, 9.0, 54.0]));
        assert_eq!(bounds(&[(9.0, 54.0), (-3.0, 50.0)]), Some([-3.0, 50.0, 9.0, 54.0]));
        assert_eq!(bounds(&[(179.5, 1.0), (-179.0, 2.0)]), Some([179.5, 1.0, -179.0, 2.0]));
        assert_eq!(bounds(&[(-170.0, 1.0), (-175.0, 2.0)]), Some([-175.0, 1.0, -170.0, 2.0]));
        assert_eq!(bounds(&[(180.0, 1.0), (-179.0, 1.0)]), Some([180.0, 1.0, -179.0, 1.0]));
        assert_eq!(bounds(&[(-180.0, 1.0), (-179.0, 1.0)]), Some([-180.0, 1.0, -179.0, 1.0]));
        assert_eq!(
            bounds(&[(-90.0, 0.0), (0.0, 0.0), (90.0, 0.0), (170.0, 0.0)]).unwrap()[0],
            -90.0
        );
    }

    #[test]
    fn a_range_over_the_prime_meridian_is_never_taken_for_one_over_the_antimeridian() {
        let mut lon = LonExtent::default();
        lon.add(-1.0, 1.0);
        assert_eq!(lon.west_east_deg(), Some((-1.0, 1.0)));
        lon.add(179.0, 180.0);
        assert_eq!(lon.west_east_deg(), Some((-1.0, 180.0)));
    }
}
