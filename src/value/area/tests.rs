use geo::LineString;

use super::*;

fn at(lon_deg: f64, lat_deg: f64) -> Position {
    Position::new(lon_deg, lat_deg).unwrap()
}

fn bbox(text: &str) -> BBox {
    text.parse().unwrap()
}

fn ring(corners: &[(f64, f64)]) -> LineString {
    LineString::from(corners.to_vec())
}

fn square(west: f64, south: f64, size: f64) -> LineString {
    let (east, north) = (west + size, south + size);
    ring(&[(west, south), (east, south), (east, north), (west, north), (west, south)])
}

#[test]
fn a_place_in_a_hole_is_outside() {
    let mut area = Area::default();
    area.add_polygon(Polygon::new(square(0.0, 0.0, 10.0), vec![square(4.0, 4.0, 2.0)])).unwrap();
    assert!(area.contains(at(1.0, 1.0)) && area.contains(at(0.0, 0.0)));
    assert!(!area.contains(at(5.0, 5.0)) && !area.contains(at(11.0, 1.0)));
    assert_eq!(area.cover(&bbox("1,1,2,2")), Overlap::Whole);
    assert_eq!(area.cover(&bbox("4.5,4.5,5,5")), Overlap::Outside);
    assert_eq!(area.cover(&bbox("3,3,5,5")), Overlap::Partly);
    assert_eq!(area.cover(&bbox("-1,-1,11,11")), Overlap::Partly);
    assert_eq!(area.cover(&bbox("20,20,21,21")), Overlap::Outside);
}

#[test]
fn a_polygon_may_run_beyond_the_antimeridian() {
    let mut area = Area::default();
    area.add_polygon(Polygon::new(square(177.0, 0.0, 6.0), vec![])).unwrap();
    assert!(area.contains(at(179.0, 1.0)) && area.contains(at(-178.0, 1.0)));
    assert!(!area.contains(at(-176.0, 1.0)));
    assert_eq!(area.bounds()[0].to_string(), "177,0,-177,6");
    assert_eq!(area.cover(&bbox("-179,1,-178,2")), Overlap::Whole);
    assert_eq!(area.cover(&bbox("179,1,-179,2")), Overlap::Partly);
    let mut west = Area::default();
    west.add_polygon(Polygon::new(square(-183.0, 0.0, 6.0), vec![])).unwrap();
    assert!(west.contains(at(178.0, 1.0)) && west.contains(at(-178.0, 1.0)));
    assert!(!west.contains(at(176.0, 1.0)) && !west.contains(at(-176.0, 1.0)));
    assert_eq!(west.cover(&bbox("178,1,179,2")), Overlap::Whole);
}

#[test]
fn boxes_and_polygons_add_up() {
    let mut area = Area::from(bbox("0,0,1,1"));
    area.add(Area::from(bbox("5,5,6,6")));
    assert!(area.contains(at(0.5, 0.5)) && area.contains(at(5.5, 5.5)));
    assert!(!area.contains(at(3.0, 3.0)));
    assert_eq!(area.bounds().len(), 2);
    assert!(!area.is_empty() && Area::default().is_empty());
}

#[test]
fn an_area_that_was_read_the_short_way_around_says_so() {
    let mut area = Area::default();
    area.add_box(bbox("0,0,1,1"));
    area.add_polygon(Polygon::new(square(10.0, 0.0, 2.0), vec![])).unwrap();
    assert!(area.contains(at(0.5, 0.5)) && area.note().is_none());
    let jumping = ring(&[(179.0, 0.0), (-178.0, 0.0), (-178.0, 2.0), (179.0, 2.0), (179.0, 0.0)]);
    area.add_polygon(Polygon::new(jumping, vec![])).unwrap();
    let note = area.note().unwrap();
    assert!(note.contains("within '179,0,-178,2': cut it there"), "{note}");
    let mut world = Area::default();
    let edges = [(-180.0, -5.0), (180.0, -5.0), (180.0, 5.0), (-180.0, 5.0), (-180.0, -5.0)];
    world.add_polygon(Polygon::new(ring(&edges), vec![])).unwrap();
    assert_eq!(world.bounds()[0].to_string(), "-180,-5,180,5");
}
