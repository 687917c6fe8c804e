use super::*;
use crate::photo::silent_reporter::Unheard;
use serde_json::json;

fn photo(id: &str, more: &[(Field, &str)]) -> Row {
    let mut row = Row::from_cells(&[
        (Field::ImgId, id),
        (Field::SeqId, "-aB_c"),
        (Field::CapturedAt, "1717245296123"),
    ]);
    more.iter().for_each(|(field, text)| row.set(*field, text));
    row
}

/// The collection and the item of the sequence made from these rows.
fn made(rows: Vec<Row>) -> (Value, Value) {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("catalog");
    let about = About::new(&into, None, None, "CC-BY-SA-4.0".into());
    let mut stage = ToStac::new(into.clone(), about, folder.path());
    let mut out = Vec::new();
    rows.into_iter().for_each(|row| stage.push(row, &mut out, &Unheard).unwrap());
    assert!(out.iter().all(|outcome| matches!(outcome, Outcome::Rows(_))), "{out:?}");
    stage.end(&mut out, &Unheard).unwrap();
    let read = |path: &Path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    (read(&into.join("collection.json")), read(&into.join("-aB_c/-aB_c.json")))
}

#[test]
fn a_sequence_is_an_item_with_an_asset_for_each_picture() {
    let place = |lon, lat| [(Field::Lon, lon), (Field::Lat, lat)];
    let later = (Field::CapturedAt, "1717245298123");
    let [lon, lat] = place("9.96", "54.33");
    let (collection, item) = made(vec![
        photo("2", &[lon, lat, later, (Field::CompassAngle, "-90")]),
        photo("1", &place("9.95", "54.32")),
    ]);
    assert_eq!(item["geometry"]["coordinates"], json!([[9.95, 54.32], [9.96, 54.33]]));
    assert_eq!(item["bbox"], json!([9.95, 54.32, 9.96, 54.33]));
    assert_eq!(item["properties"]["start_datetime"], "2024-06-01T12:34:56.123Z");
    assert_eq!(item["properties"]["end_datetime"], "2024-06-01T12:34:58.123Z");
    assert_eq!(item["assets"]["2"]["view:azimuth"], 270.0);
    assert_eq!(item["assets"]["2"]["href"], "https://www.mapillary.com/app/?pKey=2");
    assert_eq!(item["stac_extensions"].as_array().unwrap().len(), 1);
    assert_eq!(collection["id"], "catalog");
    assert_eq!(collection["extent"]["spatial"]["bbox"], json!([[9.95, 54.32, 9.96, 54.33]]));
    assert_eq!(collection["links"][1]["href"], "./-aB_c/-aB_c.json");
}

#[test]
fn a_picture_without_a_place_leaves_no_hole() {
    let (_, item) = made(vec![photo("1", &[])]);
    assert!(item["geometry"].is_null() && item.get("bbox").is_none());
}

#[test]
fn what_is_known_of_the_camera_is_said_as_far_as_it_fits() {
    let camera = [
        (Field::ComputedLon, "9.5"),
        (Field::ComputedLat, "54.5"),
        (Field::Make, "Acme"),
        (Field::Width, "4000"),
        (Field::Height, "3000"),
        (Field::CameraType, "perspective"),
        (Field::CameraParameters, "[0.5,0,0]"),
    ];
    let (_, item) = made(vec![photo("1", &camera)]);
    let asset = &item["assets"]["1"];
    assert_eq!(asset["pers:perspective_center"], json!([9.5, 54.5]));
    let inside = json!({
        "camera_manufacturer": "Acme", "sensor_array_dimensions": [4000, 3000], "field_of_view": 90.0,
    });
    assert_eq!(asset["pers:interior_orientation"], inside);
    let round = (Field::CameraType, "fisheye");
    let (_, item) = made(vec![photo("1", &[&camera[..], &[round]].concat())]);
    assert!(item["assets"]["1"]["pers:interior_orientation"].get("field_of_view").is_none());
}

#[test]
fn a_picture_that_comes_again_counts_once_as_it_came_last() {
    let (_, item) =
        made(vec![photo("1", &[(Field::Make, "A")]), photo("1", &[(Field::Make, "B")])]);
    let assets = item["assets"].as_object().unwrap();
    assert_eq!(assets.len(), 1);
    assert_eq!(assets["1"]["pers:interior_orientation"]["camera_manufacturer"], "B");
}

#[test]
fn rows_of_sequences_may_alternate() {
    let folder = tempfile::tempdir().unwrap();
    let about = About::new(folder.path(), None, None, "other".into());
    let mut stage = ToStac::new(folder.path().into(), about, folder.path());
    let mut out = Vec::new();
    for (id, sequence) in [("1", "b"), ("2", "a"), ("3", "b"), ("4", "a")] {
        let cells = [(Field::SeqId, sequence), (Field::CreatorUsername, sequence)];
        stage.push(photo(id, &cells), &mut out, &Unheard).unwrap();
    }
    stage.end(&mut out, &Unheard).unwrap();
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(folder.path().join(name)).unwrap()).unwrap()
    };
    let ids = |item: Value| item["assets"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!([ids(read("a/a.json")), ids(read("b/b.json"))], [["2", "4"], ["1", "3"]]);
    let collection = read("collection.json");
    assert_eq!(collection["links"][1]["href"], "./b/b.json");
    assert_eq!(collection["providers"][0]["name"], "a");
    assert_eq!(collection["description"], "4 street-level pictures in 2 sequences.");
}

#[test]
fn a_name_that_is_none_fails_its_row_and_a_foreign_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let about = || About::new(folder.path(), None, None, "other".into());
    let mut stage = ToStac::new(folder.path().into(), about(), folder.path());
    let mut out = Vec::new();
    for name in ["../a", "a/b", ".hidden", "a b"] {
        stage.push(photo("1", &[(Field::SeqId, name)]), &mut out, &Unheard).unwrap();
    }
    assert!(out.iter().all(|outcome| matches!(outcome, Outcome::Failed(..))), "{out:?}");
    fs::write(folder.path().join("collection.json"), "{\"mine\":1}").unwrap();
    stage.push(photo("1", &[]), &mut out, &Unheard).unwrap();
    let error = stage.end(&mut out, &Unheard).unwrap_err().to_string();
    assert!(error.contains("is not STAC and is not replaced"), "{error}");
    assert_eq!(fs::read_to_string(folder.path().join("collection.json")).unwrap(), "{\"mine\":1}");
}

#[test]
fn a_sequence_over_the_antimeridian_is_cut_there_and_has_the_smaller_box() {
    let place = |lon, lat| [(Field::Lon, lon), (Field::Lat, lat)];
    let later = (Field::CapturedAt, "1717245298123");
    let [lon, lat] = place("-179", "13");
    let (collection, item) =
        made(vec![photo("2", &[lon, lat, later]), photo("1", &place("178", "10"))]);
    assert_eq!(item["geometry"]["type"], "MultiLineString");
    assert_eq!(
        item["geometry"]["coordinates"],
        json!([[[178.0, 10.0], [180.0, 12.0]], [[-180.0, 12.0], [-179.0, 13.0]]])
    );
    assert_eq!(item["bbox"], json!([178.0, 10.0, -179.0, 13.0]));
    assert_eq!(collection["extent"]["spatial"]["bbox"], json!([[178.0, 10.0, -179.0, 13.0]]));
}
