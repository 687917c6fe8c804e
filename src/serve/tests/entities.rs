//! Entities: images, users, detections, map features; and access.

use super::*;

#[test]
fn an_entity_has_the_fields_asked_for_in_order_and_its_id_last() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let got = get(&server, "/101?fields=merge_cc,id,altitude,geometry,is_pano");
    let text = r#"{"merge_cc":4.50e+18,"geometry":{"type":"Point","coordinates":[13.4010,52.520]},"is_pano":false,"id":"101"}"#;
    assert_eq!((got.status, got.text()), (200, text));
    assert_eq!(get(&server, "/101").text(), r#"{"id":"101"}"#);
    assert_eq!(get(&server, "/101/").text(), r#"{"id":"101"}"#);
}

#[test]
fn an_unknown_field_is_refused_by_name() {
    let town = Town::new();
    let server = town.serve(|_| {});
    for (path, kind) in [("/101", "Image"), ("/77", "User"), ("/99", "Organization")] {
        let got = get(&server, &format!("{path}?fields=path"));
        assert_eq!(error_of(&got), (400, 100, Value::Null));
        let message = format!("Tried accessing nonexisting field (path) on node type ({kind})");
        assert_eq!(got.json()["error"]["message"], json!(message));
    }
}

#[test]
fn a_dead_id_is_refused_alone_and_with_its_batch() {
    let town = Town::new();
    let server = town.serve(|_| {});
    for target in ["/105", "/999", "/?ids=101,105", "/105/detections", "/abc"] {
        assert_eq!(error_of(&get(&server, target)), (400, 100, json!(33)), "{target}");
    }
    let lenient = town.serve(|settings| settings.lenient_ids = true);
    assert_eq!(get(&lenient, "/?ids=101,105").text(), r#"{"101":{"id":"101"}}"#);
}

#[test]
fn a_batch_is_keyed_by_id() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let got = get(&server, "/?ids=102,101,102&fields=sequence");
    assert_eq!(
        got.text(),
        r#"{"102":{"sequence":"S","id":"102"},"101":{"sequence":"S","id":"101"}}"#
    );
    assert_eq!(error_of(&get(&server, "/")).1, 100);
}

#[test]
fn detections_are_listed_with_what_is_asked_for_and_their_ids() {
    let town = Town::new();
    let row = r#"{"id":"102","detections":{"data":[{"value":"a","geometry":"Gg","id":"7"}]}}"#;
    fs::write(town.dir.path().join("more.jsonl"), row).expect("rows");
    let server = town.serve(|_| {});
    let list = get(&server, "/102/detections?fields=value,image").json();
    let image = json!({"geometry": {"type": "Point", "coordinates": [13.402, 52.52]}, "id": "102"});
    assert_eq!(list, json!({"data": [{"value": "a", "image": image, "id": "7"}]}));
    for (fields, wanted) in [
        ("detections", json!({"detections": {"data": [{"id": "7"}]}, "id": "102"})),
        (
            "detections.geometry,detections%7Bvalue%7D",
            json!({"detections": {"data": [{"geometry": "Gg", "value": "a", "id": "7"}]}, "id": "102"}),
        ),
    ] {
        assert_eq!(get(&server, &format!("/102?fields={fields}")).json(), wanted);
    }
    // Without detections there is no such key, and the list is empty.
    assert_eq!(get(&server, "/101?fields=detections").json(), json!({"id": "101"}));
    let wrong = get(&server, "/102/detections?fields=colour");
    assert_eq!((wrong.status, wrong.json()["error"]["code"].clone()), (400, json!(100)));
}

#[test]
fn map_features_are_found_by_box_kind_and_time_and_are_entities_and_tiles() {
    let town = Town::new();
    let rows = concat!(
        r#"{"id":"7","object_value":"regulatory--stop--g1","object_type":"trafficsign","aligned_direction":88.4,"first_seen_at":"2023-04-01T10:00:00+0000","last_seen_at":"2023-05-01T10:00:00+0000","geometry":{"type":"Point","coordinates":[13.402,52.5201]},"images":{"data":[{"id":"101"},{"id":"999"}]}}"#,
        "\n",
        r#"{"feature_id":"8","value":"object--bench","object_type":"mvd_fast","first_seen_at":"2024-04-01T10:00:00+0000","geometry":{"type":"Point","coordinates":[13.403,52.5202]},"image_ids":["102"]}"#,
        "\n",
        r#"{"feature_id":"9","value":"object--bench"}"#,
        "\n",
    );
    fs::write(town.dir.path().join("features.jsonl"), rows).expect("rows");
    let server = town.serve(|_| {});
    assert!(server.notes().is_empty(), "{:?}", server.notes());
    let list = |more: &str| {
        ids(&get(&server, &format!("/map_features?bbox=13.4,52.52,13.405,52.525{more}")))
    };
    assert_eq!(list(""), ["7", "8"]);
    assert_eq!(list("&object_values=object--*,marking--*"), ["8"]);
    assert_eq!(list("&end_first_seen_at=2023-12-31T00:00:00Z"), ["7"]);
    assert_eq!(list("&start_last_seen_at=2023-05-01T10:00:00Z"), ["7"]);
    assert_eq!(list("&limit=1"), ["7"]);
    // An image in the archive has its position, as returned by the service.
    assert_eq!(
        get(&server, "/7?fields=images,object_value,aligned_direction").json(),
        json!({
            "images": {"data": [
                {"geometry": {"type": "Point", "coordinates": [13.401, 52.52]}, "id": "101"}, {"id": "999"},
            ]},
            "object_value": "regulatory--stop--g1",
            "aligned_direction": 88.4,
            "id": "7",
        })
    );
    assert_eq!(
        get(&server, "/9?fields=geometry,object_value,images").text(),
        r#"{"object_value":"object--bench","id":"9"}"#
    );
    for wrong in [
        "/7?fields=colour",
        "/map_features?bbox=1,1",
        "/map_features",
        "/map_features?bbox=1,1,5,5",
    ] {
        assert_eq!(error_of(&get(&server, wrong)).1, 100, "{wrong}");
    }
    let dense = town.serve(|settings| settings.density_limit = 1);
    let refused = get(&dense, "/map_features?bbox=13.4,52.52,13.405,52.525");
    assert_eq!((refused.status, error_of(&refused).1), (500, 1));
    for (set, id) in [("mly_map_feature_traffic_sign", 7), ("mly_map_feature_point", 8)] {
        let at = crate::value::tile::Tile::at(
            crate::value::geo::Position::new(13.402, 52.5201).expect("a place"),
            14,
        );
        let got = get(&server, &format!("/maps/vtp/{set}/2/14/{}/{}", at.x(), at.y()));
        let layers = crate::format::mvt::read(&got.body).expect("a tile");
        assert_eq!((layers.len(), layers[0].name()), (1, &set[16..]), "{id}");
    }
}

#[test]
fn users_organizations_and_detections_are_entities_too() {
    let town = Town::new();
    let server = town.serve(|_| {});
    assert_eq!(get(&server, "/77?fields=id,username").text(), r#"{"username":"ada","id":"77"}"#);
    assert_eq!(get(&server, "/me?fields=username").text(), r#"{"username":"ada","id":"77"}"#);
    assert_eq!(get(&server, "/me").text(), r#"{"username":"ada","id":"77"}"#, "as JOSM asks");
    assert_eq!(get(&server, "/99?fields=slug,name").text(), r#"{"id":"99"}"#);
    assert_eq!(get(&server, "/101/detections?fields=value").text(), r#"{"data":[]}"#);
}

#[test]
fn no_request_goes_without_a_token() {
    let town = Town::new();
    let server = town.serve(|_| {});
    for target in ["/101", "/images?bbox=1,1,1,1", "/maps/vtp/mly1_public/2/0/0/0"] {
        let got = ask(&server, "GET", target, "");
        assert_eq!(error_of(&got), (500, 190, Value::Null), "{target}");
        assert_eq!(got.json()["error"]["error_data"], json!({}));
    }
    assert_eq!(ask(&server, "GET", "/101?access_token=MLY%7C1", "").status, 200);
    assert_eq!(ask(&server, "GET", "/101", "Authorization: Bearer x\r\n").status, 200);

    let strict = town.serve(|settings| settings.token = Some("MLY|1|right".into()));
    assert_eq!(ask(&strict, "GET", "/101", "Authorization: OAuth MLY|1|right\r\n").status, 200);
    assert_eq!(ask(&strict, "GET", "/101?access_token=MLY%7C1%7Cright", "").status, 200);
    assert_eq!(error_of(&get(&strict, "/101")).0, 401);
    assert_eq!(error_of(&ask(&strict, "GET", "/101?access_token=wrong", "")).0, 400);
}

#[test]
fn meshes_and_clusters_that_are_not_held_are_absent() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = r#"{"id":"1","mesh":{"id":"5","url":"https://out/x"},"sfm_cluster":{"id":"6","url":"https://out/y"}}"#;
    fs::write(dir.path().join("rows.jsonl"), rows).expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    assert_eq!(get(&server, "/1?fields=mesh,sfm_cluster").text(), r#"{"id":"1"}"#);
    assert_eq!(get(&server, "/1/tiles?z=1&fields=url,z,x,y").text(), r#"{"data":[]}"#);
    assert_eq!(error_of(&get(&server, "/2/tiles")).2, json!(33));
}

/// Rows from other programs, as written by pandas, and the service's response for them.
#[test]
fn fields_have_the_types_of_the_service_whatever_the_rows_have() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = "id,captured_at,is_pano,height,width,compass_angle,exif_orientation,make,model,sequence,lon,lat,merge_cc,\
                camera_parameters,creator_username,creator_id\n\
                1,1717245296123.0,True,240.0,320,80.50,1.0,2024,007,123,9.95,54.3,4.5e18,\"[0.8,0,0]\",ada,77\n";
    fs::write(dir.path().join("rows.csv"), rows).expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    let fields = "captured_at,is_pano,height,width,compass_angle,exif_orientation,make,model,sequence,geometry,merge_cc,camera_parameters,creator";
    let wanted = concat!(
        r#"{"captured_at":1717245296123,"is_pano":true,"height":240,"width":320,"compass_angle":80.50,"#,
        r#""exif_orientation":1,"make":"2024","model":"007","sequence":"123","#,
        r#""geometry":{"type":"Point","coordinates":[9.95,54.3]},"merge_cc":4.5e18,"#,
        r#""camera_parameters":[0.8,0,0],"creator":{"username":"ada","id":"77"},"id":"1"}"#
    );
    assert_eq!(get(&server, &format!("/1?fields={fields}")).text(), wanted);
    assert_eq!(
        ids(&get(&server, "/images?is_pano=true&start_captured_at=2024-06-01T00:00:00Z")),
        ["1"]
    );
}

#[test]
fn an_image_that_was_asked_for_before_is_answered_the_same_until_the_archive_changes() {
    let town = Town::new();
    let server = town.serve(|settings| settings.watch = Duration::from_millis(5));
    for target in ["/101?fields=captured_at,make", "/101", "/101?fields=make,captured_at"] {
        let first = get(&server, target);
        let again = get(&server, target);
        assert_eq!((first.text(), first.header("etag")), (again.text(), again.header("etag")));
        assert_eq!(first.header("last-modified"), again.header("last-modified"));
        let kept = get(&server, target);
        assert_eq!((first.text(), first.header("etag")), (kept.text(), kept.header("etag")));
    }
    assert_eq!(get(&server, "/101").text(), r#"{"id":"101"}"#, "fields tell answers apart");
    let refused = ask(&server, "GET", "/101", "");
    assert_eq!(error_of(&refused).1, 190, "no token, no answer");
    let more = "{\"id\": \"101\", \"make\": \"Other\"}\n";
    fs::write(town.dir.path().join("more.jsonl"), more).expect("rows");
    until(|| get(&server, "/101?fields=make").json()["make"] == "Other");
    until(|| get(&server, "/101?fields=captured_at,make").json()["make"] == "Other");
}
