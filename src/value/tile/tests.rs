use super::*;

fn at(lon_deg: f64, lat_deg: f64) -> Position {
    Position::new(lon_deg, lat_deg).unwrap()
}

fn area(text: &str) -> Area {
    Area::from(text.parse::<BBox>().unwrap())
}

#[test]
fn a_place_lies_in_its_tile() {
    assert_eq!(Tile::at(at(13.4, 52.52), 14).to_string(), "14/8801/5373");
    assert_eq!(Tile::at(at(-180.0, 85.0), 14).to_string(), "14/0/26");
    assert_eq!(Tile::at(at(180.0, -90.0), 14).to_string(), "14/16383/16383");
    assert_eq!(Tile::at(at(0.0, 90.0), 1).to_string(), "1/1/0");
    assert_eq!(Tile::at(at(0.0, 0.0), 0), Tile::WORLD);
    let tile = Tile::at(at(13.4, 52.52), 14);
    assert_eq!((tile.z(), tile.x(), tile.y()), (14, 8801, 5373));
}

#[test]
fn a_tile_is_read_as_it_is_written() {
    assert_eq!("14/8801/5373".parse(), Ok(Tile::new(14, 8801, 5373).unwrap()));
    for text in ["", "1/2", "1/2/0", "1/0/0/0", "40/0/0", "1/-1/0", "256/0/0"] {
        assert!(text.parse::<Tile>().unwrap_err().to_string().contains(text));
    }
}

#[test]
fn parents_hold_their_children() {
    let tile = Tile::at(at(13.4, 52.52), 14);
    assert_eq!(tile.children().count(), 4);
    for child in tile.children() {
        assert_eq!(child.parent(), Some(tile));
        assert_eq!(Tile::at(child.bounds().center(), 14), tile);
    }
    assert_eq!(Tile::WORLD.parent(), None);
    assert_eq!(Tile::new(MAX_ZOOM, 0, 0).unwrap().children().count(), 0);
}

#[test]
fn a_point_of_a_tile_goes_to_a_place_and_back() {
    let mut random = fastrand::Rng::with_seed(2);
    for _ in 0..2_000 {
        let place = at(random.f64() * 360.0 - 180.0, random.f64() * 170.0 - 85.0);
        let tile = Tile::at(place, 14);
        let (x, y) = tile.local(place, 4096);
        assert!((0..4096).contains(&x) && (0..4096).contains(&y), "{place:?} {x} {y}");
        // A unit of zoom 14 is 0.6 m at the equator.
        assert!(tile.position(x, y, 4096).unwrap().distance_m(place) < 0.87);
    }
    assert_eq!(Tile::WORLD.position(0, -1, 4096), None);
    assert_eq!(Tile::WORLD.position(0, 0, 0), None);
}

#[test]
fn the_buffer_beyond_the_antimeridian_is_on_the_other_side() {
    let place = Tile::new(1, 1, 0).unwrap().position(4097, 2048, 4096).unwrap();
    assert!((-180.0..-179.0).contains(&place.lon_deg()));
}

#[test]
fn the_tiles_of_a_box_are_those_that_hold_its_places() {
    let area = area("13.39,52.51,13.43,52.53");
    let tiles: Vec<_> = covering(&area, 14).collect();
    assert_eq!(tiles.len(), 6);
    assert_eq!(count_covering(&area, 14), 6);
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..200 {
        let place = at(13.39 + random.f64() * 0.04, 52.51 + random.f64() * 0.02);
        assert!(tiles.contains(&Tile::at(place, 14)));
    }
}

#[test]
fn a_box_across_the_antimeridian_has_tiles_on_both_sides() {
    let area = area("179.99,-17,-179.99,-16.99");
    let columns: Vec<_> = covering(&area, 14).map(Tile::x).collect();
    assert!(columns.contains(&0) && columns.contains(&16383));
    assert_eq!(columns.len() as u64, count_covering(&area, 14));
}

#[test]
fn the_whole_world_is_counted_without_a_walk() {
    assert_eq!(count_covering(&area("-180,-90,180,90"), 14), 1 << 28);
    assert_eq!(covering(&area("-180,-90,180,90"), 3).count(), 64);
    assert_eq!(count_covering(&Area::default(), 14), 0);
    let east = area("0.5,-90,180,90");
    assert_eq!(count_covering(&east, 6), covering(&east, 6).count() as u64);
    assert_eq!(count_covering(&east, 6), 32 * 64);
}
