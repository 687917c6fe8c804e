//! Determines which rings are holes, and of which polygon.

use super::{Point, Ring, sides, signed_area};

/// A ring, with the values that determine its nesting.
struct Placed {
    ring: Ring,
    area: f64,
    /// The outer ring that this is a hole of.
    hole_of: Option<usize>,
}

/// Polygons in the order of their outer rings, each with its holes in order.
pub fn nested(rings: Vec<Ring>, is_wound: bool) -> Vec<Vec<Ring>> {
    let placed = |ring: Ring| Placed { area: signed_area(&ring), ring, hole_of: None };
    let mut rings: Vec<Placed> = rings.into_iter().map(placed).collect();
    // A ring that contains another is larger, and is handled before it.
    let mut order: Vec<usize> = (0..rings.len()).collect();
    order.sort_by(|&a, &b| rings[b].area.abs().total_cmp(&rings[a].area.abs()));
    for (rank, &at) in order.iter().enumerate() {
        let around = |other: &&usize| contains(&rings[**other].ring, &rings[at].ring);
        let container = order[..rank].iter().rev().find(around).copied();
        rings[at].hole_of = container.filter(|&around| {
            let is_outer = rings[around].hole_of.is_none();
            is_outer && (!is_wound || (rings[around].area < 0.0) != (rings[at].area < 0.0))
        });
    }
    let mut polygons: Vec<(usize, Vec<Ring>)> = Vec::new();
    let outers = rings.iter().enumerate().filter(|(_, placed)| placed.hole_of.is_none());
    polygons.extend(outers.map(|(at, placed)| (at, vec![placed.ring.clone()])));
    for placed in &rings {
        let outer = polygons.iter_mut().find(|(at, _)| placed.hole_of == Some(*at));
        outer.into_iter().for_each(|(_, holes)| holes.push(placed.ring.clone()));
    }
    polygons.into_iter().map(|(_, rings)| rings).collect()
}

/// Whether most corners of a ring lie inside another. They may touch.
fn contains(outer: &[Point], inner: &[Point]) -> bool {
    let inside = inner.iter().filter(|point| is_inside(outer, point)).count();
    inside * 2 > inner.len()
}

/// Whether a ray from the point crosses the ring an odd number of times.
fn is_inside(ring: &[Point], &[x, y]: &Point) -> bool {
    let crosses = |&([from_x, from_y], [to_x, to_y]): &(Point, Point)| {
        (from_y > y) != (to_y > y) && x < (to_x - from_x) * (y - from_y) / (to_y - from_y) + from_x
    };
    sides(ring).filter(crosses).count() % 2 == 1
}
