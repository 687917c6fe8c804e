use super::*;
use crate::format::exif::byte_order::ByteOrder;
use crate::format::exif::tags::{self, pointers};
use crate::format::exif::{Dir, gps, sample, tree};

const LIMIT: usize = 65_527;

fn position(lat: f64) -> Vec<Edit> {
    gps::position_edits(&gps::Gps {
        lat: Some(lat),
        lon: Some(-0.000_001),
        altitude_m: Some(-12.5),
        processing_method: Some("interpolated".into()),
        ..Default::default()
    })
}

fn set(tag: Tag, text: &str) -> Edit {
    Edit { tag, value: Some(Value::Ascii(text.into())) }
}

fn facts(block: &[u8]) -> crate::format::exif::ExifFacts {
    crate::format::exif::read(&mut &block[..]).unwrap()
}

#[test]
fn a_position_is_added_and_nothing_else_moves() {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let (block, note_at) = sample::camera(order);
        let new = edit(Some(&block), &position(51.123_456_789), LIMIT, None).unwrap().unwrap();
        assert_eq!(new[..4], block[..4]);
        assert_eq!(new[8..block.len()], block[8..], "only the place of IFD0 differs");
        assert!(new[note_at..].starts_with(sample::MAKER_NOTE));
        let (before, after) = (facts(&block), facts(&new));
        assert!((after.gps.lat.unwrap() - 51.123_456_789).abs() < 1e-8);
        assert_eq!(after.gps.altitude_m, Some(-12.5));
        assert_eq!(after.gps.processing_method.as_deref(), Some("interpolated"));
        assert_eq!(crate::format::exif::ExifFacts { gps: before.gps.clone(), ..after }, before);
        let exif = exif::Reader::new().read_raw(new).unwrap();
        let offset = exif.get_field(exif::Tag::JPEGInterchangeFormat, exif::In::THUMBNAIL);
        let at = offset.unwrap().value.get_uint(0).unwrap() as usize;
        assert!(exif.buf()[at..].starts_with(sample::THUMBNAIL));
        assert!(exif.get_field(exif::Tag::GPSLatitude, exif::In::PRIMARY).is_some());
    }
}

#[test]
fn twice_is_once_and_the_block_does_not_grow_with_each_run() {
    let (block, _) = sample::camera(ByteOrder::Little);
    let once = edit(Some(&block), &position(51.0), LIMIT, None).unwrap().unwrap();
    assert_eq!(edit(Some(&once), &position(51.0), LIMIT, None).unwrap(), None);
    let other = edit(Some(&once), &position(-12.25), LIMIT, None).unwrap().unwrap();
    assert_eq!(other.len(), once.len());
    let long = edit(Some(&other), &[set(tags::ARTIST, &"long ".repeat(50))], LIMIT, None)
        .unwrap()
        .unwrap();
    let short = edit(Some(&long), &[set(tags::ARTIST, "short one")], LIMIT, None).unwrap().unwrap();
    assert!(short.len() < long.len());
    let back = edit(Some(&short), &position(51.0), LIMIT, None).unwrap().unwrap();
    let gone = edit(Some(&back), &[Edit { tag: tags::ARTIST, value: None }], LIMIT, None)
        .unwrap()
        .unwrap();
    assert_eq!(gone, once);
}

#[test]
fn what_fits_is_changed_at_its_place() {
    let (block, _) = sample::camera(ByteOrder::Big);
    let edits = [set(tags::DATE_TIME_ORIGINAL, "2025:12:31 23:59:59"), set(tags::MODEL, "Two")];
    let new = edit(Some(&block), &edits, LIMIT, None).unwrap().unwrap();
    assert_eq!(new.len(), block.len());
    let differing = new.iter().zip(&block).filter(|(a, b)| a != b).count();
    assert!(differing <= 14, "{differing} bytes differ");
    let original = facts(&new).original.unwrap();
    assert_eq!(original.local.to_string(), "2025-12-31 23:59:59.050");
}

#[test]
fn words_that_give_way_are_not_to_be_found_any_more() {
    let holds = |block: &[u8], text: &[u8]| block.windows(text.len()).any(|part| part == text);
    let (block, _) = sample::camera(ByteOrder::Big);
    assert!(holds(&block, b"Example"));
    for new in [Some("Bo."), Some("a name that finds no room"), None] {
        let value = new.map(|new| Value::Ascii(new.into()));
        let edits = [Edit { tag: tags::MAKE, value }];
        let new = edit(Some(&block), &edits, LIMIT, None).unwrap().unwrap();
        assert!(!holds(&new, b"Example"));
    }
}

