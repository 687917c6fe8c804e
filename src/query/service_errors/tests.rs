use super::*;

#[test]
fn only_ids_are_asked_for_and_outcomes_keep_their_order() {
    let rows = ["1", "img_id", " 2 ", "1.02E+15"].map(|id| Row::from_cells(&[(Field::ImgId, id)]));
    let outcomes = pictures(rows.to_vec(), |rows| {
        let ids: Vec<_> = rows.iter().map(|row| row.get(Field::ImgId).unwrap()).collect();
        assert_eq!(ids, ["1", "2"]);
        Ok(rows.into_iter().map(|row| Outcome::Rows(vec![row])).collect())
    });
    let outcomes = outcomes.unwrap();
    let words = |at: usize| match &outcomes[at] {
        Outcome::Rows(rows) => rows[0].get(Field::ImgId).unwrap().to_string(),
        Outcome::Failed(_, what) => what.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!((words(0), words(2)), ("1".into(), "2".into()));
    assert!(words(1).contains("a header line") && words(3).contains("rounded"));
}

#[test]
fn what_the_service_gets_wrong_is_put_right_and_the_rest_keeps_its_text() {
    let mut row = Row::from_cells(&[
        (Field::Altitude, "4294967281"),
        (Field::ComputedAltitude, "34.20"),
        (Field::CompassAngle, "-90"),
        (Field::ComputedCompassAngle, "271.50"),
        (Field::CapturedAt, "0"),
        (Field::Make, "none"),
        (Field::Model, "One"),
    ]);
    clean(&mut row);
    let fields = [
        (Field::Altitude, Some("-15")),
        (Field::ComputedAltitude, Some("34.20")),
        (Field::CompassAngle, Some("270")),
        (Field::ComputedCompassAngle, Some("271.50")),
        (Field::CapturedAt, None),
        (Field::Make, None),
        (Field::Model, Some("One")),
    ];
    for (field, text) in fields {
        assert_eq!(row.get(field), text, "{field:?}");
    }
}
