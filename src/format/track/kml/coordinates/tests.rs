use super::*;

#[test]
fn a_place_of_a_track_may_have_decimal_commas_or_be_written_like_coordinates() {
    for (text, lon_deg, lat_deg, ele_m) in [
        ("8.25 47.5 431.5", 8.25, 47.5, Some(431.5)),
        (" 8.25\t47.5 ", 8.25, 47.5, None),
        ("8,25 47,5 431,5", 8.25, 47.5, Some(431.5)),
        ("-8,25 47", -8.25, 47.0, None),
        ("8.25,47.5,431.5", 8.25, 47.5, Some(431.5)),
        ("8.25, 47.5, 431.5", 8.25, 47.5, Some(431.5)),
        ("8,47", 8.0, 47.0, None),
        ("8 ,47 ,431", 8.0, 47.0, Some(431.0)),
        ("8 , 47 , 431", 8.0, 47.0, Some(431.0)),
        ("8,47,high", 8.0, 47.0, None),
    ] {
        let (position, height) = parse(text).unwrap();
        assert_eq!((position.lon_deg(), position.lat_deg()), (lon_deg, lat_deg), "{text}");
        assert_eq!(height, ele_m, "{text}");
    }
    for text in [
        "",
        "8.25",
        "181 47",
        "8 91",
        "x 47",
        "8.25 y",
        // Decimal commas between commas would be another place, and so would two places.
        "8,25,47,5",
        "8,25,47,5,431,5",
        "8.25,47.5,1 8.26,47.6,1",
        "8 47 1 9",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}