#[test]
fn entries_that_are_out_of_order_stay_so() {
    let mut block = b"II*\0\x08\0\0\0\x02\0".to_vec();
    for tag in [0x131u16, 0x10F] {
        block.extend(tag.to_le_bytes());
        block.extend(b"\x02\0\x04\0\0\0abc\0");
    }
    block.extend([0; 4]);
    let new = edit(Some(&block), &[set(tags::ARTIST, "someone")], LIMIT, None).unwrap().unwrap();
    let tree = tree::read(&mut &new[..]).unwrap();
    let tags: Vec<u16> = tree.directories[0].entries.iter().map(|entry| entry.tag).collect();
    assert_eq!(tags, [0x131, 0x10F, 0x13B]);
}

#[test]
fn a_thumbnail_that_counts_a_byte_of_the_next_marker_keeps_it() {
    let (mut block, _) = sample::camera(ByteOrder::Little);
    let tree = tree::read(&mut &block[..]).unwrap();
    let thumbnail = tree.directory(Dir::Thumbnail).unwrap();
    let entry = thumbnail.entries.iter().find(|e| e.tag == pointers::THUMBNAIL).unwrap();
    // It ends one byte beyond the block.
    let at = (block.len() + 1 - sample::THUMBNAIL.len()) as u32;
    let place = entry.at as usize + 8;
    block[place..place + 4].copy_from_slice(&at.to_le_bytes());
    let before = [&block[at as usize..], &[0xFF]].concat();
    let new = edit(Some(&block), &position(1.0), LIMIT, None).unwrap().unwrap();
    assert!(new[at as usize..].starts_with(&before));
}

#[test]
fn a_first_exif_directory_has_what_the_standard_demands() {
    let block = edit(None, &[set(tags::MAKE, "Any")], LIMIT, None).unwrap().unwrap();
    let date = set(tags::DATE_TIME_ORIGINAL, "2025:12:31 23:59:59");
    let new = edit(Some(&block), &[date], LIMIT, Some((320, 240))).unwrap().unwrap();
    let tree = tree::read(&mut &new[..]).unwrap();
    let has = |tag| tree.entry(tag).is_some();
    assert!(has(tags::COLOR_SPACE) && has(tags::PIXEL_X_DIMENSION));
    assert!(!has(tags::X_RESOLUTION), "the main directory was there");
}

#[test]
fn a_value_that_two_tags_share_is_not_overwritten() {
    let (mut block, _) = sample::camera(ByteOrder::Big);
    // The entry of the offset now points into the date.
    let at = block.windows(4).position(|w| w == [0x90, 0x11, 0, 2]).unwrap();
    let date = tree::read(&mut &block[..]).unwrap().entry(tags::DATE_TIME_ORIGINAL).unwrap();
    block[at + 8..at + 12].copy_from_slice(&(date.value_at as u32).to_be_bytes());
    let edits = [set(tags::DATE_TIME_ORIGINAL, "2025:12:31 23:59:59")];
    let new = edit(Some(&block), &edits, LIMIT, None).unwrap().unwrap();
    assert!(new.len() > block.len());
    assert_eq!(new[date.value_at as usize..block.len()], block[date.value_at as usize..]);
}

#[test]
fn a_block_is_made_from_nothing_and_emptied_again() {
    let edits = [set(tags::DATE_TIME_ORIGINAL, "2024:05:01 12:30:45"), set(tags::MAKE, "Any")];
    let new = edit(None, &edits, LIMIT, None).unwrap().unwrap();
    let exif = exif::Reader::new().read_raw(new.clone()).unwrap();
    assert!(exif.get_field(exif::Tag::ExifVersion, exif::In::PRIMARY).is_some());
    assert_eq!(facts(&new).make.as_deref(), Some("Any"));
    assert_eq!(edit(None, &[], LIMIT, None).unwrap(), None);
    let removals = edits.map(|edit| Edit { value: None, ..edit });
    assert_eq!(edit(None, &removals, LIMIT, None).unwrap(), None);
}

#[test]
fn what_does_not_fit_is_an_error() {
    let (block, _) = sample::camera(ByteOrder::Big);
    let edits = [set(tags::ARTIST, &"x".repeat(70_000))];
    assert!(
        edit(Some(&block), &edits, LIMIT, None).unwrap_err().what.contains("at most 65527 fit")
    );
}

