use super::*;
use crate::format::{jpeg, transcode};

fn size_of(jpeg: &[u8]) -> Option<(u32, u32)> {
    jpeg::read(&mut &jpeg[..]).ok()?.layout.size
}

fn webp_of(jpeg: &[u8]) -> Vec<u8> {
    let how = transcode::How { quality: 80.0, method: 0, lossless: false };
    transcode::to_webp(jpeg, how, false).unwrap().webp
}

/// Left half red, right half blue.
fn drawn(width: u16, height: u16) -> Vec<u8> {
    let pixel = |at: usize| {
        if at % usize::from(width) < usize::from(width) / 2 { [200, 10, 10] } else { [10, 10, 200] }
    };
    let pixels: Vec<u8> = (0..usize::from(width) * usize::from(height)).flat_map(pixel).collect();
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 95).encode(&pixels, width, height, ColorType::Rgb).unwrap();
    bytes
}

#[test]
fn the_longer_side_is_brought_down_and_the_colours_stay() {
    for (picture, size) in
        [(drawn(640, 480), (64, 48)), (drawn(30, 300), (6, 64)), (drawn(16, 8), (16, 8))]
    {
        let small = make(&picture, 64).unwrap();
        assert_eq!(size_of(&small), Some(size));
        let pixels = from_jpeg(&small).unwrap();
        let (left, right) = (&pixels.samples[..3], &pixels.samples[(pixels.width - 1) * 3..][..3]);
        assert!(left[0] > 150 && left[2] < 70, "{left:?}");
        assert!(right[2] > 150 && right[0] < 70, "{right:?}");
    }
}

/// Adds an EXIF block with the orientation only.
fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif =
        b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}

#[test]
fn a_picture_that_lies_on_its_side_stands_up() {
    // The left half is red: which side of the upright picture is red.
    for (orientation, red_at) in [
        (1, "left"),
        (2, "right"),
        (3, "right"),
        (4, "left"),
        (5, "top"),
        (6, "top"),
        (7, "bottom"),
        (8, "bottom"),
    ] {
        let picture = turned(&drawn(640, 480), orientation);
        let small = of_width(&picture, 96).unwrap().unwrap();
        let upright = if orientation < 5 { (96, 72) } else { (96, 128) };
        assert_eq!(size_of(&small), Some(upright), "{orientation}");
        let pixels = from_jpeg(&small).unwrap();
        let is_red = |x: usize, y: usize| {
            let at = (y * pixels.width + x) * 3;
            pixels.samples[at] > 150 && pixels.samples[at + 2] < 70
        };
        let (right, bottom) = (pixels.width - 1, pixels.height - 1);
        let corners = [is_red(0, 0), is_red(right, 0), is_red(0, bottom), is_red(right, bottom)];
        let expected = match red_at {
            "left" => [true, false, true, false],
            "right" => [false, true, false, true],
            "top" => [true, true, false, false],
            _ => [false, false, true, true],
        };
        assert_eq!(corners, expected, "{orientation}");
        assert_eq!(of_width(&picture, 640).unwrap(), None, "it is no wider");
    }
}

#[test]
fn a_webp_gives_one_too() {
    let small = make(&webp_of(&drawn(640, 480)), 64).unwrap();
    assert_eq!(size_of(&small), Some((64, 48)));
}

#[test]
fn no_bytes_make_it_stumble() {
    let jpeg = drawn(40, 30);
    let webp = webp_of(&jpeg);
    let mut random = fastrand::Rng::with_seed(7);
    for good in [jpeg, webp] {
        for end in 0..good.len() {
            let _ = (make(&good[..end], 16), of_width(&good[..end], 16));
        }
        for _ in 0..1_000 {
            let mut bytes = good.clone();
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
            let _ = make(&bytes, 16);
        }
    }
    assert!(make(b"", 16).is_err() && make(b"RIFF", 16).is_err());
}
