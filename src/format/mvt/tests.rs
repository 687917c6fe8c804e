use super::*;

fn sample() -> Vec<u8> {
    let mut sequence = LayerWriter::new("sequence", 4096);
    sequence.feature(
        Some(1),
        GeometryType::Lines,
        &[&[(0, 0), (5, -3), (4100, 4096)], &[(7, 7), (8, 8)]],
        &[("id", Value::Text("Ab3d")), ("is_pano", Value::Bool(false))],
    );
    let mut image = LayerWriter::new("image", 4096);
    for (n, id) in [u64::MAX, 2].into_iter().enumerate() {
        image.feature(
            None,
            GeometryType::Points,
            &[&[(n as i32, 4095)]],
            &[
                ("sequence_id", Value::Text("Ab3d")),
                ("id", Value::Uint(id)),
                ("compass_angle", Value::Double(271.5)),
                ("float", Value::Float(1.5)),
                ("int", Value::Int(-1)),
                ("sint", Value::Sint(i64::MIN)),
                ("blank", Value::Text("")),
            ],
        );
    }
    write([sequence, image])
}

#[test]
fn a_written_tile_reads_as_it_was() {
    let bytes = sample();
    let layers = read(&bytes).unwrap();
    let names: Vec<_> = layers.iter().map(|layer| layer.name()).collect();
    assert_eq!(names, ["sequence", "image"]);
    assert_eq!((layers[0].version(), layers[0].extent()), (2, 4096));

    let line = layers[0].features().next().unwrap();
    assert_eq!((line.id(), line.kind()), (Some(1), GeometryType::Lines));
    let parts: Vec<_> = line.parts().collect();
    assert_eq!(parts, [&[(0, 0), (5, -3), (4100, 4096)][..], &[(7, 7), (8, 8)]]);
    assert_eq!(line.property("is_pano").and_then(Value::as_bool), Some(false));

    let points: Vec<_> = layers[1].features().collect();
    assert_eq!(points[0].id(), None);
    assert_eq!(points[0].property("id").and_then(Value::as_u64), Some(u64::MAX));
    assert_eq!(points[1].property("id").and_then(Value::as_u64), Some(2));
    assert_eq!(points[1].points(), [(1, 4095)]);
    assert_eq!(points[1].property("compass_angle"), Some(Value::Double(271.5)));
    assert_eq!(points[1].property("float"), Some(Value::Float(1.5)));
    assert_eq!(points[1].property("int"), Some(Value::Int(-1)));
    assert_eq!(points[1].property("sint"), Some(Value::Sint(i64::MIN)));
}

#[test]
fn a_blank_property_is_absent() {
    let bytes = sample();
    let image = &read(&bytes).unwrap()[1];
    let feature = image.features().next().unwrap();
    assert_eq!(feature.property("blank"), None);
    assert_eq!(feature.property("never"), None);
    assert!(feature.properties().all(|(key, _)| key != "blank"));
}

#[test]
fn keys_are_alphabetical_and_values_are_stored_once() {
    let bytes = sample();
    let image = &read(&bytes).unwrap()[1];
    assert!(image.keys().is_sorted());
    assert_eq!(image.value_count(), 8, "six values shared by both, and two ids");
}

#[test]
fn a_polygon_keeps_its_rings() {
    let mut layer = LayerWriter::new("mpy-or", 4096);
    let ring = [(1024, 2048), (1200, 2048), (1200, 2300), (1024, 2300)];
    layer.feature(Some(1), GeometryType::Polygons, &[&ring], &[]);
    let bytes = write([layer]);
    let layers = read(&bytes).unwrap();
    let feature = layers[0].features().next().unwrap();
    assert_eq!(feature.kind(), GeometryType::Polygons);
    assert_eq!(feature.parts().collect::<Vec<_>>(), [&ring[..]]);
}

#[test]
fn an_empty_body_is_a_tile_without_layers() {
    assert!(read(b"").unwrap().is_empty());
}

#[test]
fn a_page_instead_of_a_tile_is_refused() {
    assert!(read(b"<!DOCTYPE html><html></html>").is_err());
    assert!(read(br#"{"error":{}}"#).is_err());
}

#[test]
fn a_tile_cut_anywhere_is_refused_or_has_fewer_layers() {
    let bytes = sample();
    for end in 0..bytes.len() {
        assert!(read(&bytes[..end]).map_or(0, |layers| layers.len()) < 2, "cut at {end}");
    }
}

#[test]
fn a_mutated_tile_does_no_harm() {
    let good = sample();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let mut bytes = good.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        for layer in read(&bytes).unwrap_or_default() {
            for feature in layer.features() {
                let _ = (feature.points().len(), feature.parts().count());
                let _ = feature.properties().count();
            }
        }
    }
}
