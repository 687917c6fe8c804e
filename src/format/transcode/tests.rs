use super::*;

const HOW: How = How { quality: 80.0, method: 0, lossless: false };

fn drawn() -> Vec<u8> {
    let pixels: Vec<u8> = (0..64 * 48).flat_map(|at| [(at % 64) as u8 * 4, 90, 40]).collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.encode(&pixels, 64, 48, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

fn webp_of(jpeg: &[u8], how: How) -> Vec<u8> {
    to_webp(jpeg, how, false).unwrap().webp
}

#[test]
fn the_pixels_stay_alike_and_the_size_the_same() {
    let jpeg = drawn();
    let webp = webp_of(&jpeg, HOW);
    assert!(webp == webp_of(&jpeg, HOW), "the same bytes each time");
    let before = jpeg::decode(&jpeg).unwrap().rgb;
    let after = webp::Decoder::new(&webp).decode().unwrap();
    let far = before.iter().zip(after.iter()).filter(|(a, b)| a.abs_diff(**b) > 24).count();
    assert!(far < before.len() / 100, "{far} of {} values are far off", before.len());
}

#[test]
fn colours_that_are_stored_at_half_size_come_as_near_as_those_of_each_pixel() {
    let mut random = fastrand::Rng::with_seed(3);
    let mut soft = [100.0; 3];
    let pixels: Vec<u8> = (0..97 * 61)
        .flat_map(|_| {
            soft = soft.map(|value: f64| (value + random.f64() * 40.0 - 20.0).clamp(0.0, 255.0));
            soft.map(|value| value as u8)
        })
        .collect();
    let far = |sampling| {
        let mut jpeg = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut jpeg, 90);
        encoder.set_sampling_factor(sampling);
        encoder.encode(&pixels, 97, 61, jpeg_encoder::ColorType::Rgb).unwrap();
        let before = jpeg::decode(&jpeg).unwrap().rgb;
        let webp = webp_of(&jpeg, How { quality: 95.0, ..HOW });
        let after = webp::Decoder::new(&webp).decode().unwrap();
        let far = |(a, b): (&u8, &u8)| f64::from(a.abs_diff(*b)).powi(2);
        before.iter().zip(after.iter()).map(far).sum::<f64>() / before.len() as f64
    };
    let (planes, pixels) =
        (far(jpeg_encoder::SamplingFactor::R_4_2_0), far(jpeg_encoder::SamplingFactor::R_4_4_4));
    assert!(planes < pixels, "{planes}, {pixels}");
}

#[test]
fn lossless_is_exactly_what_was_decoded() {
    let jpeg = drawn();
    let webp = webp_of(&jpeg, How { lossless: true, ..HOW });
    let before = jpeg::decode(&jpeg).unwrap().rgb;
    assert!(before[..] == webp::Decoder::new(&webp).decode().unwrap()[..]);
}

#[test]
fn a_damaged_jpeg_gives_none_and_one_with_more_in_it_only_when_that_may_go() {
    let jpeg = drawn();
    for end in [0, 10, 300, jpeg.len() - 2] {
        let cut = to_webp(&jpeg[..end], HOW, true);
        assert!(matches!(cut, Err(TranscodeError::Damaged(_))), "cut at {end}");
    }
    let behind = [&jpeg[..], b"video"].concat();
    assert!(matches!(to_webp(&behind, HOW, false), Err(TranscodeError::Held(_))));
    let made = to_webp(&behind, HOW, true).unwrap();
    assert_eq!(made.dropped.data, ["data behind the picture (5 bytes)"]);
    assert!(to_webp(&[&jpeg[..], &[0; 16]].concat(), HOW, false).is_ok());
}

#[test]
fn a_colour_profile_of_rgb_is_kept_whole_and_another_keeps_the_jpeg() {
    let with_profile = |name: &[u8; 4]| {
        // Longer than a segment.
        let mut profile: Vec<u8> = (0..100_000u32).map(|at| at as u8).collect();
        profile[16..20].copy_from_slice(name);
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
        encoder.add_icc_profile(&profile).unwrap();
        encoder.encode(&[99; 16 * 16 * 3], 16, 16, jpeg_encoder::ColorType::Rgb).unwrap();
        (profile, bytes)
    };
    let (profile, jpeg) = with_profile(b"RGB ");
    let webp = webp_of(&jpeg, HOW);
    let at = memchr::memmem::find(&webp, b"ICCP").unwrap() + 8;
    assert!(webp[at..at + profile.len()] == profile);
    let (_, print) = with_profile(b"CMYK");
    assert_eq!(left_out(&print), ["colour profile not of RGB (100000 bytes)"]);
    assert!(matches!(to_webp(&print, HOW, false), Err(TranscodeError::Held(_))));
    assert_eq!(memchr::memmem::find(&to_webp(&print, HOW, true).unwrap().webp, b"ICCP"), None);
}

#[test]
fn the_way_in_which_it_was_made_comes_back_from_a_note() {
    for (quality, method, lossless) in [(0.0, 0, false), (80.0, 4, false), (100.0, 6, true)] {
        let how = How { quality, method, lossless };
        assert_eq!(how.to_string().parse(), Ok(how));
    }
    for text in ["", "lossy 80", "lossy 80 4 5", "lossy 80 4a0", "lossless x 4", "80 4 lossy"] {
        assert!(text.parse::<How>().is_err(), "{text}");
    }
}
