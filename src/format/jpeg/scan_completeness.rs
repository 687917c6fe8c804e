//! Checks whether the scans of a JPEG contain all of its pixels; a decoder fills missing ones with grey or a blur.

use memchr::memchr;

use super::is_frame;

/// The maximum number of scans. Progressive files usually have ten; with one bit of one coefficient per scan
/// there would be some thousands. A scan of a few bytes takes as long to decode as all pixels.
const MAX_SCANS: usize = 1_000;

/// A fault in the scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    #[error("it has more than {MAX_SCANS} scans")]
    TooMany,
    #[error("not all scans of the picture are in it")]
    Missing,
}

/// Progress of the 64 coefficients of a component: the number of bits still missing, or that no scan had it
/// yet.
struct Component {
    id: u8,
    missing_bits: [u8; 64],
}

const NONE: u8 = u8::MAX;

#[derive(Default)]
struct Scans {
    is_progressive: bool,
    components: Vec<Component>,
    count: usize,
}

/// Checks all scans, marker by marker. Other faults are left to the decoder.
///
/// # Errors
/// A coefficient whose last bit is in no scan, or too many scans.
pub fn check(bytes: &[u8]) -> Result<(), ScanError> {
    let mut scans = Scans::default();
    let mut at = 2;
    while let Some((marker, payload)) = segment(bytes, &mut at) {
        match marker {
            // End of image.
            0xD9 => break,
            0xDA => scans.add_scan(payload),
            marker if is_frame(marker) => scans.start(marker, payload),
            _ => {}
        }
        if scans.count > MAX_SCANS {
            return Err(ScanError::TooMany);
        }
    }
    if scans.components.iter().flat_map(|component| component.missing_bits).all(|bits| bits == 0) {
        Ok(())
    } else {
        Err(ScanError::Missing)
    }
}

/// The next marker with a payload, and the payload; pixels are skipped.
fn segment<'a>(bytes: &'a [u8], at: &mut usize) -> Option<(u8, &'a [u8])> {
    loop {
        *at += memchr(0xFF, bytes.get(*at..)?)?;
        let marker = *bytes.get(*at + 1)?;
        match marker {
            // Fill bytes, a byte 0xFF in pixels, or markers without a length (T.81, B.1.1.2 and B.1.1.5).
            0xFF => *at += 1,
            0x00 | 0x01 | 0xD0..=0xD8 => *at += 2,
            0xD9 => return Some((marker, &[])),
            _ => break,
        }
    }
    let marker = bytes[*at + 1];
    let len = usize::from(u16::from_be_bytes([*bytes.get(*at + 2)?, *bytes.get(*at + 3)?]));
    let payload = bytes.get(*at + 4..(*at + 2 + len).min(bytes.len()))?;
    *at += 2 + len;
    Some((marker, payload))
}

impl Scans {
    /// The frame (T.81, B.2.2).
    fn start(&mut self, marker: u8, payload: &[u8]) {
        self.is_progressive = matches!(marker, 0xC2 | 0xC6 | 0xCA | 0xCE);
        let components = payload.get(6..).unwrap_or_default().chunks_exact(3);
        let component = |spec: &[u8]| Component { id: spec[0], missing_bits: [NONE; 64] };
        self.components = components.map(component).collect();
    }

    /// A scan (T.81, B.2.3).
    fn add_scan(&mut self, payload: &[u8]) {
        self.count += 1;
        let Some((&count, rest)) = payload.split_first() else { return };
        let (specs, rest) = rest.split_at(rest.len().min(2 * usize::from(count)));
        let (first, last, missing) = match (self.is_progressive, rest) {
            (true, &[first, last, bits, ..]) => (first, last.min(63), bits & 0x0F),
            // A sequential scan contains all coefficients, although some programs write other numbers here.
            _ => (0, 63, 0),
        };
        let ids: Vec<u8> = specs.chunks(2).map(|spec| spec[0]).collect();
        for component in self.components.iter_mut().filter(|component| ids.contains(&component.id))
        {
            let range = component.missing_bits.get_mut(usize::from(first)..=usize::from(last));
            range.into_iter().flatten().for_each(|bits| *bits = missing.min(*bits));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(frame: u8, scans: &[&[u8]]) -> Vec<u8> {
        let mut bytes =
            vec![0xFF, 0xD8, 0xFF, frame, 0, 14, 8, 0, 8, 0, 8, 2, 7, 0x11, 0, 9, 0x11, 0];
        for scan in scans {
            bytes.extend(
                [&[0xFF, 0xDA, 0, scan.len() as u8 + 2], *scan, b"a\xFF\0\xFF\xD0b"].concat(),
            );
        }
        [bytes, vec![0xFF, 0xD9]].concat()
    }

    #[test]
    fn a_coefficient_that_no_scan_brings_is_missed() {
        let (both, first, second): (&[u8], &[u8], &[u8]) =
            (&[2, 7, 0, 9, 0, 0, 63, 0], &[1, 7, 0, 0, 63, 0], &[1, 9, 0, 0, 63, 0]);
        let dc: &[u8] = &[2, 7, 0, 9, 0, 0, 0, 1];
        let dc_bit: &[u8] = &[2, 7, 0, 9, 0, 0, 0, 0x10];
        let (ac_first, ac_second): (&[u8], &[u8]) = (&[1, 7, 0, 1, 63, 0], &[1, 9, 0, 1, 63, 0]);
        for (frame, scans, is_whole) in [
            (0xC0, &[both][..], true),
            (0xC0, &[second, first], true),
            (0xC0, &[first], false),
            (0xC1, &[], false),
            (0xC2, &[dc, ac_first, ac_second, dc_bit], true),
            (0xC2, &[dc, ac_first, ac_second], false),
            (0xCA, &[dc, dc_bit, ac_second], false),
        ] {
            let bytes = file(frame, scans);
            assert_eq!(check(&bytes).is_ok(), is_whole, "{frame:x} {scans:?}");
        }
        assert!(
            check(&file(0xC0, &[both; 1_001])).unwrap_err().to_string().contains("more than 1000")
        );
    }

    #[test]
    fn cut_and_broken_files_do_no_harm() {
        let bytes = file(0xC2, &[&[2, 7, 0, 9, 0, 0, 63, 0], &[1, 7, 0, 1, 63, 0]]);
        (0..bytes.len()).for_each(|end| _ = check(&bytes[..end]));
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let mut broken = bytes.clone();
            let at = random.usize(..broken.len());
            broken[at] = random.u8(..);
            let _ = check(&broken);
        }
    }
}
