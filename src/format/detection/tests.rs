use super::super::mvt::{LayerWriter, Value, write};
use super::*;

fn tile(extent: u32, rings: &[&[(i32, i32)]]) -> Vec<u8> {
    let mut layer = LayerWriter::new("mpy-or", extent);
    layer.feature(Some(1), GeometryType::Polygons, rings, &[("type", Value::Text("polygon"))]);
    write([layer])
}

#[test]
fn a_tile_is_the_picture_with_y_downward() {
    let rings: &[(i32, i32)] = &[(1024, 2048), (2048, 2048), (2048, 3072), (1024, 3072)];
    let area = read_tile(&tile(4096, &[rings])).unwrap();
    assert_eq!(
        write_json(&area, None),
        "[[[[0.25,0.5],[0.5,0.5],[0.5,0.75],[0.25,0.75],[0.25,0.5]]]]"
    );
    assert_eq!(area.area(), 0.0625);
    // Another extent does not change the area.
    let half: Vec<_> = rings.iter().map(|&(x, y)| (x / 8, y / 8)).collect();
    assert_eq!(read_tile(&tile(512, &[&half])), Ok(area));
}

#[test]
fn several_polygons_with_holes_come_out_as_such() {
    let outer = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)];
    let hole = [(250, 250), (250, 750), (750, 750), (750, 250)];
    let other = [(2000, 2000), (3000, 2000), (3000, 3000)];
    let area = read_tile(&tile(4000, &[&outer, &hole, &other])).unwrap();
    assert_eq!(area.polygons().iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    let wanted = (1000.0 * 1000.0 - 500.0 * 500.0 + 1000.0 * 1000.0 / 2.0) / 16e6;
    assert!((area.area() - wanted).abs() < 1e-12);
}

#[test]
fn a_written_area_reads_as_it_was_and_is_wound_as_the_specification_wants() {
    let square = |from: f64, to: f64| vec![[from, from], [to, from], [to, to], [from, to]];
    let outer: Ring = square(0.25, 0.75).into_iter().rev().collect();
    let area = MultiPolygon::new(vec![vec![outer, square(0.375, 0.5)], vec![square(0.0, 0.125)]]);
    let tile = BASE64.decode(write_geometry(&area)).unwrap();
    let again = read_tile(&tile).unwrap();
    assert_eq!(again.polygons().iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((again.area(), again.bounds()), (area.area(), area.bounds()));
    let layers = mvt::read(&tile).unwrap();
    let rings: Vec<bool> = layers[0]
        .features()
        .flat_map(|it| it.parts().map(is_clockwise).collect::<Vec<_>>())
        .collect();
    assert_eq!(rings, [true, false, true]);
}

#[test]
fn what_is_no_polygon_says_why() {
    let mut points = LayerWriter::new("mpy-or", 4096);
    points.feature(None, GeometryType::Points, &[&[(1, 1)]], &[]);
    let line: &[(i32, i32)] = &[(0, 0), (9, 9)];
    for bytes in [write([points]), tile(4096, &[line]), Vec::new()] {
        assert_eq!(read_tile(&bytes), Err(Error::NoPolygon));
    }
    assert_eq!(read_geometry("no*base64"), Err(Error::NotBase64("no*base64".into())));
    assert!(read_geometry("aGVsbG8").unwrap_err().to_string().starts_with("no vector tile: "));
    let many = vec![line; MOST_RINGS + 1];
    assert!(read_tile(&tile(4096, &many)).unwrap_err().to_string().contains("is the limit"));
}

#[test]
fn any_text_and_any_bytes_do_no_harm() {
    let ring = [(-50, 9), (5000, 40), (4000, 4100), (17, 3000)];
    let good = tile(4096, &[&ring, &[(100, 100), (100, 200), (200, 200)]]);
    for end in 0..good.len() {
        let _ = read_tile(&good[..end]);
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut bytes = good.clone();
        let at = random.usize(..bytes.len());
        bytes[at] = random.u8(..);
        if let Ok(area) = read_tile(&bytes) {
            assert!((0.0..=1.0 + 1e-9).contains(&(area.area() / area.polygons().len() as f64)));
            area.spans(7, 5, |row, start, end| assert!(row < 5 && start < end && end <= 7));
        }
    }
}
