//! Tags about a position other than its coordinates, which are removed together with it.

use crate::format::xmp::{self, Namespace, Packet};

/// The XMP equivalents of `gps::old_place_edits`.
pub const OF_OLD_PLACE: [&str; 10] = [
    "GPSDestLatitude",
    "GPSDestLatitudeRef",
    "GPSDestLongitude",
    "GPSDestLongitudeRef",
    "GPSDestBearing",
    "GPSDestBearingRef",
    "GPSDestDistance",
    "GPSDestDistanceRef",
    "GPSAreaInformation",
    "GPSDifferential",
];

/// Drones write their position a second time.
pub const OF_OLD_FLIGHT: [&str; 6] = [
    "GpsLatitude",
    "GpsLongitude",
    "GpsLongtitude",
    "GpsStatus",
    "AbsoluteAltitude",
    "RelativeAltitude",
];

/// XMP properties that name a place in words.
const NAMES_OF_PLACES: [(Namespace, &str); 6] = [
    (xmp::PHOTOSHOP, "City"),
    (xmp::PHOTOSHOP, "State"),
    (xmp::PHOTOSHOP, "Country"),
    (xmp::IPTC_CORE, "Location"),
    (xmp::IPTC_EXT, "LocationCreated"),
    (xmp::IPTC_EXT, "LocationShown"),
];

/// Whether a packet names a place in words. These are kept, since a person chose them.
pub fn names_place(packet: &Packet) -> bool {
    NAMES_OF_PLACES.iter().any(|&(space, name)| packet.values(space, name).is_some())
}
