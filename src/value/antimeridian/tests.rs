use super::*;

fn ring(points: &[(f64, f64)]) -> LineString {
    LineString::from(points.to_vec())
}

fn meridians(ring: &LineString) -> Vec<f64> {
    ring.0.iter().map(|point| point.x).collect()
}

const FIJI: [(f64, f64); 5] =
    [(177.0, -20.0), (-178.0, -20.0), (-178.0, -12.0), (177.0, -12.0), (177.0, -20.0)];

#[test]
fn a_ring_over_the_antimeridian_is_drawn_in_one_piece_whichever_way_it_goes() {
    let mut backward = FIJI;
    backward.reverse();
    for points in [FIJI, backward] {
        let polygon = in_one_piece(&Polygon::new(ring(&points), vec![])).unwrap().unwrap();
        let bounds = polygon.bounding_rect().unwrap();
        assert_eq!((bounds.min().x, bounds.max().x), (177.0, 182.0));
    }
    let mut from_the_east = FIJI;
    from_the_east[..4].rotate_left(1);
    from_the_east[4] = from_the_east[0];
    let polygon = in_one_piece(&Polygon::new(ring(&from_the_east), vec![])).unwrap().unwrap();
    assert_eq!(polygon.bounding_rect().unwrap().width(), 5.0);
}

#[test]
fn a_hole_goes_to_the_side_of_its_outline() {
    let hole = ring(&[(-179.5, -17.0), (-179.0, -17.0), (-179.0, -16.0), (-179.5, -17.0)]);
    let polygon = in_one_piece(&Polygon::new(ring(&FIJI), vec![hole])).unwrap().unwrap();
    assert_eq!(meridians(&polygon.interiors()[0]), [180.5, 181.0, 181.0, 180.5]);
}

#[test]
fn what_does_not_jump_stays_and_what_goes_around_the_earth_is_refused() {
    let world = [(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, -90.0)];
    let beyond = [(177.0, 0.0), (183.0, 0.0), (183.0, 5.0), (177.0, 0.0)];
    let wide = [(-100.0, 0.0), (0.0, 0.0), (100.0, 0.0), (0.0, 50.0), (-100.0, 0.0)];
    for points in [&world[..], &beyond, &wide] {
        assert_eq!(in_one_piece(&Polygon::new(ring(points), vec![])), Ok(None), "{points:?}");
    }
    let pole = [(0.0, 80.0), (120.0, 80.0), (-120.0, 80.0), (0.0, 80.0)];
    let error = in_one_piece(&Polygon::new(ring(&pole), vec![])).unwrap_err();
    assert!(error.to_string().contains("pole"), "{error}");
    let most = [
        (-60.0, 0.0),
        (0.0, 0.0),
        (60.0, 0.0),
        (140.0, 0.0),
        (-170.0, 0.0),
        (140.0, 5.0),
        (-60.0, 5.0),
    ];
    assert!(in_one_piece(&Polygon::new(ring(&most), vec![])).is_err());
}

#[test]
fn half_a_turn_is_no_jump_and_more_of_the_earth_is_no_way_around() {
    let half = [(0.0, 0.0), (180.0, 0.0), (180.0, 9.0), (0.0, 9.0), (0.0, 0.0)];
    assert_eq!(in_one_piece(&Polygon::new(ring(&half), vec![])), Ok(None));
    let there = [(-120.0, 0.0), (0.0, 0.0), (120.0, 0.0), (-150.0, 0.0)];
    let back = [(-150.0, 9.0), (120.0, 9.0), (0.0, 9.0), (-120.0, 9.0), (-120.0, 0.0)];
    let wide = Polygon::new(ring(&[&there[..], &back].concat()), vec![]);
    assert_eq!(in_one_piece(&wide), Err(Error::PolygonTooWide));
}

fn cut(line: &[(f64, f64)]) -> Vec<Vec<[f64; 2]>> {
    let line: Vec<_> = line.iter().map(|&(lon, lat)| Position::new(lon, lat).unwrap()).collect();
    cut_line(&line)
}

#[test]
fn a_line_is_cut_where_it_crosses_the_antimeridian() {
    assert_eq!(cut(&[(9.0, 1.0), (-9.0, 2.0)]), [vec![[9.0, 1.0], [-9.0, 2.0]]]);
    assert_eq!(
        cut(&[(178.0, 10.0), (-179.0, 13.0), (-178.0, 13.0)]),
        [vec![[178.0, 10.0], [180.0, 12.0]], vec![[-180.0, 12.0], [-179.0, 13.0], [-178.0, 13.0]]]
    );
    assert_eq!(
        cut(&[(-179.0, 1.0), (179.0, 1.0), (-179.0, 1.0)]).concat(),
        [
            [-179.0, 1.0],
            [-180.0, 1.0],
            [180.0, 1.0],
            [179.0, 1.0],
            [180.0, 1.0],
            [-180.0, 1.0],
            [-179.0, 1.0]
        ]
    );
}

#[test]
fn a_point_on_the_antimeridian_belongs_to_either_side_and_leaves_no_part_of_one_point() {
    assert_eq!(cut(&[(-179.0, 1.0), (180.0, 2.0)]), [vec![[-179.0, 1.0], [-180.0, 2.0]]]);
    assert_eq!(cut(&[(180.0, 2.0), (-179.0, 1.0)]), [vec![[-180.0, 2.0], [-179.0, 1.0]]]);
    assert_eq!(cut(&[(180.0, 2.0), (-180.0, 2.0)]), Vec::<Vec<[f64; 2]>>::new());
    assert_eq!(cut(&[(180.0, 2.0)]), [vec![[180.0, 2.0]]]);
}
