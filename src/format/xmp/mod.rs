//! XMP packets: read in any spelling of RDF that programs write, and merged into without touching the rest.

mod encoding;
mod read;
mod write;

pub use read::{Packet, Property, read};
pub use write::{Edit, Set, edit, without_padding};

/// A vocabulary and the prefix that is mostly bound to it.
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
    PIX4D = "Camera" "http://pix4d.com/camera/1.0/"
    /// Our own: how a value was worked out, for which no standard has a name.
    OWN = "mapillaryPipes" "urn:x-mapillary-pipes:evidence:1"
}

/// Degrees of `51,7.4074N` or `51,7,24N` (XMP part 2, GPSCoordinate).
pub fn coordinate(text: &str) -> Option<f64> {
    let text = text.trim();
    let letter = text.chars().last()?;
    let (sign, limit) = match letter.to_ascii_uppercase() {
        'N' => (1.0, 90.0),
        'S' => (-1.0, 90.0),
        'E' => (1.0, 180.0),
        'W' => (-1.0, 180.0),
        _ => return None,
    };
    let mut parts = text[..text.len() - letter.len_utf8()].split(',');
    let mut part = || parts.next().map(|part| part.trim().parse::<f64>());
    let (deg, min) = (part()?.ok()?, part()?.ok()?);
    let sec = part().unwrap_or(Ok(0.0)).ok()?;
    let small = |part: f64| (0.0..=60.0).contains(&part);
    let total = deg + min / 60.0 + sec / 3600.0;
    (deg >= 0.0 && small(min) && small(sec) && total <= limit).then_some(sign * total)
}

/// The other way, to a hundred millionth of a minute (0.02 mm).
pub fn coordinate_text(deg: f64, [plus, minus]: [char; 2]) -> String {
    let total = (deg.abs() * 60.0 * 1e8).round() as u64;
    let (min, rest) = (total / 100_000_000, total % 100_000_000);
    let letter = if deg < 0.0 { minus } else { plus };
    format!("{},{}.{rest:08}{letter}", min / 60, min % 60)
}

/// A number written as `123/10` or plainly; none over 0.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coordinate_comes_back_within_a_millimetre() {
        for deg in [0.0, -12.999_999_999, 51.123_456_789, 89.5] {
            let text = coordinate_text(deg, ['N', 'S']);
            assert!((coordinate(&text).unwrap() - deg).abs() < 1e-8, "{text}");
        }
        assert_eq!(coordinate("51,30,36N"), Some(51.51));
        for wrong in ["", "51.5", "51N", "91,0N", "51,61N", "-5,0N", "é"] {
            assert_eq!(coordinate(wrong), None, "{wrong}");
        }
        assert_eq!((number("25/2"), number("1/0"), number("x")), (Some(12.5), None, None));
    }
}
