//! Clips a ring to the picture (Sutherland and Hodgman).

use super::{Point, Ring};

/// Larger than any coordinate of a picture; larger ones would not clip precisely.
const FAR: f64 = 1e9;

/// The ring clipped to 0 to 1; `None` if it has no area or is outside.
pub fn to_unit_square(ring: Ring) -> Option<Ring> {
    let is_near = |point: &Point| point.iter().all(|number| number.abs() < FAR);
    if !ring.iter().all(is_near) {
        return None;
    }
    let is_inside = |[x, y]: &Point| (0.0..=1.0).contains(x) && (0.0..=1.0).contains(y);
    let ring = if ring.iter().all(is_inside) {
        ring
    } else {
        (0..2)
            .flat_map(|axis| [(axis, 0.0, 1.0), (axis, 1.0, -1.0)])
            .fold(ring, |ring, (axis, edge, inward)| cut(&ring, axis, edge, inward))
    };
    (ring.len() >= 3).then_some(ring)
}

/// The part of a ring on the inner side of an edge of the picture.
fn cut(ring: &[Point], axis: usize, edge: f64, inward: f64) -> Ring {
    let depth = |point: &Point| (point[axis] - edge) * inward;
    let mut kept = Ring::new();
    for (from, to) in super::sides(ring) {
        let (before, after) = (depth(&from), depth(&to));
        if before >= 0.0 {
            kept.push(from);
        }
        if (before < 0.0) != (after < 0.0) && before != 0.0 {
            let part = before / (before - after);
            let mut crossing = [0, 1].map(|at: usize| from[at] + (to[at] - from[at]) * part);
            crossing[axis] = edge;
            kept.push(crossing);
        }
    }
    kept.dedup();
    kept
}
