use super::*;

pub(super) fn square(left: f64, top: f64, side: f64) -> Ring {
    let (right, bottom) = (left + side, top + side);
    vec![[left, top], [right, top], [right, bottom], [left, bottom]]
}

fn turned(mut ring: Ring) -> Ring {
    ring.reverse();
    ring
}

fn near(one: f64, other: f64) {
    assert!((one - other).abs() < 1e-9, "{one} and {other}");
}

#[test]
fn holes_are_found_whichever_way_the_outer_ring_goes() {
    let (outer, hole) = (square(0.1, 0.1, 0.8), square(0.3, 0.3, 0.2));
    for rings in [
        vec![outer.clone(), turned(hole.clone())],
        vec![turned(outer.clone()), hole.clone()],
        vec![turned(hole.clone()), outer.clone()],
    ] {
        let found = MultiPolygon::from_rings(rings, true);
        assert_eq!((found.polygons().len(), found.polygons()[0].len()), (1, 2));
        near(found.area(), 0.64 - 0.04);
    }
}

#[test]
fn rings_that_nobody_wound_are_holes_by_where_they_lie() {
    let rings = vec![square(0.3, 0.3, 0.2), square(0.1, 0.1, 0.8), square(0.35, 0.35, 0.1)];
    let found = MultiPolygon::from_rings(rings.clone(), false);
    assert_eq!(found.polygons().iter().map(Vec::len).collect::<Vec<_>>(), [2, 1], "an island");
    near(found.area(), 0.64 - 0.04 + 0.01);
    // With marked winding, a ring inside another one of the same direction is not a hole.
    assert_eq!(MultiPolygon::from_rings(rings, true).polygons().len(), 3);
}

#[test]
fn parts_beside_each_other_are_polygons_of_their_own_in_their_order() {
    let rings = vec![square(0.0, 0.0, 0.1), turned(square(0.5, 0.5, 0.3))];
    for is_wound in [true, false] {
        let found = MultiPolygon::from_rings(rings.clone(), is_wound);
        assert_eq!(found.polygons().len(), 2);
        assert_eq!(found.polygons()[0][0], rings[0]);
        near(found.area(), 0.1);
        let all = Bounds { left: 0.0, top: 0.0, right: 0.8, bottom: 0.8 };
        assert_eq!(found.bounds(), Some(all));
    }
}

#[test]
fn what_lies_outside_of_the_picture_is_cut_off_and_lines_are_nothing() {
    let over = MultiPolygon::from_rings(vec![square(-0.5, 0.75, 1.0)], true);
    near(over.area(), 0.5 * 0.25);
    let line = vec![[0.1, 0.1], [0.9, 0.9], [0.1, 0.1]];
    assert!(MultiPolygon::from_rings(vec![line, square(2.0, 2.0, 1.0)], true).is_empty());
    assert_eq!(MultiPolygon::new(vec![vec![]]).bounds(), None);
    assert!(!over.is_empty());
}

#[test]
fn a_ring_is_cut_where_it_leaves_the_picture() {
    for ring in [
        vec![[-0.5, 0.0], [0.5, 0.0], [0.5, 1.0]],
        vec![[0.0, 0.5], [1.0, 0.5], [0.5, 1.5]],
        vec![[0.5, -0.5], [1.0, 0.5], [0.0, 0.5]],
        vec![[0.5, 0.0], [1.5, 0.5], [0.5, 1.0]],
    ] {
        near(MultiPolygon::new(vec![vec![ring]]).area(), 0.375);
    }
    for outside in [square(1.5, 0.0, 0.5), square(0.0, -2.0, 1.0), square(1e9, 0.0, 1.0)] {
        assert!(MultiPolygon::new(vec![vec![outside]]).is_empty());
    }
}

#[test]
fn a_ring_beside_a_slope_is_no_hole_and_one_below_it_is() {
    for (hole, polygons) in [
        (square(0.45, 0.45, 0.02), 1),
        (square(0.1, 0.1, 0.2), 1),
        (square(0.52, 0.52, 0.02), 2),
        (square(0.6, 0.6, 0.2), 2),
        // Two of its corners are inside the polygon.
        (square(0.4, 0.4, 0.2), 2),
    ] {
        let slope = vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
        let found = MultiPolygon::from_rings(vec![slope, hole.clone()], false);
        assert_eq!(found.polygons().len(), polygons, "{hole:?}");
    }
}

#[test]
fn a_box_has_its_sides_in_parts_and_in_pixels() {
    let bounds = Bounds { left: 0.25, top: 0.125, right: 0.75, bottom: 0.25 };
    assert_eq!((bounds.width(), bounds.height()), (0.5, 0.125));
    let pixels = Bounds { left: 100.0, top: 25.0, right: 300.0, bottom: 50.0 };
    assert_eq!(bounds.scaled(400.0, 200.0), pixels);
}

/// Triangles anywhere around the picture, each also as another library knows it.
fn triangles(count: usize) -> impl Iterator<Item = (Ring, geo::Polygon)> {
    let mut random = fastrand::Rng::with_seed(5);
    std::iter::repeat_with(move || {
        let ring: Ring = (0..3).map(|_| [0; 2].map(|_| random.f64() * 3.0 - 1.0)).collect();
        let corners: Vec<_> = ring.iter().map(|&[x, y]| (x, y)).collect();
        (ring, geo::Polygon::new(corners.into(), vec![]))
    })
    .take(count)
}

#[test]
fn the_covered_pixels_are_those_whose_centre_another_library_finds_inside() {
    use geo::Contains;
    let (width, height) = (23, 17);
    for (ring, other) in triangles(300) {
        let mut ours = vec![[false; 23]; height];
        let area = MultiPolygon::from_rings(vec![ring], true);
        area.spans(width, height, |row, start, end| ours[row][start..end].fill(true));
        let centre = |at: usize, count: usize| (at as f64 + 0.5) / count as f64;
        let is_inside = |row: usize, column: usize| {
            other.contains(&geo::Point::new(centre(column, width), centre(row, height)))
        };
        let theirs: Vec<[bool; 23]> =
            (0..height).map(|row| std::array::from_fn(|column| is_inside(row, column))).collect();
        if theirs.iter().flatten().any(|&is_inside| is_inside) {
            assert_eq!(ours, theirs, "{other:?}");
        } else {
            let count = ours.iter().flatten().filter(|&&is_covered| is_covered).count();
            assert_eq!(count, area.polygons().len(), "{other:?}");
        }
    }
}

#[test]
fn a_small_ring_is_a_hole_where_another_library_finds_it_inside() {
    use geo::{Area, Contains};
    let mut random = fastrand::Rng::with_seed(6);
    for (ring, other) in triangles(600).filter(|(_, other)| other.unsigned_area() > 0.01) {
        let hole = square(random.f64() * 0.99, random.f64() * 0.99, 1e-6);
        let is_hole = other.contains(&geo::Point::new(hole[0][0], hole[0][1]));
        let is_there = !MultiPolygon::from_rings(vec![ring.clone()], false).is_empty();
        let found = MultiPolygon::from_rings(vec![ring, hole], false);
        assert_eq!(found.polygons().len(), 1 + usize::from(is_there && !is_hole), "{other:?}");
    }
}
