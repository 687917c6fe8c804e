//! Member names: which names may be written, and which path the name in another program's tar means.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use super::{MAX_NAME, NameError};

/// A name in NFC, the normalization that works on all file systems: the same photos give the same tar,
/// whichever disk they came from.
pub fn normal(name: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(name)
}

/// Rejects a name that would not be the same file everywhere.
///
/// # Errors
/// What is wrong with the name.
pub fn check_name(name: &str) -> Result<(), NameError> {
    if relative(name)? == name { Ok(()) } else { Err(NameError::NotPlain(name.to_string())) }
}

/// The path relative to a folder that a member name means: `./a//b` is `a/b`, and so is `/a/b`, as in GNU tar.
///
/// # Errors
/// A name that leads outside the folder, or is empty.
pub fn relative(name: &str) -> Result<Cow<'_, str>, NameError> {
    if name.len() > MAX_NAME {
        return Err(NameError::TooLong { bytes: name.len() });
    }
    if name.chars().any(char::is_control) {
        return Err(NameError::ControlCharacter(name.to_string()));
    }
    let parts = || name.split('/').filter(|part| !matches!(*part, "" | "."));
    if parts().any(|part| part == "..") {
        return Err(NameError::LeadsOut(name.to_string()));
    }
    // On Windows these characters are special: for example, they may name a path on another disk.
    if cfg!(windows) && name.contains(['\\', ':']) {
        return Err(NameError::NotOnThisSystem(name.to_string()));
    }
    match parts().next() {
        None => Err(NameError::NotAFile(name.to_string())),
        Some(_) if name.split('/').all(|part| !matches!(part, "" | ".")) => Ok(name.into()),
        Some(_) => Ok(parts().collect::<Vec<_>>().join("/").into()),
    }
}

/// Whether the name starts at the root of a file system.
pub fn is_absolute(name: &str) -> bool {
    name.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_a_name_become_one() {
        assert_eq!(normal("Mu\u{308}nchen/1.jpg"), "M\u{fc}nchen/1.jpg");
        assert_eq!(normal("a/1.jpg"), "a/1.jpg");
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["", "/a", "a/", "../a", "a/../b", "./a", "a//b", "a\nb"] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        assert!(check_name("-a_b/c d.jpg").is_ok());
    }

    #[test]
    fn the_name_of_a_member_of_others_is_a_path_below() {
        for (name, path) in [
            ("a/1.jpg", Some("a/1.jpg")),
            ("./a/./1.jpg", Some("a/1.jpg")),
            ("a//1.jpg", Some("a/1.jpg")),
            ("/etc/1.jpg", Some("etc/1.jpg")),
            ("..a/b..", Some("..a/b..")),
            ("./", None),
            ("", None),
            ("../1.jpg", None),
            ("a/../1.jpg", None),
            ("a/..", None),
            ("a\0b", None),
            (&"n".repeat(5000), None),
        ] {
            assert_eq!(relative(name).ok().as_deref(), path, "{name:?}");
        }
    }
}
