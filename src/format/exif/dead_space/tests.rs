//! Tests of blocks that have reached their maximum size.

use crate::format::exif::byte_order::ByteOrder;
use crate::format::exif::tree;
use crate::format::exif::{Edit, ExifFacts, Value, edit, gps, read, sample, tags};

fn position(lat: f64) -> Vec<Edit> {
    gps::position_edits(&gps::Gps {
        lat: Some(lat),
        lon: Some(-0.000_001),
        processing_method: Some("interpolated".into()),
        ..Default::default()
    })
}

fn facts(block: &[u8]) -> ExifFacts {
    read(&mut &block[..]).unwrap()
}

/// Tags a block that must not grow, and checks that everything else in it is unchanged.
#[track_caller]
fn tagged(block: &[u8]) -> Result<Vec<u8>, String> {
    let new = edit(Some(block), &position(51.5), block.len(), None).map_err(|error| error.what)?;
    let new = new.unwrap();
    assert_eq!(new.len(), block.len());
    let (before, after) = (facts(block), facts(&new));
    assert_eq!(after.gps.lat, Some(51.5));
    assert_eq!(ExifFacts { gps: before.gps.clone(), ..after }, before);
    let thumbnail = |block: &[u8]| crate::format::exif::thumbnail::read(&mut &block[..]).unwrap();
    assert_eq!(thumbnail(&new), thumbnail(block));
    assert_eq!(edit(Some(&new), &position(51.5), block.len(), None), Ok(None), "twice is once");
    let other = edit(Some(&new), &position(-1.25), block.len(), None).unwrap().unwrap();
    assert_eq!((other.len(), facts(&other).gps.lat), (block.len(), Some(-1.25)));
    let gone: Vec<Edit> =
        position(0.0).into_iter().map(|edit| Edit { value: None, ..edit }).collect();
    let back = edit(Some(&new), &gone, block.len(), None).unwrap().unwrap();
    assert_eq!(facts(&back), before);
    Ok(new)
}

fn zeros(block: &[u8], len: usize) -> Vec<u8> {
    [block, &vec![0; len]].concat()
}

#[test]
fn zeros_at_the_end_are_used_and_nothing_else_moves() {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let (block, note_at) = sample::camera(order);
        let full = zeros(&block, 600);
        let new = tagged(&full).unwrap();
        assert!(new[note_at..].starts_with(sample::MAKER_NOTE));
        // The tables of IFD0 and Exif may have moved; the rest is unchanged.
        assert_eq!(new[8 + 108..block.len()], block[8 + 108..]);
        assert!(tagged(&zeros(&block, 100)).unwrap_err().contains("at most"));
    }
}

#[test]
fn zeros_between_values_are_used() {
    let (block, _) = sample::camera(ByteOrder::Little);
    let between = [&zeros(&block, 700)[..], b"something that nobody knows"].concat();
    let new = tagged(&between).unwrap();
    assert!(new.ends_with(b"\0\0\0\0something that nobody knows"));
}

/// A block with one more entry in IFD0, whose value is at the end.
fn with_entry(tag: u16, kind: u16, value: &[u8]) -> Vec<u8> {
    let (block, _) = sample::camera(ByteOrder::Little);
    let tree = tree::read(&mut &block[..]).unwrap();
    let main = &tree.directories[0];
    let (count, at) = (main.entries.len(), main.at as usize);
    let (table, value_at) = (block.len(), block.len() + 6 + 12 * (count + 1));
    let mut new = block.clone();
    new[4..8].copy_from_slice(&(table as u32).to_le_bytes());
    new.extend((count as u16 + 1).to_le_bytes());
    new.extend(&block[at + 2..at + 2 + 12 * count]);
    new.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
    new.extend((value.len() as u32).to_le_bytes());
    new.extend((value_at as u32).to_le_bytes());
    new.extend(main.next.to_le_bytes());
    [&new[..], value].concat()
}

#[test]
fn padding_of_windows_is_used_up() {
    let padding = [&b"\x1C\xEA\0\0\0\x08"[..], &[0; 800]].concat();
    let new = tagged(&with_entry(0xEA1C, 7, &padding)).unwrap();
    let tree = tree::read(&mut &new[..]).unwrap();
    assert!(tree.directories[0].entries.iter().all(|entry| entry.tag != 0xEA1C));
    // Zeros that are the value of a tag.
    assert!(tagged(&with_entry(0xC6D2, 7, &padding)).unwrap_err().contains("at most"));
}

#[test]
fn old_copies_of_directories_are_used() {
    let place = edit(Some(&sample::camera(ByteOrder::Little).0), &position(1.0), 65_527, None);
    let block = place.unwrap().unwrap();
    // Programs that append leave the old data behind: here IFD0 and GPS, many times.
    let mut old = block.clone();
    for number in 0..6 {
        let tree = tree::read(&mut &old[..]).unwrap();
        let at = old.len() as u32;
        let [main, gps] = [super::Dir::Main, super::Dir::Gps].map(|dir| {
            let directory = tree.directory(dir).unwrap();
            let end = directory.at as usize + 6 + 12 * directory.entries.len();
            old[directory.at as usize..end].to_vec()
        });
        let mut main = main;
        let pointer = main.windows(4).position(|bytes| bytes == [0x25, 0x88, 4, 0]).unwrap();
        let gps_at = at + main.len() as u32 + number * 2;
        main[pointer + 8..pointer + 12].copy_from_slice(&gps_at.to_le_bytes());
        old[4..8].copy_from_slice(&at.to_le_bytes());
        old.extend(main);
        old.resize(gps_at as usize, 0xFF);
        old.extend(gps);
    }
    let long = "long ".repeat(30);
    let artist = [Edit { tag: tags::ARTIST, value: Some(Value::Ascii(long.clone())) }];
    let new = edit(Some(&old), &artist, old.len(), None).unwrap().unwrap();
    assert_eq!(new.len(), old.len());
    let (before, after) = (facts(&old), facts(&new));
    assert_eq!(after.artist.as_deref(), Some(long.trim_end()));
    assert_eq!(ExifFacts { artist: None, ..after }, before);
}

