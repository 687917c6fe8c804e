//! XMP packets: read in every RDF serialization that programs write, and edited without touching other properties.

mod encoding;
mod read;
mod write;

pub use read::{Packet, Property, read};
pub use write::{Edit, Set, edit, without_padding};

/// A namespace and the prefix that is usually bound to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Namespace {
    pub uri: &'static str,
    pub prefix: &'static str,
}

macro_rules! namespaces {
    ($($(#[$doc:meta])* $constant:ident = $prefix:literal $uri:literal)*) => {
        $($(#[$doc])* pub const $constant: Namespace = Namespace { uri: $uri, prefix: $prefix };)*
    };
}

namespaces! {
    RDF = "rdf" "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    XMP = "xmp" "http://ns.adobe.com/xap/1.0/"
    RIGHTS = "xmpRights" "http://ns.adobe.com/xap/1.0/rights/"
    DC = "dc" "http://purl.org/dc/elements/1.1/"
    TIFF = "tiff" "http://ns.adobe.com/tiff/1.0/"
    EXIF = "exif" "http://ns.adobe.com/exif/1.0/"
    PHOTOSHOP = "photoshop" "http://ns.adobe.com/photoshop/1.0/"
    NOTE = "xmpNote" "http://ns.adobe.com/xmp/note/"
    CC = "cc" "http://creativecommons.org/ns#"
    GPANO = "GPano" "http://ns.google.com/photos/1.0/panorama/"
    IPTC_CORE = "Iptc4xmpCore" "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
    IPTC_EXT = "Iptc4xmpExt" "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    DJI = "drone-dji" "http://www.dji.com/drone-dji/1.0/"
    PARROT = "drone-parrot" "http://www.parrot.com/drone-parrot/1.0/"
    PIX4D = "Camera" "http://pix4d.com/camera/1.0"
    /// The namespace of these tools: how a value was determined, for which no standard has a name.
    OWN = "mapillaryPipes" "urn:x-mapillary-pipes:evidence:1"
}

/// Degrees from `51,7.4074N` or `51,7,24N` (XMP part 2, GPSCoordinate). Some programs write decimal degrees or
/// fractions, with the letter at the end or, as in EXIF, in a separate property.
///
/// # Errors
/// Why it is invalid. Doubtful coordinates are rejected.
pub fn coordinate(
    text: &str,
    reference: Option<&str>,
    [plus, minus]: [char; 2],
    limit: f64,
) -> Result<f64, &'static str> {
    let letter = |text: &str| {
        let found = text.chars().next().filter(|c| c.is_ascii_alphabetic());
        found.map(|c| c.to_ascii_uppercase())
    };
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (own, beside) = (letter(&text[digits.len()..]), reference.map(str::trim).and_then(letter));
    let sign = match (own, beside) {
        (Some(own), Some(beside)) if own != beside => return Err("has another letter beside it"),
        (own, beside) => own.or(beside),
    };
    let deg = degrees(digits).ok_or("is not a coordinate such as 51,30.5N")?;
    let signed = match sign {
        Some(c) if c == minus => -deg.abs(),
        Some(c) if c == plus && deg >= 0.0 => deg,
        Some(c) if c == plus => return Err("is negative and has the letter of a positive one"),
        Some(_) => return Err("has the letter of another direction"),
        None if digits.trim_start().starts_with(['+', '-']) => deg,
        None => return Err("has no letter such as N or E, here or beside it"),
    };
    if signed.abs() <= limit { Ok(signed) } else { Err("is not a place on the earth") }
}

/// Degrees, with minutes and seconds if present.
fn degrees(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let parts: Vec<&str> = text.split(',').collect();
    if parts.len() > 3 {
        return None;
    }
    for (part, unit) in parts.iter().zip([1.0, 60.0, 3600.0]) {
        let part = number(part).filter(|part| unit == 1.0 || (0.0..=60.0).contains(part))?;
        total += part / unit;
    }
    (parts.len() == 1 || total >= 0.0 && !text.trim_start().starts_with('-')).then_some(total)
}

/// Formats a coordinate, to a hundred millionth of a minute (0.02 mm).
pub fn coordinate_text(deg: f64, [plus, minus]: [char; 2]) -> String {
    let total = (deg.abs() * 60.0 * 1e8).round() as u64;
    let (min, rest) = (total / 100_000_000, total % 100_000_000);
    let letter = if deg < 0.0 { minus } else { plus };
    format!("{},{}.{rest:08}{letter}", min / 60, min % 60)
}

/// A number written as `123/10` or plainly; `None` with a denominator of 0.
pub fn number(text: &str) -> Option<f64> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match text.split_once('/') {
        Some((above, below)) => {
            let below = number(below).filter(|&below| below != 0.0)?;
            Some(number(above)? / below)
        }
        None => number(text),
    }
}

/// The same number if its numerator lost its sign, where that is possible.
pub fn wrapped(text: &str) -> Option<f64> {
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    let (above, below) = (above.trim().parse::<u32>().ok()?, below.trim().parse::<f64>().ok()?);
    (above > i32::MAX as u32 && below > 0.0).then_some(f64::from(above as i32) / below)
}

#[cfg(test)]
mod tests;