#[test]
fn a_cut_block_gives_what_is_there_and_is_never_changed_for_the_worse() {
    let (block, _) = sample::camera(ByteOrder::Little);
    for end in 0..block.len() {
        let cut = &block[..end];
        if let Ok(facts) = crate::format::exif::read(&mut &cut[..]) {
            assert!(end > 100 || facts.make.is_none());
        }
        if let Ok(Some(new)) = edit(Some(cut), &position(1.0), LIMIT, None) {
            assert_eq!(new[8..end], cut[8..]);
        }
    }
    let make_ends = block.windows(8).position(|w| w == b"Example\0").unwrap() + 8;
    assert_eq!(facts(&block[..make_ends]).make.as_deref(), Some("Example"));
    assert!(!facts(&block[..make_ends]).faults.is_empty());
}

#[test]
fn broken_blocks_neither_panic_nor_grow_without_bound() {
    let mut random = fastrand::Rng::with_seed(7);
    let tagged = edit(Some(&sample::camera(ByteOrder::Little).0), &position(51.0), LIMIT, None)
        .unwrap()
        .unwrap();
    for _ in 0..20_000 {
        let mut block = tagged.clone();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..block.len());
            block[at] = random.u8(..);
        }
        let _ = crate::format::exif::read(&mut &block[..]);
        let mut edits = position(9.0);
        edits.push(set(tags::DATE_TIME_ORIGINAL, "2025:12:31 23:59:59"));
        if let Ok(Some(new)) = edit(Some(&block), &edits, LIMIT, None) {
            assert!(new.len() < 3 * block.len());
            assert_eq!(edit(Some(&new), &edits, LIMIT, None).unwrap(), None, "twice is once");
        }
    }
}

#[test]
fn a_reference_that_other_programs_cannot_read_is_written_anew_with_its_group() {
    let right = edit(None, &position(51.0), LIMIT, None).unwrap().unwrap();
    for (tag, wrong) in [
        (tags::GPS_LONGITUDE_REF, " W"),
        (tags::GPS_LONGITUDE_REF, "W "),
        (tags::GPS_LONGITUDE_REF, "w"),
        (tags::GPS_LATITUDE_REF, "North"),
        (tags::GPS_LATITUDE_REF, ""),
    ] {
        let mut edits = position(51.0);
        edits.iter_mut().filter(|edit| edit.tag == tag).for_each(|edit| *edit = set(tag, wrong));
        let odd = edit(None, &edits, LIMIT, None).unwrap().unwrap();
        let new = edit(Some(&odd), &position(51.0), LIMIT, None).unwrap().unwrap();
        assert_eq!(new, right, "{wrong:?}");
    }
    let odd = edit(None, &[set(tags::GPS_IMG_DIRECTION_REF, "t")], LIMIT, None).unwrap().unwrap();
    let north = gps::direction_edits(gps::Direction { deg: 90.0, magnetic: false });
    let new = edit(Some(&odd), &north, LIMIT, None).unwrap().unwrap();
    let tree = tree::read(&mut &new[..]).unwrap();
    let entry = tree.entry(tags::GPS_IMG_DIRECTION_REF).unwrap();
    assert_eq!(tree.raw(&mut &new[..], &entry).unwrap().unwrap().bytes, b"T\0");
}

#[test]
fn a_tag_that_is_there_twice_is_there_once_when_it_is_set() {
    let block = edit(None, &[set(tags::MAKE, "One"), set(tags::MODEL, "Two")], LIMIT, None);
    let mut block = block.unwrap().unwrap();
    // Makes the model a second make.
    let model = tags::MODEL.number.to_be_bytes();
    let at = block.windows(4).position(|part| part == [model, [0, 2]].concat()).unwrap();
    block[at..at + 2].copy_from_slice(&tags::MAKE.number.to_be_bytes());
    let makes = |block: &[u8]| {
        let tree = tree::read(&mut &block[..]).unwrap();
        let directory = tree.directory(Dir::Main).unwrap();
        directory.entries.iter().filter(|entry| entry.tag == tags::MAKE.number).count()
    };
    assert_eq!(makes(&block), 2);
    let new = edit(Some(&block), &[set(tags::MAKE, "One")], LIMIT, None).unwrap().unwrap();
    assert_eq!((makes(&new), facts(&new).make.as_deref()), (1, Some("One")));
    assert_eq!(edit(Some(&new), &[set(tags::MAKE, "One")], LIMIT, None).unwrap(), None);
}
