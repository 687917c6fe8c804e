use std::io::Write;

use super::*;
use zip::write::SimpleFileOptions;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The names and texts, and what was left out.
fn unpacked(bytes: &[u8], limits: Limits) -> Result<(Vec<String>, Unpacked), Error> {
    let mut found = Vec::new();
    let wants = |head: &[u8]| head.starts_with(b"<");
    let unpacked = unpack::<Error>(bytes.to_vec(), limits, &wants, &mut |member| {
        let cut = if member.is_cut { " cut" } else { "" };
        let text = String::from_utf8_lossy(&member.bytes).to_string();
        found.push(format!("{}{cut} {text}", member.name.unwrap_or_default()));
        Ok(())
    })?;
    Ok((found, unpacked))
}

#[test]
fn packings_are_taken_off_one_after_another() {
    let kmz = zip(&[("doc.kml", b"<kml/>"), ("files/a.jpg", b"\xff\xd8\xff")]);
    let all = zip(&[("a/b.kmz", &kmz), ("c.gpx.gz", &gzip(b"<gpx/>")), ("read.me", b"hello")]);
    let (found, rest) = unpacked(&gzip(&all), Limits::default()).unwrap();
    assert_eq!(found, ["a/b.kmz/doc.kml <kml/>", "c.gpx.gz <gpx/>"]);
    assert_eq!(rest.left_out, 2);
    let (name, looks) = rest.first.unwrap();
    assert_eq!((name.as_str(), looks.as_str()), ("a/b.kmz/files/a.jpg", "a JPEG picture"));
    assert_eq!(unpacked(b"plain", Limits::default()).unwrap().0, [" plain"]);
    assert_eq!(unpacked(&zip(&[]), Limits::default()).unwrap().0.len(), 0);
}

#[test]
fn what_unpacks_without_end_is_stopped() {
    let big = [b"<".to_vec(), b" ".repeat(3 << 20)].concat();
    let limits = Limits { bytes: 2 << 20, members: 3, depth: 2 };
    for bomb in [gzip(&big), zip(&[("a", &big)]), gzip(&zip(&[("a", &big)]))] {
        assert!(unpacked(&bomb, limits).unwrap_err().to_string().contains("more than 2 MB"));
    }
    let half = &big[..3 << 19];
    let twice = zip(&[("a", half), ("b", half)]);
    assert!(unpacked(&twice, limits).unwrap_err().to_string().contains("more than 2 MB"));
    let nested = gzip(&gzip(&gzip(b"<gpx/>")));
    assert!(
        unpacked(&nested, limits).unwrap_err().to_string().contains("packed more than 2 times")
    );
    let many = zip(&[("a", b"<"), ("b", b"<"), ("c", b"<"), ("d", b"<")]);
    assert!(unpacked(&many, limits).unwrap_err().to_string().contains("4 members"));
}

#[test]
fn a_packing_cut_anywhere_or_changed_at_random_does_no_harm() {
    let text = b"<gpx><trk/></gpx>".repeat(20);
    for whole in [gzip(&text), zip(&[("a.gpx", &text), ("b", b"x")])] {
        for end in 0..whole.len() {
            let _ = unpacked(&whole[..end], Limits::default());
        }
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..2_000 {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            let _ = unpacked(&bytes, Limits::default());
        }
    }
    let packed = gzip(&text);
    let (found, _) = unpacked(&packed[..packed.len() - 4], Limits::default()).unwrap();
    assert!(found[0].starts_with(" cut <gpx>"));
    let mut wrong = zip(&[("a.gpx", &text)]);
    wrong[40] ^= 0xff;
    assert!(unpacked(&wrong, Limits::default()).unwrap_err().to_string().contains("'a.gpx'"));
}

#[test]
fn limits_may_be_reached_and_folders_are_no_members() {
    let limits = Limits { bytes: 12, members: 3, depth: 2 };
    let three = zip(&[("a", b"<123"), ("b", b"<123"), ("c", b"<123")]);
    assert_eq!(unpacked(&three, limits).unwrap().0, ["a <123", "b <123", "c <123"]);
    let more = zip(&[("a", b"<123"), ("b", b"<123"), ("c", b"<1234")]);
    assert!(matches!(unpacked(&more, limits), Err(Error::TooLarge(0))));
    let nested = |times: usize| (0..times).fold(b"<123".to_vec(), |inner, _| zip(&[("a", &inner)]));
    let roomy = Limits { bytes: 10_000, ..limits };
    assert_eq!(unpacked(&nested(2), roomy).unwrap().0, ["a/a <123"]);
    assert!(matches!(unpacked(&nested(3), roomy), Err(Error::TooDeep(2))));
    let twice = gzip(&gzip(b"<123"));
    let limits = Limits { bytes: 100, ..limits };
    assert_eq!(unpacked(&twice, limits).unwrap().0, [" <123"]);
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    out.add_directory("<d", SimpleFileOptions::default()).unwrap();
    out.start_file("<d/a", SimpleFileOptions::default()).unwrap();
    out.write_all(b"<gpx/>").unwrap();
    let folder = out.finish().unwrap().into_inner();
    let (found, rest) = unpacked(&folder, Limits::default()).unwrap();
    assert_eq!((found, rest), (vec!["<d/a <gpx/>".to_string()], Unpacked::default()));
}

#[test]
fn an_empty_gzip_file_is_empty_and_one_that_is_cut_at_once_is_damaged() {
    assert_eq!(unpacked(&gzip(b""), Limits::default()).unwrap().0, [" "]);
    let said = unpacked(&gzip(b"<gpx/>")[..10], Limits::default()).unwrap_err().to_string();
    assert!(said.starts_with("the gzip file cannot be read"), "{said}");
}

#[test]
fn a_member_that_cannot_be_opened_is_named_by_its_number() {
    let mut bytes = zip(&[("a", b"<gpx/>"), ("b", b"<gpx/>")]);
    // The flag of encryption in the second entry of the central directory.
    let at = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap() + 8;
    bytes[at] |= 1;
    let said = unpacked(&bytes, Limits::default()).unwrap_err().to_string();
    assert!(said.starts_with("member 2 of the ZIP cannot be read"), "{said}");
}
