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
    // Of rings that are wound, one of the same direction inside of another is no hole.
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
}
