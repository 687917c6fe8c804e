use super::*;
use crate::value::geo::Position;

const COLLECTION: &str = r#"{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":null,"geometry":null},
    {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[
        [[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[6,4],[6,6],[4,6],[4,4]]]}},
    {"type":"Feature","properties":{},"geometry":{"type":"GeometryCollection","geometries":[
        {"type":"Point","coordinates":[1,2]},
        {"type":"MultiPolygon","coordinates":[[[[20,20,5],[21,20],[21,21],[20,20]]]]}]}}]}"#;

fn at(lon_deg: f64, lat_deg: f64) -> Position {
    Position::new(lon_deg, lat_deg).unwrap()
}

#[test]
fn polygons_are_found_in_any_collection() {
    let area = read_area(COLLECTION).unwrap();
    assert!(area.contains(at(1.0, 1.0)) && !area.contains(at(5.0, 5.0)));
    assert!(area.contains(at(20.9, 20.5)));
    assert_eq!(area.bounds().len(), 2);
}

#[test]
fn a_polygon_that_was_not_cut_at_180_degrees_is_read_as_a_box_is() {
    let text = |rest: &str| {
        format!(
            r#"{{"type":"Polygon","coordinates":[[[179.9,-17],[-179.9,-17],{rest}[179.9,-17]]]}}"#
        )
    };
    let area = read_area(&text("[-179.9,-16.9],[179.9,-16.9],")).unwrap();
    assert!(area.contains(at(179.95, -16.95)) && area.contains(at(-179.95, -16.95)));
    assert!(!area.contains(at(0.0, -16.95)));
    let box_of = Area::from("179.9,-17,-179.9,-16.9".parse::<crate::value::area::BBox>().unwrap());
    let tiles = |area: &Area| crate::value::tile::count_covering(area, 14);
    assert_eq!(tiles(&area), tiles(&box_of));
    assert!(area.note().unwrap().contains("'179.9,-17,-179.9,-16.9'"));
    let error = read_area(&text("[-60,-80],[60,-80],")).unwrap_err();
    assert!(error.to_string().contains("pole"), "{error}");
}

#[test]
fn what_is_no_area_is_refused_with_its_place() {
    for (text, expected) in [
        ("", "this is not JSON"),
        ("[]", "'the GeoJSON' has no type"),
        (r#"{"type":"Point","coordinates":[1,2]}"#, "the GeoJSON has no polygon"),
        (r#"{"type":"Circle"}"#, "has the type 'Circle'"),
        (r#"{"type":"FeatureCollection","features":[{}]}"#, "'features[0]' has no type"),
        (
            r#"{"type":"Polygon","coordinates":[[[52,113],[53,113],[53,114],[52,113]]]}"#,
            "latitude first?",
        ),
        (r#"{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}"#, "a ring of 2 points"),
        (r#"{"type":"Polygon","coordinates":[[0,0,0,0]]}"#, "'0', which is not [lon, lat]"),
    ] {
        let error = read_area(text).unwrap_err();
        assert!(error.to_string().contains(expected), "{text}: {error}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = r#"{"type":"GeometryCollection","geometries":["#.repeat(30);
    let text = format!("{deep}{}", "]}".repeat(30));
    assert!(read_area(&text).unwrap_err().to_string().contains("collections deep"));
    assert!(read_area(&"[".repeat(100_000)).is_err());
}

#[test]
fn a_cut_or_mutated_text_does_no_harm() {
    for end in 0..COLLECTION.len() {
        assert!(read_area(&COLLECTION[..end]).is_err());
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut bytes = COLLECTION.as_bytes().to_vec();
        let at = random.usize(..bytes.len());
        bytes[at] = random.u8(32..127);
        let _ = read_area(&String::from_utf8_lossy(&bytes));
    }
}
