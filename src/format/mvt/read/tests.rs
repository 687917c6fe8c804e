use super::*;
use crate::format::mvt::wire::{put_bytes, put_number};

/// A layer with this feature, the key `k` and the value 7, and these fields behind them.
fn tile(feature: &[u8], rest: &[u8]) -> Vec<u8> {
    let mut layer = Vec::new();
    put_bytes(&mut layer, 1, b"l");
    put_bytes(&mut layer, 2, feature);
    put_bytes(&mut layer, 3, b"k");
    put_bytes(&mut layer, 4, &[0x28, 7]);
    layer.extend(rest);
    let mut tile = Vec::new();
    put_bytes(&mut tile, 3, &layer);
    tile
}

/// A line with these commands.
fn line(commands: &[u8]) -> Vec<u8> {
    let mut feature = Vec::new();
    put_number(&mut feature, 3, 2);
    put_bytes(&mut feature, 4, commands);
    feature
}

fn parts(commands: &[u8]) -> Vec<Vec<(i32, i32)>> {
    let bytes = tile(&line(commands), &[]);
    let layers = read(&bytes).unwrap();
    let feature = layers[0].features().next().unwrap();
    feature.parts().map(<[_]>::to_vec).collect()
}

/// Why it is refused, without the place.
fn fault(bytes: &[u8]) -> String {
    let said = read(bytes).unwrap_err().to_string();
    said.rsplit_once(" at byte ").unwrap().0.to_string()
}

#[test]
fn commands_may_be_written_in_other_ways_than_ours() {
    // A move of no points, moves on their own, and a ring that is closed and goes on from where it was.
    assert_eq!(parts(&[1, 9, 2, 2, 9, 2, 2, 10, 2, 2]), [vec![(1, 1)], vec![(2, 2), (3, 3)]]);
    assert_eq!(parts(&[9, 2, 2, 10, 4, 4, 2, 15, 9, 1, 1]), [vec![(1, 1), (3, 3)], vec![(2, 2)]]);
    assert_eq!(parts(&[]), Vec::<Vec<_>>::new());
    assert_eq!(parts(&[15]), Vec::<Vec<_>>::new());
    for (commands, what) in [
        (&[10, 2, 2][..], "a line continues before it begins"),
        (&[9, 2, 2, 11, 2, 2], "no drawing command is 3"),
        (&[8, 2, 2], "no drawing command is 0"),
        (&[9, 2], "1 points where 1 bytes are left"),
        (&[17, 2, 2, 2], "2 points where 3 bytes are left"),
        (&[17, 2, 2, 254, 255], "the data ends within a number"),
        (&[9, 254, 255, 255, 255, 15, 0, 10, 2, 0], "a coordinate does not fit in 32 bits"),
        (&[9, 128, 128, 128, 128, 16, 0], "4294967296 does not fit in 32 bits"),
    ] {
        assert_eq!(fault(&tile(&line(commands), &[])), what, "{commands:?}");
    }
}

#[test]
fn a_feature_has_one_geometry_and_its_properties_exist() {
    let twice = [line(&[9, 2, 2]), line(&[9, 4, 4])].concat();
    assert_eq!(fault(&tile(&twice, &[])), "a feature has two geometries");
    let mut feature = line(&[9, 2, 2]);
    put_bytes(&mut feature, 2, &[0, 0]);
    let bytes = tile(&feature, &[]);
    let layers = read(&bytes).unwrap();
    let property = layers[0].features().next().unwrap().property("k");
    assert_eq!(property, Some(Value::Uint(7)));
    assert_eq!(layers[0].features().next().unwrap().points(), [(1, 1)]);
    for (tags, what) in [
        (&[1, 0][..], "a property points at key 1 and value 0, and there are 1 keys and 1 values"),
        (&[0, 1], "a property points at key 0 and value 1, and there are 1 keys and 1 values"),
        (&[0], "the data ends within a number"),
    ] {
        let mut feature = Vec::new();
        put_bytes(&mut feature, 2, tags);
        assert_eq!(fault(&tile(&feature, &[])), what, "{tags:?}");
    }
}

#[test]
fn defaults_limits_and_unknown_fields_are_those_of_the_specification() {
    let layer = |rest: &[u8]| {
        let bytes = tile(&line(&[9, 2, 2]), rest);
        read(&bytes).map(|layers| (layers[0].version(), layers[0].extent()))
    };
    assert_eq!(layer(&[]).unwrap(), (1, 4096));
    assert_eq!(layer(&[0x78, 2, 0x28, 1]).unwrap(), (2, 1));
    // A field that is not known, of a layer and of a tile.
    assert_eq!(layer(&[0x50, 1]).unwrap(), (1, 4096));
    let extended = |number: u64| {
        let mut bytes = tile(&line(&[9, 2, 2]), &[]);
        put_number(&mut bytes, number, 1);
        read(&bytes).map(|layers| layers.len())
    };
    assert_eq!((extended(16).unwrap(), extended(8191).unwrap()), (1, 1));
    for number in [1, 2, 3, 4, 15, 8192] {
        assert!(extended(number).is_err(), "{number}");
    }
    for (rest, what) in [
        (&[0x78, 0][..], "the layer has version 0, and 1 and 2 are known"),
        (&[0x78, 3], "the layer has version 3, and 1 and 2 are known"),
        (&[0x28, 0], "the extent is 0"),
        (&[0x28, 128, 128, 128, 128, 16], "the extent is 4294967296"),
        (&[0x08, 1], "field 1 has a wrong type"),
        (&[0x2a, 0], "field 5 has a wrong type"),
        (&[0x7a, 0], "field 15 has a wrong type"),
        (&[0x22, 2, 0x40, 1], "a value has no such field 8"),
        (&[0x12, 2, 0x18, 4], "no geometry has the type 4"),
        (&[0x12, 2, 0x20, 4], "field 4 has a wrong type"),
        (&[0x1a, 1, 0xff], "a text is not UTF-8"),
    ] {
        assert_eq!(fault(&tile(&line(&[9, 2, 2]), rest)), what, "{rest:?}");
    }
    assert_eq!(fault(&[0x1a, 0]), "the layer has no name");
}

#[test]
fn each_type_of_value_is_read_and_an_empty_one_is_blank() {
    for (bytes, value) in [
        (&[0x0a, 1, b'a'][..], Value::Text("a")),
        (&[], Value::Text("")),
        (&[0x15, 0, 0, 0xc0, 0x3f], Value::Float(1.5)),
        (&[0x19, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f], Value::Double(1.5)),
        (&[0x20, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], Value::Int(-1)),
        (&[0x28, 7], Value::Uint(7)),
        (&[0x30, 3], Value::Sint(-2)),
        (&[0x38, 2], Value::Bool(true)),
        (&[0x38, 0], Value::Bool(false)),
    ] {
        assert_eq!(read_value(Reader::new(bytes)).unwrap(), value, "{bytes:?}");
    }
}
