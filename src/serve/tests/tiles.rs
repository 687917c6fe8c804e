//! Coverage tiles.

use super::*;
use crate::value::geo::Position;
use crate::value::tile::Tile;

#[test]
fn computed_places_have_tiles_of_their_own() {
    let dir = tempfile::tempdir().expect("a folder");
    let row = |id: u32, computed: &str| {
        format!(
            "{{\"id\":\"{id}\",\"sequence\":\"S\",\"captured_at\":{id},\"geometry\":{{\"coordinates\":[13.40{id},52.52]}}{computed}}}\n"
        )
    };
    let computed = ",\"computed_geometry\":{\"type\":\"Point\",\"coordinates\":[13.4215,52.52]}";
    fs::write(dir.path().join("rows.jsonl"), row(1, computed) + &row(2, "")).expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    let images = |set: &str, x: u32| {
        let got = get(&server, &format!("/maps/vtp/{set}/2/14/{x}/5373"));
        let layers = crate::format::mvt::read(&got.body).expect("a tile");
        let images = layers.iter().filter(|layer| layer.name() == "image");
        images
            .flat_map(|layer| layer.features())
            .filter_map(|one| one.property("id")?.as_u64())
            .collect::<Vec<_>>()
    };
    assert_eq!((images("mly1_public", 8801), images("mly1_public", 8802)), (vec![1, 2], vec![]));
    let computed = "mly1_computed_public";
    assert_eq!((images(computed, 8801), images(computed, 8802)), (vec![2], vec![1]));
}

#[test]
fn tiles_come_as_tiles_and_empty_where_nothing_is() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let got = get(&server, "/maps/vtp/mly1_public/2/0/0/0");
    assert_eq!((got.status, got.header("content-type")), (200, Some("application/x-protobuf")));
    assert_eq!(crate::format::mvt::read(&got.body).expect("a tile")[0].name(), "overview");
    for empty in [
        "mly1_public/2/14/0/0",
        "mly1_public/2/15/0/0",
        "mly1_public/2/1/2/0",
        "mly_map_feature_point/2/0/0/0",
    ] {
        let got = get(&server, &format!("/maps/vtp/{empty}"));
        assert_eq!((got.status, got.body.len()), (200, 0), "{empty}");
    }
    assert_eq!(get(&server, "/maps/vtp/mly1_public/2/a/b/c").status, 404);
}

#[test]
fn a_sequence_over_the_antimeridian_is_drawn_the_short_way_round() {
    let rows = [("1", 179.999, -17.0), ("2", -179.999, -17.0)].map(|(id, lon, lat)| {
        format!("{{\"id\":\"{id}\",\"sequence\":\"S\",\"captured_at\":{id},\"geometry\":{{\"coordinates\":[{lon},{lat}]}}}}\n")
    });
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("rows.jsonl"), rows.concat()).expect("rows");
    let mut settings = ServerSettings::new(dir.path());
    settings.web = Some(WebSettings { base: None });
    let server = Server::start(settings).expect("a server");
    let y = Tile::at(Position::new(180.0, -17.0).expect("a place"), 14).y();
    let lines = |z: u8, x: u32| {
        let got = get(&server, &format!("/maps/vtp/mly1_public/2/{z}/{x}/{}", y >> (14 - z)));
        let layers = crate::format::mvt::read(&got.body).expect("a tile");
        let lines = layers.iter().filter(|layer| layer.name() == "sequence");
        lines.flat_map(|layer| layer.features()).count()
    };
    assert_eq!([0, 16383, 1, 16382, 8192].map(|x| lines(14, x)), [1, 1, 0, 0, 0]);
    assert_eq!([0, 63, 32].map(|x| lines(6, x)), [0, 0, 0], "shorter than a unit");
    let bounds = get(&server, "/web/summary.json").json()["bounds"].clone();
    let bounds: [f64; 4] = serde_json::from_value(bounds).expect("four numbers");
    assert!((bounds[0] - 179.999).abs() < 1e-4 && (bounds[2] + 179.999).abs() < 1e-4, "{bounds:?}");
}
