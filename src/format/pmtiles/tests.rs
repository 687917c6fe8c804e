use std::io::{Cursor, Read};

use super::*;

fn tile(z: u8, x: u32, y: u32) -> Tile {
    Tile::new(z, x, y).expect("a tile")
}

#[test]
fn ids_are_those_of_the_specification() {
    for (z, x, y, id) in [
        (0, 0, 0, 0),
        (1, 0, 0, 1),
        (1, 0, 1, 2),
        (1, 1, 1, 3),
        (1, 1, 0, 4),
        (2, 0, 0, 5),
        (12, 3423, 1763, 19_078_479),
    ] {
        assert_eq!(tile_id(tile(z, x, y)), id, "{z}/{x}/{y}");
    }
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).expect("gzip");
    out
}

fn number(bytes: &[u8], at: usize) -> usize {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes")) as usize
}

/// The columns of a directory: ids, runs, lengths, offsets.
fn read(packed: &[u8]) -> Vec<[u64; 4]> {
    let bytes = unpacked(packed);
    let mut rest = bytes.iter();
    let mut next = || {
        let (mut number, mut shift) = (0u64, 0);
        loop {
            let byte = *rest.next().expect("a byte");
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return number;
            }
        }
    };
    let count = next() as usize;
    let mut columns = [(); 4].map(|()| (0..count).map(|_| next()).collect::<Vec<u64>>());
    for at in 1..count {
        columns[0][at] += columns[0][at - 1];
    }
    (0..count).map(|at| [0, 1, 2, 3].map(|column| columns[column][at])).collect()
}

#[test]
fn each_tile_is_found_as_a_reader_looks_for_it() {
    for side in [2u32, 160] {
        let mut file = Cursor::new(Vec::new());
        let mut writer = Writer::new(&mut file).expect("a writer");
        for x in 0..side {
            for y in 0..side {
                writer.add(tile(14, x, y), format!("tile {x} {y}").as_bytes()).expect("a tile");
            }
        }
        let about = About {
            min_zoom: 14,
            max_zoom: 14,
            bounds_deg: [-1.5, 2.0, 3.0, 4.0],
            metadata: "{}".into(),
        };
        assert_eq!(writer.finish(&about).expect("an end"), u64::from(side * side));
        let bytes = file.into_inner();
        assert_eq!(&bytes[..8], b"PMTiles\x03");
        let part = |at: usize| &bytes[number(&bytes, at)..][..number(&bytes, at + 8)];
        assert_eq!(unpacked(part(24)), b"{}");
        assert!(number(&bytes, 8) + number(&bytes, 16) <= 16 * 1024);
        let (leaves, tiles) = (part(40), part(56));
        for (x, y) in [(0, 0), (side - 1, 0), (side / 2, side - 1)] {
            let id = tile_id(tile(14, x, y));
            let mut directory = read(part(8));
            let found = loop {
                let at = directory.partition_point(|[own, ..]| *own <= id) - 1;
                let [_, run, length, offset] = directory[at];
                let place = offset as usize - 1;
                if run == 1 {
                    break &tiles[place..place + length as usize];
                }
                directory = read(&leaves[place..place + length as usize]);
            };
            assert_eq!(unpacked(found), format!("tile {x} {y}").as_bytes(), "{x} {y}");
        }
    }
}
