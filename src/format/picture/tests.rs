use std::io::Cursor;

use super::*;
use crate::format::exif::byte_order::ByteOrder;
use crate::format::exif::{gps, sample};

const PIXELS: &[u8] =
    b"\xFF\xC0\0\x0B\x08\0\xF0\x01\x40\x01\x01\x11\0\xFF\xDA\0\x02pixels\xFF\0.\xFF\xD9";
const TAIL: &[u8] = b"\xFF\xD8second picture\xFF\xD9";

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let len = (content.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker], &len[..], content].concat()
}

/// JFIF, EXIF with a maker note, an index of two pictures, pixels, and a second picture.
fn camera_file() -> Vec<u8> {
    let block = sample::camera(ByteOrder::Little).0;
    let mut file = b"\xFF\xD8".to_vec();
    file.extend(segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
    file.extend(segment(0xE1, &[b"Exif\0\0", &block[..]].concat()));
    let header = file.len() as u32 + 8;
    let second = header + 58 + PIXELS.len() as u32 - header;
    let numbers =
        [0x20_0000, header + 58 + PIXELS.len() as u32, 0, 0, 0, TAIL.len() as u32, second, 0];
    let mut index =
        b"MPF\0MM\0*\0\0\0\x08\0\x01\xB0\x02\0\x07\0\0\0\x20\0\0\0\x1A\0\0\0\0".to_vec();
    index.extend(numbers.iter().flat_map(|number: &u32| number.to_be_bytes()));
    file.extend(segment(0xE2, &index));
    [&file[..], PIXELS, TAIL].concat()
}

fn edits() -> Vec<exif::Edit> {
    let place = gps::Gps { lat: Some(51.5), lon: Some(-0.1), ..Default::default() };
    gps::position_edits(&place)
}

fn words() -> [xmp::Edit; 1] {
    let value = Some(xmp::Set::Text("equirectangular".into()));
    [xmp::Edit { namespace: xmp::GPANO, name: "ProjectionType", value }]
}

fn tagged(file: &[u8]) -> Option<Vec<u8>> {
    let mut picture = Picture::open(Cursor::new(file)).unwrap();
    let pieces = picture.edit(&edits(), &words()).unwrap()?;
    Some(metadata_container::joined(&pieces, file))
}

fn facts(file: &[u8]) -> PictureFacts {
    Picture::open(Cursor::new(file)).unwrap().facts().unwrap()
}

#[test]
fn a_camera_file_gets_a_position_and_keeps_the_rest() {
    let file = camera_file();
    let new = tagged(&file).unwrap();
    let (before, after) = (facts(&file), facts(&new));
    assert_eq!(after.faults, []);
    assert_eq!((after.size, after.exif.gps.lat), (Some((320, 240)), Some(51.5)));
    assert_eq!(after.exif.original, before.exif.original);
    assert_eq!(after.xmp.text(xmp::GPANO, "ProjectionType"), Some("equirectangular"));
    assert!(new.ends_with(&[PIXELS, TAIL].concat()));
    assert_eq!(tagged(&new), None, "twice is once");
}

#[test]
fn the_index_of_pictures_follows_the_growth() {
    let new = tagged(&camera_file()).unwrap();
    let at = new.windows(4).position(|bytes| bytes == b"MPF\0").unwrap() + 4;
    let number =
        |from: usize| u32::from_be_bytes(*new[at + from..].first_chunk().unwrap()) as usize;
    assert_eq!(new.len() - TAIL.len(), number(26 + 4), "length of the first picture");
    assert!(new[at + number(26 + 16 + 8)..].starts_with(TAIL));
}

#[test]
fn a_preview_behind_the_picture_is_found_by_the_maker_s_note_as_before() {
    let mut file = camera_file();
    let preview = [&b"\0\xD8\xFF\xDB"[..], &[7; 400], b"\xFF\xD9"].concat();
    let block = file.windows(4).position(|bytes| bytes == b"II*\0").unwrap();
    let place = (file.len() - block) as u32;
    let note_at = file.windows(8).position(|bytes| bytes == &sample::MAKER_NOTE[..8]).unwrap();
    let numbers = [place.to_le_bytes(), (preview.len() as u32).to_le_bytes()].concat();
    file[note_at + 4..note_at + 12].copy_from_slice(&numbers);
    file.extend(&preview);
    for words in [&words()[..], &[]] {
        let mut picture = Picture::open(Cursor::new(&file)).unwrap();
        let exif = if words.is_empty() { edits() } else { Vec::new() };
        let new = metadata_container::joined(&picture.edit(&exif, words).unwrap().unwrap(), &file);
        assert!(new.len() > file.len());
        let note = &new[note_at + 4..];
        let place = u32::from_le_bytes(*note.first_chunk().unwrap()) as usize;
        assert_eq!(new[block + place..], preview, "it lies at the end");
        assert_eq!(note[4..8], numbers[4..]);
    }
}

#[test]
fn xmp_that_goes_on_in_other_segments_is_read_and_keeps_its_link() {
    const GUID: &[u8; 32] = b"0123456789ABCDEF0123456789ABCDEF";
    let rdf = |words: &str| {
        format!(
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description {words}/></r:RDF>"
        )
    };
    let link = format!(
        "xmlns:n='http://ns.adobe.com/xmp/note/' n:HasExtendedXMP='{}'",
        std::str::from_utf8(GUID).unwrap()
    );
    let long = rdf("xmlns:d='http://purl.org/dc/elements/1.1/' d:source='far'");
    let part = |at: usize, bytes: &[u8]| {
        let numbers = [long.len(), at].map(|number| (number as u32).to_be_bytes()).concat();
        let name = b"http://ns.adobe.com/xmp/extension/\0";
        segment(0xE1, &[&name[..], GUID, &numbers, bytes].concat())
    };
    let (one, two) = long.as_bytes().split_at(40);
    let main = [b"http://ns.adobe.com/xap/1.0/\0", rdf(&link).as_bytes()].concat();
    let parts = [segment(0xE1, &main), part(40, two), part(0, one)].concat();
    let file = [b"\xFF\xD8", &parts[..], PIXELS].concat();
    assert_eq!(facts(&file).xmp.text(xmp::DC, "source"), Some("far"));
    let new = tagged(&file).unwrap();
    assert_eq!(facts(&new).xmp.text(xmp::DC, "source"), Some("far"));
    assert_eq!(facts(&new).xmp.text(xmp::GPANO, "ProjectionType"), Some("equirectangular"));
    let half = [b"\xFF\xD8", &segment(0xE1, &main)[..], &part(40, two), PIXELS].concat();
    assert_eq!(facts(&half).xmp.text(xmp::DC, "source"), None);
    assert!(!facts(&half).faults.is_empty());
}

#[test]
fn exif_that_stands_twice_is_read_once_and_not_changed() {
    let block = segment(0xE1, &[b"Exif\0\0", &sample::camera(ByteOrder::Big).0[..]].concat());
    let file = [b"\xFF\xD8", &block[..], &block, PIXELS].concat();
    let found = facts(&file);
    assert_eq!(found.exif.make.as_deref(), Some("Example"));
    assert!(found.faults.iter().any(|fault| fault.what.contains("second EXIF segment")));
    let mut picture = Picture::open(Cursor::new(&file)).unwrap();
    let why = picture.edit(&edits(), &[]).unwrap_err().to_string();
    assert!(why.contains("EXIF in several segments is not changed"), "{why}");
    assert!(picture.edit(&[], &words()).unwrap().is_some(), "XMP can be");
}

#[test]
fn a_file_without_metadata_gets_a_block_of_its_own() {
    let file = [b"\xFF\xD8", PIXELS].concat();
    let new = tagged(&file).unwrap();
    let facts = facts(&new);
    assert_eq!((facts.exif.gps.lon, facts.size), (Some(-0.1), Some((320, 240))));
    assert_eq!(facts.exif.orientation, None);
    assert_eq!(tagged(&new), None);
    let webp = tagged(&webp::sample()).unwrap();
    assert_eq!(tagged(&webp), None);
}

#[test]
fn a_file_cut_inside_its_exif_gives_what_is_there_and_is_not_changed() {
    let file = camera_file();
    for end in 3..file.len() {
        let Ok(mut picture) = Picture::open(Cursor::new(&file[..end])) else { continue };
        let facts = picture.facts().unwrap();
        let head_ends = file.len() - PIXELS.len() - TAIL.len();
        assert!(end >= head_ends || !facts.faults.is_empty(), "cut at {end}");
        let _ = picture.edit(&edits(), &words());
    }
    let make_ends = file.windows(8).position(|bytes| bytes == b"Example\0").unwrap() + 8;
    assert_eq!(facts(&file[..make_ends]).exif.make.as_deref(), Some("Example"));
}

#[test]
fn broken_files_neither_panic_nor_lose_their_pixels() {
    let mut random = fastrand::Rng::with_seed(7);
    let file = camera_file();
    for _ in 0..10_000 {
        let mut broken = file.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(2..file.len() - TAIL.len() - PIXELS.len());
            broken[at] = random.u8(..);
        }
        let Ok(mut picture) = Picture::open(Cursor::new(&broken)) else { continue };
        let _ = picture.facts();
        if let Ok(Some(pieces)) = picture.edit(&edits(), &words()) {
            assert!(
                metadata_container::joined(&pieces, &broken).ends_with(&[PIXELS, TAIL].concat())
            );
        }
    }
}
