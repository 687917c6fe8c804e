//! Finds the end of a JPEG in a stream of bytes, without decoding a pixel.

use memchr::memchr;

use super::is_frame;

/// Finds where the picture ends in a file that arrives in parts of any size. Bytes after the end are legal
/// (other pictures, videos) and ignored.
#[derive(Debug, Clone)]
pub struct End {
    state: EndState,
    /// Bytes seen before the current part.
    seen: u64,
    has_frame: bool,
    has_pixels: bool,
}

#[derive(Debug, Clone, Copy)]
enum EndState {
    /// The 0xFF and 0xD8 at the start of each JPEG: how many were seen.
    Start(u8),
    /// Between segments: 0xFF is expected.
    Between,
    /// After 0xFF, between segments.
    Marker,
    /// The first byte of a segment's length is expected.
    Length {
        is_scan: bool,
    },
    LengthLow {
        is_scan: bool,
        high: u8,
    },
    Skip {
        is_scan: bool,
        left: u32,
    },
    /// In the pixels.
    Scan,
    /// After 0xFF, in the pixels.
    ScanMarker,
    Ended(u64),
    Broken,
}

impl Default for End {
    fn default() -> Self {
        End { state: EndState::Start(0), seen: 0, has_frame: false, has_pixels: false }
    }
}

impl End {
    /// Takes the next part of the file.
    pub fn push(&mut self, part: &[u8]) {
        let mut at = 0;
        while at < part.len() && !matches!(self.state, EndState::Ended(_) | EndState::Broken) {
            let rest = &part[at..];
            at += match self.state {
                EndState::Skip { is_scan, left } => {
                    let skipped = rest.len().min(left as usize);
                    self.state = after_skip(is_scan, left - skipped as u32);
                    skipped
                }
                EndState::Scan => {
                    let pixels = memchr(0xFF, rest).unwrap_or(rest.len());
                    self.has_pixels |= pixels > 0;
                    if pixels < rest.len() {
                        self.state = EndState::ScanMarker;
                    }
                    rest.len().min(pixels + 1)
                }
                _ => {
                    self.note(rest[0]);
                    self.state = self.state.step(rest[0], self.seen + at as u64 + 1);
                    1
                }
            };
        }
        self.seen += part.len() as u64;
    }

    /// Remembers what the byte after 0xFF announces.
    fn note(&mut self, byte: u8) {
        let in_scan = matches!(self.state, EndState::ScanMarker);
        self.has_frame |= (in_scan || matches!(self.state, EndState::Marker)) && is_frame(byte);
        // A pixel byte 0xFF is followed by 0.
        self.has_pixels |= in_scan && byte == 0;
    }

    /// Whether there is anything to show: a frame, which has the width and the height, and pixels.
    pub fn has_picture(&self) -> bool {
        self.has_frame && self.has_pixels
    }

    /// The offset of the picture's end, once its end marker was seen.
    pub fn end(&self) -> Option<u64> {
        match self.state {
            EndState::Ended(end) => Some(end),
            _ => None,
        }
    }

    /// Whether the bytes so far cannot be the start of a JPEG.
    pub fn is_broken(&self) -> bool {
        matches!(self.state, EndState::Broken)
    }
}

/// Whether the bytes start with a complete JPEG.
pub fn is_whole(bytes: &[u8]) -> bool {
    let mut end = End::default();
    end.push(bytes);
    end.end().is_some()
}

fn after_skip(is_scan: bool, left: u32) -> EndState {
    match (left, is_scan) {
        (0, true) => EndState::Scan,
        (0, false) => EndState::Between,
        _ => EndState::Skip { is_scan, left },
    }
}

