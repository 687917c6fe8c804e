//! Endings of the names of photo files: one list for all tools.

/// Photos whose metadata can be read. Folders are searched by name because opening every file would be slow, and
/// cameras use these names.
pub const READ: [&str; 29] = [
    "jpg", "jpeg", "jpe", "jfif", "mpo", "insp", "webp", "png", "heic", "heif", "hif", "avif",
    "tif", "tiff", "dng", "nef", "arw", "cr2", "rw2", "pef", "srw", "orf", "nrw", "rwl", "gpr",
    "3fr", "erf", "mef", "sr2",
];

/// Photos whose metadata can be written: JPEG by all its names, and WebP.
pub const WRITTEN: [&str; 7] = ["jpg", "jpeg", "jpe", "jfif", "mpo", "insp", "webp"];

/// Whether a file name has one of these endings, in any case.
pub fn has(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| endings.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_known_in_any_case_and_is_behind_a_dot() {
        for name in ["1.jpg", "a/b.JPE", "x.y.Insp", "1.DNG"] {
            assert!(has(name, &READ), "{name}");
        }
        for name in ["jpg", "1.mp4", "1.jpg.part", "", "1."] {
            assert!(!has(name, &READ), "{name}");
        }
        assert!(WRITTEN.iter().all(|ending| READ.contains(ending)));
    }
}
