use super::*;

#[test]
fn points_of_wkt_are_places_and_nothing_else_is() {
    for (text, wanted) in [
        ("POINT (9.95 54.32)", Some(("9.95", "54.32", true))),
        ("point(-9.950 -54.32)", Some(("-9.950", "-54.32", true))),
        ("SRID=4326;POINT(9.95 54.32)", Some(("9.95", "54.32", true))),
        ("POINT Z (9.95 54.32 12)", Some(("9.95", "54.32", false))),
        (" POINTZ(1 2 3) ", Some(("1", "2", false))),
        ("POINT (1 2 3)", Some(("1", "2", false))),
        ("SRID=3857;POINT(9.95 54.32)", None),
        ("POINT (565000 5932000)", None),
        ("POINT (9.95, 54.32)", None),
        ("POINT Z (1 2)", None),
        ("POINT EMPTY", None),
        ("POINT (1 2) x", None),
        ("LINESTRING (1 2, 3 4)", None),
        ("MULTIPOINT ((1 2))", None),
        ("POINT ZM (1 2 3 4)", None),
        ("0101000000CDCCCCCCCCCC23405C8FC2F528284B40", None),
        ("", None),
    ] {
        let found = of_wkt(text)
            .map(|place| (&text[place.lon.clone()], &text[place.lat.clone()], place.is_all));
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn a_point_cut_anywhere_is_none() {
    let text = "SRID=4326;POINT Z (9.95 54.32 12)";
    for end in 0..text.len() {
        assert_eq!(of_wkt(&text[..end]), None, "{}", &text[..end]);
    }
    let text = "[9.95,54.32,12.0]";
    for end in 1..text.len() {
        assert_eq!(of_coordinates(&text[..end], 0..end), None, "{}", &text[..end]);
    }
}

#[test]
fn coordinates_have_two_to_four_numbers_and_end_with_their_array() {
    for (text, is_all) in [
        ("[1,2]", Some(true)),
        ("[ 1 , 2 ]", Some(true)),
        ("[1,2,3]", Some(false)),
        ("[1,2,3,4]", Some(false)),
        ("[1,2,3,4,5]", None),
        ("[1]", None),
        ("[1,2] ", None),
        ("[1,\"2\"]", Some(true)),
        ("[\"1.50\" , \"-2\",\"3\"]", Some(false)),
        ("[\"1\",\"2]", None),
        ("[\"1\",\"2 \"]", None),
        ("[\"\",\"2\"]", None),
        ("[1,null]", None),
    ] {
        assert_eq!(of_coordinates(text, 0..text.len()).map(|place| place.is_all), is_all, "{text}");
    }
}
