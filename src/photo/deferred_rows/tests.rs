use super::*;
use crate::photo::camera_key::camera_key;
use crate::photo::camera_zone;
use crate::row::Field;

/// Photos of a camera whose clock is two hours ahead; one in ten is three hours ahead, and some are unreadable.
fn rows() -> Vec<Row> {
    let row = |at: i64| {
        let ahead_h = if at % 10 == 7 { 3 } else { 2 };
        let (hour, minute) = (at / 60 % 24, at % 60);
        let mut row = Row::from_cells(&[
            (Field::TakenAt, &format!("2024-05-{:02}T{hour:02}:{minute:02}:00", 1 + at / 1440)),
            (Field::Zone, if ahead_h == 3 { "+03:00" } else { "+02:00" }),
            (Field::ZoneBy, "place"),
            (Field::Lon, if at % 100 == 3 { "east" } else { "13.5" }),
            (Field::Lat, "52.5"),
        ]);
        // The start of 2024-05-01.
        row.set_display(Field::CapturedAt, 1_714_521_600_000 + (at * 60 - ahead_h * 3600) * 1000);
        row
    };
    (0..3_000).map(row).collect()
}

#[test]
fn rows_of_two_zones_are_looked_at_again_and_come_out_piece_by_piece() {
    let mut held = rows();
    camera_zone::settle(&mut held.iter_mut().collect::<Vec<_>>(), &Unheard);
    assert!(held.iter().all(|row| row.get(Field::Zone) == Some("+02:00")));
    let mut ride = Ride::new(&std::env::temp_dir(), true);
    rows().iter().for_each(|row| ride.push(row, Some(camera_key(row))).unwrap());
    ride.settle_zones().unwrap();
    let order = ride.order().unwrap();
    let times: Vec<i64> = order.group(&ride.index, 0).photos().map(|photo| photo.time_ms).collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "by the zone that was decided");
    assert_eq!(times.len(), 3_000 - 30);
    let mut out = Vec::new();
    let mut pieces = 0;
    loop {
        ride.pass_on(&mut out, &Unheard, |_, _, _| Ok(())).unwrap();
        pieces += 1;
        if !ride.goes_on() {
            break;
        }
    }
    assert_eq!((pieces, out.len()), (3, 3_000));
    for (outcome, held) in out.iter().zip(&held) {
        match outcome {
            Outcome::Rows(rows) => assert_eq!(rows[..], *std::slice::from_ref(held)),
            Outcome::Failed(row, what) => {
                assert_eq!((row, &**what), (held, "'east' in column 'lon' is not a number"));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(out.iter().filter(|it| matches!(it, Outcome::Failed(..))).count(), 30);
}