#[test]
fn zeros_that_something_points_to_are_left_alone() {
    let (block, note_at) = sample::camera(ByteOrder::Little);
    let end = block.len() as u32;
    // A thumbnail of black pixels, uncompressed.
    let thumbnail =
        |tag: u16| block.windows(4).position(|b| b == [&tag.to_le_bytes()[..], b"\x04\0"].concat());
    let mut strips = zeros(&block, 700);
    for (tag, new, number) in [(0x0201, 0x0111u16, end), (0x0202, 0x0117, 700)] {
        let at = thumbnail(tag).unwrap();
        strips[at..at + 2].copy_from_slice(&new.to_le_bytes());
        strips[at + 8..at + 12].copy_from_slice(&number.to_le_bytes());
    }
    assert!(tagged(&strips).unwrap_err().contains("at most"));
    // A maker note whose directory points to the zeros, with either base for its offsets.
    for base in [0, note_at as u32] {
        let mut note = zeros(&block, 700);
        let entry =
            [&b"\x01\0\x01\0\x07\0"[..], &700u32.to_le_bytes(), &(end - base).to_le_bytes()];
        note[note_at..note_at + 14].copy_from_slice(&entry.concat());
        assert!(tagged(&note).unwrap_err().contains("at most"), "{base}");
    }
}

#[test]
fn a_full_block_that_is_broken_is_never_made_longer_or_worse() {
    let mut random = fastrand::Rng::with_seed(9);
    let (block, _) = sample::camera(ByteOrder::Little);
    let block = edit(Some(&block), &position(51.0), 65_527, None).unwrap().unwrap();
    let full = zeros(&block, 500);
    for _ in 0..10_000 {
        let mut block = full.clone();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..block.len());
            block[at] = random.u8(..);
        }
        let mut edits = position(9.0);
        edits.push(Edit { tag: tags::ARTIST, value: Some(Value::Ascii("some one".into())) });
        if let Ok(Some(new)) = edit(Some(&block), &edits, block.len(), None) {
            assert!(new.len() <= block.len());
            assert_eq!(edit(Some(&new), &edits, block.len(), None), Ok(None), "twice is once");
        }
    }
}

#[test]
fn room_is_taken_at_even_offsets_from_the_first_range_that_is_long_enough() {
    let mut room = super::Room(vec![3..10, 20..40]);
    let taken = [6, 1, 20, 18, 1].map(|len| room.take(len));
    assert_eq!(taken, [Some(4), Some(20), None, Some(22), None]);
}

#[test]
fn what_is_not_used_lies_between_what_is() {
    let used = vec![6..8, 0..2, 2..3, 6..7, 20..30];
    assert_eq!(super::joined(used.clone()), [0..3, 6..8, 20..30]);
    assert_eq!(super::between(used, 40), [3..6, 8..20, 30..40]);
    assert_eq!(super::between(vec![4..8, 10..50], 20), [0..4, 8..10], "values that end behind it");
    assert_eq!(super::between(vec![30..40], 20), [0..20]);
}

#[test]
fn long_runs_of_zeros_are_free_but_for_sixteen_bytes_at_each_side() {
    // Zeros from 1 to 64, 65 to 129, and 130 to 230.
    let mut base = vec![0; 230];
    [0, 64, 129].into_iter().for_each(|at| base[at] = 1);
    for (gap, runs) in [
        (0..230, &[81..113, 146..230][..]),
        (0..200, &[81..113, 146..184]),
        (1..64, &[]),
        (66..129, &[]),
        (130..194, &[146..178]),
        (130..193, &[]),
    ] {
        assert_eq!(super::runs_of_zeros(&base, &gap), runs, "{gap:?}");
    }
}

#[test]
fn zeros_are_only_free_if_all_directories_are_known() {
    let directory = |dir, next, entries| tree::Directory { dir, at: 8, entries, next, whole: true };
    let entry = |tag, kind| tree::IfdEntry {
        tag,
        kind,
        count: 1,
        at: 10,
        field: [0; 4],
        value_at: 18,
        len: 4,
    };
    for (dir, next, tag, kind, is_known) in [
        (super::Dir::Main, 0, 0x0110, 2, true),
        (super::Dir::Main, 99, 0x0110, 2, true),
        (super::Dir::Exif, 99, 0x0110, 2, false),
        (super::Dir::Thumbnail, 99, 0x0110, 2, false),
        (super::Dir::Sub, 0, 0x0110, 2, false),
        // A pointer that is known, one that is not, and a type that is not.
        (super::Dir::Main, 0, 0x8769, 13, true),
        (super::Dir::Main, 0, 0x8768, 13, false),
        (super::Dir::Main, 0, 0x0110, 99, false),
    ] {
        let entries = vec![entry(0x010F, 2), entry(tag, kind)];
        let directories = vec![directory(dir, next, entries)];
        let tree = tree::Tree { order: ByteOrder::Little, directories, faults: Vec::new() };
        assert_eq!(super::is_all_known(&tree), is_known, "{dir:?} {next} {tag:#x} {kind}");
    }
}
