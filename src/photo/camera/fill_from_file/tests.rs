use super::*;
use crate::value::geo::Position;

#[test]
fn what_the_row_says_itself_stays_whole() {
    let camera = Camera {
        captured_ms: Some(5),
        position: Position::new(1.0, 2.0).ok(),
        position_by: Some("interpolated".into()),
        make: Some("Acme".into()),
        ..Camera::default()
    };
    let mut row = Row::from_cells(&[(Field::Path, "a.jpg"), (Field::Lon, "8"), (Field::Lat, "50")]);
    complete(&mut row, &camera);
    let cells = [Field::CapturedAt, Field::Lon, Field::PositionBy, Field::Make];
    assert_eq!(cells.map(|field| row.get(field)), [Some("5"), Some("8"), None, Some("Acme")]);
}
