use super::*;

#[test]
fn each_path_finds_its_endpoint() {
    let tile = Endpoint::Tile { set: "mly1_public".into(), z: 14, x: 8801, y: 5373 };
    for (path, endpoint) in [
        ("/", Endpoint::Entities),
        ("/me", Endpoint::Me),
        ("/images/", Endpoint::Search),
        ("/image_ids", Endpoint::ImageIds),
        ("/123", Endpoint::Entity("123".into())),
        ("/123/tiles", Endpoint::ImageTiles("123".into())),
        ("/123/detections", Endpoint::Detections("123".into())),
        ("/maps/vtp/mly1_public/2/14/8801/5373", tile),
        ("/maps/vtp/mly1_public/2/14/8801/-1", Endpoint::Unknown),
        ("/m1/v/t6/An_x-y", Endpoint::Picture("An_x-y".into())),
        ("/login", Endpoint::Login),
        ("/web", Endpoint::Web(String::new())),
        ("/web/vendor/pmtiles.js", Endpoint::Web("vendor/pmtiles.js".into())),
        ("/finish_upload/", Endpoint::FinishUpload),
        ("/mapillary_public_uploads/a.jpg", Endpoint::Upload("a.jpg".into())),
        ("/mapillary_public_uploads/..%2Fa.jpg", Endpoint::Unknown),
        ("/mapillary_public_uploads", Endpoint::Entity(UPLOADS.into())),
        ("/a/b", Endpoint::Unknown),
    ] {
        assert_eq!(Endpoint::from_path(path), endpoint, "{path}");
    }
}

#[test]
fn parameters_are_decoded_and_written_back() {
    let query = Query::parse("access_token=MLY%7C1&a=b+c&empty=&ids=1,2,");
    assert_eq!(query.get("access_token"), Some("MLY|1"));
    assert_eq!((query.get("a"), query.get("empty")), (Some("b c"), None));
    assert_eq!(query.list("ids"), Some(vec!["1", "2"]));
    assert_eq!(Query::parse(&query.written()), query);
    assert!(!query.written_without("access_token").contains("MLY"));
}

#[test]
fn nested_fields_ask_for_the_field_around_them() {
    let query = Query::parse("fields=id,creator.username,creator{id,username},captured_at");
    assert_eq!(fields(&query), Some(vec!["id".into(), "creator".into(), "captured_at".into()]));
    assert_eq!(fields(&Query::default()), None);
    let query = Query::parse("fields=detections.value,detections{geometry,id},detectionsx.no,id");
    assert_eq!(fields_within(&query, "detections"), ["value", "geometry", "id"]);
    assert!(fields_within(&query, "id").is_empty());
}
