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

#[test]
fn the_header_has_each_number_at_its_place() {
    let mut file = Cursor::new(Vec::new());
    let mut writer = Writer::new(&mut file).expect("a writer");
    // In another order than that of the ids.
    writer.add(tile(3, 5, 2), b"second").expect("a tile");
    writer.add(tile(2, 1, 1), b"first").expect("a tile");
    let about = About {
        min_zoom: 2,
        max_zoom: 3,
        bounds_deg: [-8.3, 47.1, 8.4, 47.3],
        metadata: "{\"name\":\"a\"}".into(),
    };
    assert_eq!(writer.finish(&about).expect("an end"), 2);
    let bytes = file.into_inner();
    // Section 3: root, metadata, leaves and tiles, each with its length; tiles, entries and contents.
    let numbers: [usize; 11] = std::array::from_fn(|n| number(&bytes, 8 + 8 * n));
    let [root, root_len, metadata, metadata_len, leaves, leaves_len, tiles, tiles_len, counts @ ..] =
        numbers;
    assert_eq!((root, tiles, metadata), (127, 16 * 1024, 16 * 1024 + tiles_len));
    assert_eq!((leaves, leaves_len), (metadata + metadata_len, 0));
    assert_eq!((bytes.len(), counts), (leaves, [2, 2, 2]));
    // Not clustered, gzip, gzip, vector tiles, zooms.
    assert_eq!(bytes[96..102], [0, 2, 2, 1, 2, 3]);
    let e7 = |at: usize| i32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    assert_eq!([102, 106, 110, 114].map(e7), [-83_000_000, 471_000_000, 84_000_000, 473_000_000]);
    assert_eq!((bytes[118], [119, 123].map(e7)), (2, [500_000, 472_000_000]));
    assert_eq!(unpacked(&bytes[metadata..metadata + metadata_len]), b"{\"name\":\"a\"}");
    let entries = read(&bytes[root..root + root_len]);
    assert_eq!(entries.iter().map(|[id, ..]| *id).collect::<Vec<_>>(), [7, 76]);
    let texts = entries.iter().map(|&[_, run, length, offset]| {
        assert_eq!(run, 1);
        let from = tiles + offset as usize - 1;
        String::from_utf8(unpacked(&bytes[from..from + length as usize])).expect("text")
    });
    assert_eq!(texts.collect::<Vec<_>>(), ["first", "second"]);
}

#[test]
fn ids_follow_the_curve_tile_by_tile_and_count_each_once() {
    for z in 0..6 {
        let side = 1 << z;
        let below: u64 = (0..z).map(|z| 1u64 << (2 * z)).sum();
        let mut all: Vec<(u64, i64, i64)> = (0..side)
            .flat_map(|x| (0..side).map(move |y| (x, y)))
            .map(|(x, y)| (tile_id(tile(z, x, y)), i64::from(x), i64::from(y)))
            .collect();
        all.sort_unstable();
        for (n, (id, ..)) in (0..).zip(&all) {
            assert_eq!(*id, below + n);
        }
        // Neighbours on a Hilbert curve are neighbours on the map.
        let steps =
            all.windows(2).map(|two| (two[0].1 - two[1].1).abs() + (two[0].2 - two[1].2).abs());
        assert!(steps.into_iter().all(|step| step == 1), "zoom {z}");
    }
}
