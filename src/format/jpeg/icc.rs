//! The ICC profile of a JPEG, split over numbered segments because one is too short for it (ICC.1:2022, annex
//! B.4).

use super::Head;

pub(super) const NAME: &[u8] = b"ICC_PROFILE\0";

/// Why a colour profile is incomplete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    #[error("its colour profile is incomplete")]
    CutShort,
    #[error("parts of its colour profile are missing")]
    PartsMissing,
}

/// The profile, if there is one. `head` must come from the same bytes.
///
/// # Errors
/// A part that is missing or duplicated.
pub fn profile(bytes: &[u8], head: &Head) -> Result<Option<Vec<u8>>, ProfileError> {
    let mut parts: Vec<(u8, u8, &[u8])> = Vec::new();
    for segment in head.segments.iter().filter(|segment| segment.marker == 0xE2) {
        match super::payload(bytes, segment).strip_prefix(NAME) {
            Some([number, count, part @ ..]) => parts.push((*number, *count, part)),
            Some(_) => return Err(ProfileError::CutShort),
            None => {}
        }
    }
    parts.sort_by_key(|(number, ..)| *number);
    let is_counted = |(at, (number, count, _)): (usize, &(u8, u8, &[u8]))| {
        (usize::from(*number), usize::from(*count)) == (at + 1, parts.len())
    };
    match parts.iter().enumerate().all(is_counted) {
        true if parts.is_empty() => Ok(None),
        true => Ok(Some(parts.iter().flat_map(|(.., part)| *part).copied().collect())),
        false => Err(ProfileError::PartsMissing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile_of(parts: &[&[u8]]) -> Result<Option<Vec<u8>>, ProfileError> {
        let segment = |part: &&[u8]| {
            let payload = [NAME, *part].concat();
            [&[0xFF, 0xE2, 0, payload.len() as u8 + 2], &payload[..]].concat()
        };
        let segments: Vec<u8> = parts.iter().flat_map(segment).collect();
        let bytes = [b"\xFF\xD8", &segments[..], b"\xFF\xD9"].concat();
        profile(&bytes, &crate::format::jpeg::read(&mut &bytes[..]).unwrap())
    }

    #[test]
    fn a_profile_is_joined_by_its_numbers_or_is_not_whole() {
        assert_eq!(profile_of(&[]), Ok(None));
        assert_eq!(profile_of(&[b"\x01\x01all"]), Ok(Some(b"all".to_vec())));
        assert_eq!(profile_of(&[b"\x02\x02de", b"\x01\x02abc"]), Ok(Some(b"abcde".to_vec())));
        for parts in
            [&[&b"\x01\x02abc"[..]][..], &[b"\x01\x02a", b"\x01\x02b"], &[b""], &[b"\x00\x01a"]]
        {
            assert!(profile_of(parts).is_err(), "{parts:?}");
        }
    }
}
