use super::*;
use crate::format::mvt::{LayerWriter, read, write};

/// Kind, parts and commands.
type Example = (GeometryType, &'static [&'static [LocalPoint]], &'static [u8]);

/// The geometries of section 4.3.5 of the specification.
const EXAMPLES: [Example; 6] = [
    (GeometryType::Points, &[&[(25, 17)]], &[9, 50, 34]),
    (GeometryType::Points, &[&[(5, 7), (3, 2)]], &[17, 10, 14, 3, 9]),
    (GeometryType::Lines, &[&[(2, 2), (2, 10), (10, 10)]], &[9, 4, 4, 18, 0, 16, 16, 0]),
    (
        GeometryType::Lines,
        &[&[(2, 2), (2, 10), (10, 10)], &[(1, 1), (3, 5)]],
        &[9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8],
    ),
    (GeometryType::Polygons, &[&[(3, 6), (8, 12), (20, 34)]], &[9, 6, 12, 18, 10, 12, 24, 44, 15]),
    (
        GeometryType::Polygons,
        &[
            &[(0, 0), (10, 0), (10, 10), (0, 10)],
            &[(11, 11), (20, 11), (20, 20), (11, 20)],
            &[(13, 13), (13, 17), (17, 17), (17, 13)],
        ],
        &[
            9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13,
            26, 0, 8, 8, 0, 0, 7, 15,
        ],
    ),
];

#[test]
fn geometries_are_written_as_the_specification_shows_them_and_read_back() {
    for (kind, parts, commands) in EXAMPLES {
        let mut encoded = Vec::new();
        encode_geometry(kind, parts, &mut encoded);
        assert_eq!(encoded, commands, "{parts:?}");
        let mut layer = LayerWriter::new("l", 4096);
        layer.feature(None, kind, parts, &[]);
        let tile = write([layer]);
        let layers = read(&tile).unwrap();
        let feature = layers[0].features().next().unwrap();
        assert_eq!((feature.kind(), feature.parts().collect::<Vec<_>>()), (kind, parts.to_vec()));
        assert_eq!(feature.points(), parts.concat());
    }
}

#[test]
fn points_in_several_parts_are_one_command_and_empty_parts_are_none() {
    for (kind, parts, commands) in [
        (GeometryType::Points, &[&[(5, 7)][..], &[(3, 2)]][..], &[17, 10, 14, 3, 9][..]),
        (GeometryType::Unknown, &[&[(5, 7)], &[(3, 2)]], &[17, 10, 14, 3, 9]),
        (GeometryType::Points, &[], &[]),
        (GeometryType::Points, &[&[]], &[]),
        (GeometryType::Lines, &[&[], &[(1, 1), (3, 5)], &[]], &[9, 2, 2, 10, 4, 8]),
        (GeometryType::Lines, &[&[(1, 1)]], &[9, 2, 2]),
        (GeometryType::Polygons, &[&[]], &[]),
        (
            GeometryType::Points,
            &[&[(i32::MAX, i32::MIN)]],
            &[9, 254, 255, 255, 255, 15, 255, 255, 255, 255, 15],
        ),
    ] {
        let mut encoded = Vec::new();
        encode_geometry(kind, parts, &mut encoded);
        assert_eq!(encoded, commands, "{kind:?} {parts:?}");
    }
}

#[test]
fn values_have_the_number_of_their_type() {
    for (value, bytes) in [
        (Value::Text("é"), &[0x0a, 2, 0xc3, 0xa9][..]),
        (Value::Float(1.5), &[0x15, 0, 0, 0xc0, 0x3f]),
        (Value::Double(1.5), &[0x19, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f]),
        (Value::Int(300), &[0x20, 0xac, 2]),
        (Value::Int(-1), &[0x20, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
        (Value::Uint(u64::MAX), &[0x28, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
        (Value::Sint(-2), &[0x30, 3]),
        (Value::Bool(true), &[0x38, 1]),
        (Value::Bool(false), &[0x38, 0]),
    ] {
        let mut encoded = Vec::new();
        encode_value(value, &mut encoded);
        assert_eq!(encoded, bytes, "{value:?}");
    }
}
