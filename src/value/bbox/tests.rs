use super::*;

fn at(lon_deg: f64, lat_deg: f64) -> Position {
    Position::new(lon_deg, lat_deg).unwrap()
}

fn bbox(text: &str) -> BBox {
    text.parse().unwrap()
}

#[test]
fn a_box_is_read_and_written_as_w_s_e_n() {
    assert_eq!(bbox("-122.5, 37.7,-122.4,37.8").to_string(), "-122.5,37.7,-122.4,37.8");
}

#[test]
fn a_box_with_latitude_first_gets_the_right_order_as_a_hint() {
    let error = "37.7,-122.5,37.8,-122.4".parse::<BBox>().unwrap_err().to_string();
    assert!(error.contains("latitude '-122.5' is not between"), "{error}");
    assert!(error.ends_with("did you mean '-122.5,37.7,-122.4,37.8'?"), "{error}");
    for text in ["0,0,1,200", "0,95,200,1"] {
        let error = text.parse::<BBox>().unwrap_err().to_string();
        assert!(!error.contains("swapped"), "{error}");
    }
}

#[test]
fn a_box_the_other_way_around_is_another_box_or_none() {
    let swapped = |text: &str| bbox(text).swapped().map(|bbox| bbox.to_string());
    assert_eq!(swapped("54.31,9.94,54.33,9.97").as_deref(), Some("9.94,54.31,9.97,54.33"));
    assert_eq!(swapped("1,1,2,2"), None);
    assert_eq!(swapped("-122.5,37.7,-122.4,37.8"), None);
}

#[test]
fn a_box_that_is_none_is_refused_with_its_text() {
    for text in ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "0,2,1,1", "0,0,NaN,1", "0,0,1,200"] {
        let error = text.parse::<BBox>().unwrap_err().to_string();
        assert!(error.contains(&format!("'{text}'")), "{error}");
    }
    for text in ["[1,2,3,4]", "(1, 2, 3, 4)", "1;2;3;4", "1 2  3 4", "\"1,2,3,4\"", " 1,2,3,4 "] {
        assert_eq!(text.parse::<BBox>(), BBox::new(1.0, 2.0, 3.0, 4.0), "{text}");
    }
    for text in ["1,,2,3,4", "1 2,3,4", "1,2,3,4]x", "[]"] {
        assert!(text.parse::<BBox>().is_err(), "{text}");
    }
    let error = "9,94,54,31,9,97,54,33".parse::<BBox>().unwrap_err().to_string();
    assert!(
        error.ends_with("has 8 numbers, not the four W,S,E,N: write decimals with a point"),
        "{error}"
    );
    let error = "13.5,52,13.4,53".parse::<BBox>().unwrap_err().to_string();
    assert!(error.ends_with("did you mean '13.4,52,13.5,53'?"), "{error}");
}

#[test]
fn a_box_may_cross_the_antimeridian() {
    let fiji = bbox("177,-20,-178,-12");
    assert!(fiji.contains(at(179.0, -15.0)) && fiji.contains(at(-179.0, -15.0)));
    assert!(fiji.contains(at(180.0, -15.0)) && fiji.contains(at(-180.0, -15.0)));
    assert!(!fiji.contains(at(0.0, -15.0)));
    assert_eq!(fiji.width_deg(), 5.0);
    assert_eq!(fiji.center(), at(179.5, -16.0));
    let parts: Vec<String> = fiji.uncrossed().map(|part| part.to_string()).collect();
    assert_eq!(parts, ["177,-20,180,-12", "-180,-20,-178,-12"]);
    assert!(fiji.intersects(&bbox("-180,-13,-179,-12")));
    assert!(fiji.covers(&bbox("178,-19,-179,-13")) && !fiji.covers(&bbox("-180,-19,180,-13")));
}

#[test]
fn quarters_fill_the_box() {
    let [sw, se, nw, ne] = bbox("178,0,-178,4").quarters();
    assert_eq!(sw.to_string(), "178,0,180,2");
    assert_eq!(se.to_string(), "180,0,-178,2");
    assert_eq!(nw.to_string(), "178,2,180,4");
    assert!(ne.contains(at(-179.0, 3.0)) && !ne.contains(at(179.0, 3.0)));
}

#[test]
fn a_box_says_its_edges_and_holds_them() {
    let harbour = bbox("-9.5,53.25,9.75,54.5");
    let edges = [harbour.west_deg(), harbour.south_deg(), harbour.east_deg(), harbour.north_deg()];
    assert_eq!(edges, [-9.5, 53.25, 9.75, 54.5]);
    assert_eq!((harbour.width_deg(), harbour.height_deg()), (19.25, 1.25));
    for (lon, lat, is_in) in [
        (-9.5, 53.25, true),
        (9.75, 54.5, true),
        (0.0, 54.0, true),
        (-9.6, 54.0, false),
        (9.8, 54.0, false),
        (0.0, 53.2, false),
        (0.0, 54.6, false),
    ] {
        assert_eq!(harbour.contains(at(lon, lat)), is_in, "{lon},{lat}");
    }
    assert_eq!(
        bbox("0.123456749,-1,1.00000005,2").rounded().to_string(),
        "0.1234567,-1,1.0000001,2"
    );
    assert!(!bbox("5,0,5,1").crosses_antimeridian(), "a line is a box");
}

#[test]
fn the_box_around_a_circle_holds_all_of_it_and_little_more() {
    for lat in [-90.0, -89.9999, -60.0, 0.0, 45.0, 89.0, 89.9997, 90.0] {
        for lon in [-180.0, -179.9999, 0.0, 13.4, 179.9999, 180.0] {
            for radius_m in [0.0, 1e-3, 50.0, 20_000.0] {
                let (center, around) = (at(lon, lat), BBox::around(at(lon, lat), radius_m));
                assert!(around.contains(center), "{lon},{lat}: {around}");
                for bearing_deg in 0..360 {
                    let edge = center.destination(bearing_deg.into(), radius_m);
                    assert!(
                        around.contains(edge),
                        "{lon},{lat}, {radius_m} m, {bearing_deg}: {around}"
                    );
                }
                assert!(around.height_deg() <= 2.0 * radius_m / 111_000.0 + 3e-9, "{around}");
            }
        }
    }
    let fiji = BBox::around(at(180.0, -17.0), 50.0);
    assert!(fiji.crosses_antimeridian() && fiji.width_deg() < 0.001, "{fiji}");
    assert_eq!(BBox::around(at(13.0, 89.9999), 50.0).width_deg(), 360.0);
}
