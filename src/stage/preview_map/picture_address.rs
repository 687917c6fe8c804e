//! Where the page finds a picture.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands for itself in the path of an address (RFC 3986, 3.3).
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// The address of a picture for a page in `folder`: beside or below it a relative one, so that both can
/// be moved together; elsewhere an absolute one. What a browser cannot show has none.
pub fn address(path: &str, folder: Option<&Path>) -> Option<String> {
    let ending = Path::new(path).extension()?.to_str()?.to_ascii_lowercase();
    if !matches!(ending.as_str(), "jpg" | "jpeg" | "jpe" | "webp" | "png" | "avif") {
        return None;
    }
    let whole = std::path::absolute(path).ok()?;
    let folder = std::path::absolute(folder?).ok()?;
    let (start, rest) = match whole.strip_prefix(&folder) {
        Ok(below) => ("", below),
        Err(_) => ("file://", whole.as_path()),
    };
    Some(format!("{start}{}", utf8_percent_encode(rest.to_str()?, PATH)))
}

#[cfg(test)]
mod tests;