impl EndState {
    /// `next` is the offset after this byte.
    fn step(self, byte: u8, next: u64) -> EndState {
        match (self, byte) {
            (EndState::Start(0), 0xFF) => EndState::Start(1),
            (EndState::Start(1), 0xD8) => EndState::Between,
            (EndState::Between, 0xFF) => EndState::Marker,
            (EndState::Marker | EndState::ScanMarker, 0xD9) => EndState::Ended(next),
            // Fill bytes before a marker (T.81, B.1.1.2).
            (EndState::Marker, 0xFF) => EndState::Marker,
            (EndState::ScanMarker, 0xFF) => EndState::ScanMarker,
            // A pixel byte 0xFF is followed by 0; restart markers have no payload.
            (EndState::ScanMarker, 0 | 0x01 | 0xD0..=0xD7) => EndState::Scan,
            (EndState::Marker, 0x01 | 0xD0..=0xD7) => EndState::Between,
            (EndState::Marker | EndState::ScanMarker, 0xDA) => EndState::Length { is_scan: true },
            (EndState::Marker | EndState::ScanMarker, 0xC0..=0xFE) if byte != 0xD8 => {
                EndState::Length { is_scan: false }
            }
            (EndState::Length { is_scan }, high) => EndState::LengthLow { is_scan, high },
            (EndState::LengthLow { is_scan, high }, low) => {
                match u32::from(u16::from_be_bytes([high, low])).checked_sub(2) {
                    Some(left) => after_skip(is_scan, left),
                    None => EndState::Broken,
                }
            }
            _ => EndState::Broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two scans, a restart, a pixel byte 0xFF, and a segment that contains an end marker.
    const TWO_SCANS: &[u8] = b"\xFF\xD8\xFF\xE1\0\x06\xFF\xD9..\xFF\xDA\0\x02ab\xFF\0c\xFF\xD0d\
        \xFF\xC4\0\x04\xFF\xD9\xFF\xDA\0\x03!e\xFF\xFF\xD9";

    #[test]
    fn the_end_is_the_end_of_the_last_scan() {
        let with_tail = [TWO_SCANS, b"tail \xFF\xD9"].concat();
        for step in 1..with_tail.len() {
            let mut end = End::default();
            with_tail.chunks(step).for_each(|part| end.push(part));
            assert_eq!(end.end(), Some(TWO_SCANS.len() as u64), "in parts of {step}");
        }
    }

    #[test]
    fn a_cut_picture_is_not_whole() {
        for cut in 0..TWO_SCANS.len() {
            assert!(!is_whole(&TWO_SCANS[..cut]), "cut at {cut}");
        }
        assert!(is_whole(TWO_SCANS));
    }

    #[test]
    fn a_picture_has_a_frame_and_pixels() {
        let frame: &[u8] = b"\xFF\xC2\0\x0B\x08\0\x08\0\x08\x01\x01\x11\0";
        let table: &[u8] = b"\xFF\xC4\0\x04\xFF\xC0";
        let (scan, end): (&[u8], &[u8]) = (b"\xFF\xDA\0\x02", b"\xFF\xD9");
        for (parts, wanted) in [
            (&[frame, scan, b"a", end][..], true),
            (&[frame, scan, b"\xFF\0", end], true),
            (&[end], false),
            (&[table, scan, b"a", end], false),
            (&[frame, end], false),
            (&[frame, scan, end], false),
            (&[frame, scan, b"\xFF\xD0", end], false),
        ] {
            let bytes = [b"\xFF\xD8", &parts.concat()[..]].concat();
            for step in 1..bytes.len() {
                let mut end = End::default();
                bytes.chunks(step).for_each(|part| end.push(part));
                assert_eq!(end.end(), Some(bytes.len() as u64), "{bytes:x?}");
                assert_eq!(end.has_picture(), wanted, "{bytes:x?} in parts of {step}");
            }
        }
    }

    #[test]
    fn broken_pictures_end_at_the_same_place_in_any_parts() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let mut broken = [TWO_SCANS, b"tail"].concat();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..broken.len());
                let any = random.u8(..);
                broken[at] = random.choice([0, 0xFF, 0xD8, 0xD9, 0xDA, any]).unwrap_or(any);
            }
            let (mut whole, mut parts) = (End::default(), End::default());
            whole.push(&broken);
            broken.chunks(random.usize(1..9)).for_each(|part| parts.push(part));
            assert_eq!((whole.end(), whole.is_broken()), (parts.end(), parts.is_broken()));
            assert!(whole.end().is_none_or(|end| end <= broken.len() as u64));
        }
    }

    #[test]
    fn an_error_page_is_broken_at_once() {
        let mut end = End::default();
        end.push(b"<html>");
        assert!(end.is_broken() && end.end().is_none());
    }
}
