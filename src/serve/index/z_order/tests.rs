use super::*;

#[test]
fn a_tile_of_any_zoom_is_one_range_and_holds_its_places() {
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..2000 {
        let place =
            Position::new(random.f64() * 360.0 - 180.0, random.f64() * 180.0 - 90.0).unwrap();
        let unit = units(place);
        assert_eq!(super::unit(key(unit)), unit);
        for z in [0, 5, 6, 13, 14] {
            let tile = Tile::at(place, z);
            assert!(keys_in(tile).contains(&key(unit)), "{place:?} {tile}");
            if place.lat_deg().abs() < 85.0 {
                assert_eq!(
                    local(tile, (unit.0.into(), unit.1.into()), DEEPEST),
                    tile.local(place, EXTENT),
                    "{place:?} {tile}"
                );
            }
        }
    }
}

#[test]
fn a_line_comes_back_from_its_bytes_and_no_bytes_do_harm() {
    let line = [(5, 1 << 25), (5, 1 << 25), (6, 7), (67_000_000, 0)];
    let bytes = pack(line.into_iter(), DEEPEST);
    assert_eq!(unpack(&bytes), [(5, 1 << 25), (6, 7), (67_000_000, 0)]);
    let coarse = pack([(0, 0), (31, 31), (32, 0)].into_iter(), COARSE_ZOOM);
    assert_eq!(unpack(&coarse), [(0, 0), (1, 0)]);
    for end in 0..bytes.len() {
        assert!(unpack(&bytes[..end]).len() < 4);
    }
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..1000 {
        let bytes: Vec<u8> = (0..20).map(|_| random.u8(..)).collect();
        assert!(unpack(&bytes).len() <= 10);
    }
}
