//! The picture URLs used by the page.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that need no escape in the path of a URL (RFC 3986, 3.3).
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// The URL of a picture for a page in `folder`: relative if the picture is in or below it, so that both can be moved
/// together, otherwise absolute. Pictures that browsers cannot show have none.
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
