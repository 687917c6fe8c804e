//! Areas of a picture: polygons with holes, as fractions of its width and height, from the upper left corner,
//! y downward. Not areas on the map.

mod clip;
mod nest;
mod spans;

/// x and y.
pub type Point = [f64; 2];
/// Corners in order, without a closing point.
pub type Ring = Vec<Point>;

/// Polygons: each an outer ring, then its holes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MultiPolygon {
    polygons: Vec<Vec<Ring>>,
}

/// The smallest axis-aligned box around something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl MultiPolygon {
    /// From rings that are not marked as outer rings or holes. `is_wound` means that holes have the opposite
    /// winding to the ring around them; otherwise a ring inside another is a hole.
    pub fn from_rings(rings: Vec<Ring>, is_wound: bool) -> MultiPolygon {
        let rings = rings.into_iter().map(open).filter_map(clip::to_unit_square).collect();
        MultiPolygon { polygons: nest::nested(rings, is_wound) }
    }

    /// From polygons, each given as an outer ring followed by its holes.
    pub fn new(polygons: Vec<Vec<Ring>>) -> MultiPolygon {
        let clipped = |rings: Vec<Ring>| -> Vec<Ring> {
            let mut rings = rings.into_iter().map(open).map(clip::to_unit_square);
            // Without an outer ring, holes are ignored.
            let outer = rings.next().flatten();
            outer.into_iter().chain(rings.flatten()).collect()
        };
        let polygons = polygons.into_iter().map(clipped);
        MultiPolygon { polygons: polygons.filter(|rings| !rings.is_empty()).collect() }
    }

    pub fn polygons(&self) -> &[Vec<Ring>] {
        &self.polygons
    }

    pub fn is_empty(&self) -> bool {
        self.polygons.is_empty()
    }

    /// The part of the picture that it covers, 0 to 1.
    pub fn area(&self) -> f64 {
        let of = |rings: &Vec<Ring>| {
            let mut areas = rings.iter().map(|ring| signed_area(ring).abs());
            let outer = areas.next().unwrap_or_default();
            (outer - areas.sum::<f64>()).max(0.0)
        };
        self.polygons.iter().map(of).sum()
    }

    pub fn bounds(&self) -> Option<Bounds> {
        let mut points = self.polygons.iter().flatten().flatten();
        let &[x, y] = points.next()?;
        let first = Bounds { left: x, top: y, right: x, bottom: y };
        Some(points.fold(first, |bounds, &[x, y]| Bounds {
            left: bounds.left.min(x),
            top: bounds.top.min(y),
            right: bounds.right.max(x),
            bottom: bounds.bottom.max(y),
        }))
    }
}

impl Bounds {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// The same in pixels of a picture.
    pub fn scaled(self, width: f64, height: f64) -> Bounds {
        Bounds {
            left: self.left * width,
            top: self.top * height,
            right: self.right * width,
            bottom: self.bottom * height,
        }
    }
}

/// The ring without a last point that repeats the first.
fn open(mut ring: Ring) -> Ring {
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// Positive if the ring is clockwise on the picture (y downward).
fn signed_area(ring: &[Point]) -> f64 {
    sides(ring).map(|([x, y], [to_x, to_y])| x * to_y - to_x * y).sum::<f64>() / 2.0
}

/// The edges of a ring, the last one back to its first point.
fn sides(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(&from, &to)| (from, to))
}

#[cfg(test)]
mod tests;
