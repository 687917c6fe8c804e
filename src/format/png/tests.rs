use super::*;

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32).to_be_bytes()[..], name, content, b"crc!"].concat()
}

fn sample() -> Vec<u8> {
    let size = [&320u32.to_be_bytes()[..], &240u32.to_be_bytes(), b"\x08\x02\0\0\0"].concat();
    [
        SIGNATURE.to_vec(),
        chunk(b"IHDR", &size),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"),
        chunk(b"IDAT", b"pixels"),
        chunk(b"eXIf", b"II*\0\x08\0\0\0\0\0"),
        chunk(b"IEND", b""),
    ]
    .concat()
}

#[test]
fn metadata_is_found_before_and_behind_the_pixels() {
    let file = sample();
    let layout = read(&mut &file[..]).unwrap();
    assert_eq!(layout.size, Some((320, 240)));
    let part = |range: std::ops::Range<u64>| &file[range.start as usize..range.end as usize];
    assert_eq!(part(layout.xmp.unwrap()), b"<x/>");
    assert!(part(layout.exif.unwrap()).starts_with(b"II*\0"));
    assert!(layout.faults.is_empty());
}

#[test]
fn exif_in_the_old_form_is_not_passed_over_in_silence() {
    let mut file = sample();
    file.truncate(8 + 25);
    file.extend(chunk(b"zTXt", b"Raw profile type exif\0\0zlib"));
    file.extend(chunk(b"IEND", b""));
    let faults = read(&mut &file[..]).unwrap().faults;
    assert!(faults[0].what.contains("is not read"));
}

#[test]
fn any_bytes_are_read_or_refused() {
    let mut random = fastrand::Rng::with_seed(7);
    let file = sample();
    for end in 0..file.len() {
        let _ = read(&mut &file[..end]);
    }
    for _ in 0..5_000 {
        let mut broken = file.clone();
        let at = random.usize(8..broken.len());
        broken[at] = random.u8(..);
        let _ = read(&mut &broken[..]);
    }
}
