use super::*;

#[test]
fn pictures_sequences_days_and_places_are_counted() {
    let mut facts = CollectionFacts::default();
    for (sequence, ms, lon, pano) in [
        ("a", "1717245296123", "9.5", "true"),
        ("a", "1717245298123", "9.75", "false"),
        ("b", "1722600000250", "-0.5", ""),
        ("b", "", "", ""),
    ] {
        let cells = [
            (Field::SeqId, sequence),
            (Field::CapturedAt, ms),
            (Field::Lon, lon),
            (Field::Lat, if lon.is_empty() { "" } else { "54.25" }),
            (Field::IsPano, pano),
        ];
        facts.add(&Row::from_cells(&cells)).unwrap();
    }
    assert_eq!((facts.pictures, facts.panoramas, facts.sequences(), facts.days()), (4, 1, 2, 2));
    assert_eq!(facts.dates(), Some(("2024-06-01".into(), "2024-08-02".into())));
    assert_eq!(facts.bounds, Some([-0.5, 54.25, 9.75, 54.25]));
    assert_eq!(CollectionFacts::default().dates(), None);
}

#[test]
fn a_wrong_value_is_an_error_and_never_a_date() {
    let error = CollectionFacts::default()
        .add(&Row::from_cells(&[(Field::CapturedAt, "soon")]))
        .unwrap_err();
    assert!(error.to_string().contains("'soon' in column 'captured_at'"), "{error}");
}
