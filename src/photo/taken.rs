//! The capture time of a picture according to its row.

use crate::row::{Field, Row, WrongValue};
use crate::value::instant::LocalTime;
use crate::value::zone::{Instants, Zone};

/// The capture time in milliseconds since 1970, for the group of a picture and the time of its file: the instant in
/// UTC, otherwise the camera's clock.
///
/// # Errors
/// If a value is not a time or a zone.
pub fn taken_ms(row: &Row) -> Result<Option<i64>, WrongValue> {
    let instant_ms = instant_ms(row)?;
    instant_ms.map_or_else(|| Ok(clock(row)?.map(LocalTime::clock_ms)), |ms| Ok(Some(ms)))
}

/// The time of the camera's clock.
///
/// # Errors
/// If it is not a local time.
pub fn clock(row: &Row) -> Result<Option<LocalTime>, WrongValue> {
    let time = row.get(Field::TakenAt).map(|text| text.parse::<LocalTime>()).transpose();
    time.map_err(|_| row.wrong(Field::TakenAt, "a local time such as 2024-05-01T12:00:00"))
}

/// The instant in milliseconds since 1970: that of the row, otherwise its clock minus its zone. `None` also if the time
/// comes twice or never in that zone.
///
/// # Errors
/// If a value that is needed is not a time or a zone.
pub fn instant_ms(row: &Row) -> Result<Option<i64>, WrongValue> {
    if let Some(known) = row.instant_ms(Field::CapturedAt)? {
        return Ok(Some(known));
    }
    let (Some(zone), Some(clock)) = (row.get(Field::Zone), clock(row)?) else { return Ok(None) };
    let zone: Zone = zone
        .parse()
        .map_err(|_| row.wrong(Field::Zone, "a zone such as Europe/Berlin or +02:00"))?;
    Ok(match zone.instants_ms(clock) {
        Instants::One(ms) => Some(ms),
        Instants::Two(..) | Instants::Never => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_of_a_picture_is_that_of_its_instant_else_of_its_clock() {
        let late = (Field::TakenAt, "2024-07-01T23:30:00");
        let clock_ms = 1_719_876_600_000;
        for (cells, expected) in [
            (&[late][..], clock_ms),
            (&[late, (Field::Zone, "-02:00")], clock_ms + 7_200_000),
            (&[late, (Field::Zone, "-02:00"), (Field::CapturedAt, "7")], 7),
        ] {
            assert_eq!(taken_ms(&Row::from_cells(cells)), Ok(Some(expected)), "{cells:?}");
        }
        // It comes twice.
        let twice = [(Field::TakenAt, "2024-10-27T02:30:00"), (Field::Zone, "Europe/Berlin")];
        assert_eq!(taken_ms(&Row::from_cells(&twice)), Ok(Some(1_729_996_200_000)));
        assert_eq!(taken_ms(&Row::from_cells(&[])), Ok(None));
    }

    #[test]
    fn an_instant_is_that_of_the_row_or_the_clock_minus_its_zone() {
        let noon_ms = 1_719_828_000_000;
        let berlin = (Field::Zone, "Europe/Berlin");
        let noon = (Field::TakenAt, "2024-07-01T12:00:00");
        for (cells, expected) in [
            (&[noon, berlin][..], Some(noon_ms)),
            (&[noon, (Field::Zone, "+02:00")], Some(noon_ms)),
            (&[noon, (Field::Zone, "-03:30")], Some(noon_ms + 5 * 3_600_000 + 1_800_000)),
            (&[noon, (Field::CapturedAt, "7"), (Field::Zone, "unknown")], Some(7)),
            (&[noon], None),
            (&[berlin], None),
            (&[(Field::TakenAt, "2024-10-27T02:30:00"), berlin], None),
            (&[(Field::TakenAt, "2024-03-31T02:30:00"), berlin], None),
        ] {
            assert_eq!(instant_ms(&Row::from_cells(cells)).unwrap(), expected, "{cells:?}");
        }
        let unknown = Row::from_cells(&[noon, (Field::Zone, "Nowhere/Land")]);
        assert_eq!(
            instant_ms(&unknown).unwrap_err().to_string(),
            "'Nowhere/Land' in column 'zone' is not a zone such as Europe/Berlin or +02:00"
        );
    }
}
