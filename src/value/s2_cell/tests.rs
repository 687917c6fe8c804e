use super::*;

#[test]
fn places_have_the_cells_that_other_libraries_give() {
    for (id, lat, lon) in [
        (0x47a1cbd595522b39, 49.703498679, 11.770681595),
        (0x46525318b63be0f9, 55.685376759, 12.588490937),
        (0x52b30b71698e729d, 45.486546517, -93.449700022),
        (0x46ed8886cfadda85, 58.299984854, 23.049300056),
    ] {
        assert_eq!(S2Cell::new(id).unwrap().to_string(), id.to_string());
        // The rounded decimals of the cell's centre may fall into the neighbouring leaf.
        let leaf = S2Cell::leaf(Position::new(lon, lat).unwrap());
        assert_eq!(leaf.parent(24), S2Cell::new(id).unwrap().parent(24), "{lat},{lon}");
    }
}

#[test]
fn a_place_lies_in_its_cells_and_in_their_boxes() {
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..2000 {
        let place =
            Position::new(random.f64() * 360.0 - 180.0, random.f64() * 180.0 - 90.0).unwrap();
        for level in [8, 13, 17, 24] {
            let cell = S2Cell::leaf(place).parent(level);
            assert_eq!((cell.level(), S2Cell::new(cell.0)), (level, Some(cell)));
            assert!(
                cell.contains(place) && cell.bounds().unwrap().contains(place),
                "{place:?} {level}"
            );
            let beside = place.destination(90.0, 20_000_000.0 / f64::from(1 << level) * 3.0);
            assert!(!cell.contains(beside), "{place:?} {level}");
        }
    }
}

#[test]
fn not_every_number_is_a_cell() {
    assert!(S2Cell::new(0).is_none() && S2Cell::new(2).is_none());
    assert!(S2Cell::new(7 << 61 | 1).is_none());
    assert_eq!(S2Cell::new(1 << 60).unwrap().bounds(), None);
}

#[test]
fn the_box_of_a_cell_beside_the_antimeridian_is_as_narrow_as_the_cell() {
    for lat in [-60.0, -17.0, 0.0, 50.0, 80.0] {
        for lon in [-180.0, -179.99999, 179.99999, 180.0] {
            let place = Position::new(lon, lat).unwrap();
            let around = S2Cell::leaf(place).parent(12).bounds().unwrap();
            assert!(around.contains(place) && around.width_deg() < 0.2, "{lon},{lat}: {around}");
        }
    }
}

#[test]
fn places_on_the_edges_of_the_cube_have_cells_that_hold_them() {
    for lat in [-90.0, -45.0, -35.264389682754654, 0.0, 35.264389682754654, 45.0, 90.0] {
        for lon in (-180..=180).step_by(45).map(f64::from) {
            let place = Position::new(lon, lat).unwrap();
            for level in [8, 17, 30] {
                let cell = S2Cell::leaf(place).parent(level);
                assert_eq!(S2Cell::new(cell.0), Some(cell), "{lon},{lat}");
                let bounds = cell.bounds().unwrap();
                assert!(cell.contains(place) && bounds.contains(place), "{lon},{lat}: {bounds}");
            }
        }
    }
}
