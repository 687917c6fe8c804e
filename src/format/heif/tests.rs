use std::ops::Range;

use super::*;

fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(8 + content.len() as u32).to_be_bytes()[..], name, content].concat()
}

/// A meta box with EXIF and XMP in its own idat.
fn sample() -> Vec<u8> {
    let exif = b"\0\0\0\x06Exif\0\0II*\0";
    let infe =
        |id: u8, kind: &[u8]| boxed(b"infe", &[b"\x02\0\0\0\0", &[id][..], b"\0\0", kind].concat());
    let iinf =
        [&b"\0\0\0\0\0\x02"[..], &infe(2, b"Exif\0"), &infe(3, b"mime\0application/rdf+xml\0")]
            .concat();
    let place = |id: u8, at: u8, len: u8| [0, id, 0, 1, 0, 0, 0, 1, 0, 0, 0, at, 0, 0, 0, len];
    let iloc = [&b"\x01\0\0\0\x44\0\0\x02"[..], &place(2, 0, 14), &place(3, 14, 4)].concat();
    let ispe = boxed(b"ispe", b"\0\0\0\0\0\0\x01\x40\0\0\0\xF0");
    let ipma = boxed(b"ipma", b"\0\0\0\0\0\0\0\x01\0\x01\x01\x81");
    let iprp = [boxed(b"ipco", &ispe), ipma].concat();
    let meta = [
        b"\0\0\0\0".to_vec(),
        boxed(b"pitm", b"\0\0\0\0\0\x01"),
        boxed(b"iinf", &iinf),
        boxed(b"iprp", &iprp),
        boxed(b"iloc", &iloc),
        boxed(b"idat", &[&exif[..], b"<x/>"].concat()),
    ]
    .concat();
    [boxed(b"ftyp", b"heic\0\0\0\0mif1"), boxed(b"meta", &meta)].concat()
}

#[test]
fn items_are_found_through_the_meta_box() {
    let file = sample();
    let layout = read(&mut &file[..]).unwrap();
    let part = |range: Range<u64>| &file[range.start as usize..range.end as usize];
    assert_eq!(layout.size, Some((320, 240)));
    assert_eq!(part(layout.exif.unwrap()), b"II*\0");
    assert_eq!(part(layout.xmp.unwrap()), b"<x/>");
}

#[test]
fn any_bytes_are_read_or_refused() {
    let file = sample();
    for end in 0..file.len() {
        let _ = read(&mut &file[..end]);
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let mut broken = file.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..broken.len());
            broken[at] = random.u8(..);
        }
        let _ = read(&mut &broken[..]);
    }
}
