use super::*;

#[test]
fn a_coordinate_comes_back_within_a_millimetre() {
    for deg in [0.0, -12.999_999_999, 51.123_456_789, 89.5] {
        let text = coordinate_text(deg, ['N', 'S']);
        let found = coordinate(&text, None, ['N', 'S'], 90.0).unwrap();
        assert!((found - deg).abs() < 1e-8, "{text}");
    }
    assert_eq!((wrapped("4294967195/10"), wrapped("101/10")), (Some(-10.1), None));
    assert_eq!((number("25/2"), number("1/0"), number("x")), (Some(12.5), None, None));
}

#[test]
fn a_coordinate_is_read_in_every_spelling_that_leaves_no_doubt() {
    for (text, beside, wanted) in [
        ("51,30,36N", None, 51.51),
        ("51,30.6n", Some("N"), 51.51),
        ("51.51", Some("N"), 51.51),
        ("51.51", Some("South"), -51.51),
        ("-51.51", Some("S"), -51.51),
        ("51.51S", None, -51.51),
        ("51 N", None, 51.0),
        ("-51.51", None, -51.51),
        ("+51.51", None, 51.51),
        ("51/1,3060/100,0/1", Some("N"), 51.51),
        ("0", Some("N"), 0.0),
    ] {
        let found = coordinate(text, beside, ['N', 'S'], 90.0);
        assert!(found.is_ok_and(|deg| (deg - wanted).abs() < 1e-9), "{text} {beside:?}");
    }
    for (text, beside) in [
        ("", None),
        ("51.5", None),
        ("51.5", Some("")),
        ("91,0N", None),
        ("51,61N", None),
        ("-5,0N", None),
        ("-5,0", None),
        ("-5.0", Some("N")),
        ("51,30N", Some("S")),
        ("51,30E", None),
        ("51.5", Some("W")),
        ("1,2,3,4N", None),
        ("0/0,0/0N", None),
        ("é", None),
        ("N", None),
    ] {
        assert!(coordinate(text, beside, ['N', 'S'], 90.0).is_err(), "{text} {beside:?}");
    }
}

#[test]
fn an_entity_that_xml_does_not_know_costs_no_value() {
    let packet = |inner: &str| {
        read(
            format!("<r:RDF xmlns:r='{}' xmlns:d='{}'>{inner}</r:RDF>", RDF.uri, DC.uri).as_bytes(),
        )
    };
    for inner in [
        "<r:Description d:title='a &nbsp; b'/>",
        "<r:Description><d:title>a &nbsp; b</d:title></r:Description>",
    ] {
        assert_eq!(packet(inner).text(DC, "title"), Some("a &nbsp; b"), "{inner}");
    }
    let known = packet("<r:Description d:title='a &amp; &#x62;'/>");
    assert_eq!(known.text(DC, "title"), Some("a & b"));
}
