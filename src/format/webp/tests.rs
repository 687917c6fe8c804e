use super::*;
use crate::format::metadata_container;

fn tagged(file: &[u8], exif: &[u8], xmp: &[u8]) -> Vec<u8> {
    let chunks = read(&mut &file[..]).unwrap();
    let splices = chunks.splices(Some(exif), Some(xmp)).unwrap();
    metadata_container::joined(&metadata_container::pieces(splices, file.len() as u64), file)
}

#[test]
fn metadata_goes_behind_the_pixels_and_is_replaced_there() {
    let file = [sample(), b"tail".to_vec()].concat();
    let once = tagged(&file, b"II*\0odd", b"<x/>");
    let chunks = read(&mut &once[..]).unwrap();
    assert!(chunks.is_whole && chunks.layout.faults.is_empty());
    assert_eq!(chunks.layout.size, Some((320, 240)));
    let range = chunks.layout.exif.unwrap();
    assert_eq!(&once[range.start as usize..range.end as usize], b"II*\0odd");
    assert_eq!(chunks.flags, Some(HAS_EXIF | HAS_XMP));
    assert!(once.ends_with(b"<x/>tail"));
    assert_eq!(tagged(&once, b"II*\0odd", b"<x/>"), once);
    assert_eq!(tagged(&once, b"longer than before", b"<y/>").len(), once.len() + 10);
}

#[test]
fn pixels_alone_get_their_metadata_around_them() {
    let metadata = Metadata {
        icc: Some(b"profile".to_vec()),
        exif: Some(b"II*\0odd".to_vec()),
        xmp: Some(b"<x/>".to_vec()),
    };
    let file = with_metadata(&sample(), &metadata).unwrap();
    let chunks = read(&mut &file[..]).unwrap();
    assert!(chunks.is_whole && chunks.layout.faults.is_empty());
    assert_eq!(chunks.flags, Some(HAS_ICC | HAS_EXIF | HAS_XMP));
    assert_eq!(&file[30..38], b"ICCP\x07\0\0\0");
    let part = |range: Range<u64>| &file[range.start as usize..range.end as usize];
    assert_eq!(part(chunks.layout.exif.unwrap()), b"II*\0odd");
    assert_eq!(part(chunks.layout.xmp.unwrap()), b"<x/>");
    assert_eq!(with_metadata(&sample(), &Metadata::default()).unwrap(), sample());
}

#[test]
fn a_cut_file_is_not_whole_and_not_changed() {
    let file = tagged(&sample(), b"II*\0even", b"<x/>");
    for end in 12..file.len() {
        let chunks = read(&mut &file[..end]).unwrap();
        assert!(!chunks.is_whole, "cut at {end}");
        assert!(chunks.splices(Some(b"x"), None).is_err());
    }
}

#[test]
fn broken_files_do_not_panic() {
    let mut random = fastrand::Rng::with_seed(7);
    let file = tagged(&sample(), b"II*\0even", b"<x/>");
    for _ in 0..20_000 {
        let mut broken = file.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..broken.len());
            broken[at] = random.u8(..);
        }
        if let Ok(chunks) = read(&mut &broken[..]) {
            let _ = chunks.splices(Some(b"new"), Some(b"<z/>"));
        }
    }
}
