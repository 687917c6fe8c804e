//! What a file says of a place beside its coordinates, and that gives way with it.

use crate::format::xmp::{self, Namespace, Packet};

/// As `gps::old_place_edits` has them.
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

/// A drone writes its place a second time.
pub const OF_OLD_FLIGHT: [&str; 6] = [
    "GpsLatitude",
    "GpsLongitude",
    "GpsLongtitude",
    "GpsStatus",
    "AbsoluteAltitude",
    "RelativeAltitude",
];

/// Where XMP names a place in words.
const NAMES_OF_PLACES: [(Namespace, &str); 6] = [
    (xmp::PHOTOSHOP, "City"),
    (xmp::PHOTOSHOP, "State"),
    (xmp::PHOTOSHOP, "Country"),
    (xmp::IPTC_CORE, "Location"),
    (xmp::IPTC_EXT, "LocationCreated"),
    (xmp::IPTC_EXT, "LocationShown"),
];

/// Whether a packet names a place in words, which are their writer's own and stay.
pub fn names_place(packet: &Packet) -> bool {
    NAMES_OF_PLACES.iter().any(|&(space, name)| packet.values(space, name).is_some())
}
