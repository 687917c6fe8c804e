//! Tracks of any known format and packing, known by their content and never by the name of the file.

mod fit;
mod geojson;
mod igc;
mod json;
mod kind;
mod kml;
mod looks;
mod tcx;
mod timeline;
mod unpack;

pub mod point;
pub mod text;
pub mod times;
pub mod xml;

use super::{Malformed, gpx, nmea, track_log::Recording};

pub use kind::{HEAD, Kind};
pub use looks::{looks_like, mark};
pub use unpack::{Limits, Member, Unpacked, is_packed, unpack};

/// Reads a whole file of a known kind. With `near_ms`, some instant of the ride, logs that lack dates are dated.
///
/// # Errors
/// What is no file of that kind, or too damaged to be read.
pub fn read(kind: Kind, bytes: &[u8], near_ms: Option<i64>) -> Result<Recording, Malformed> {
    match kind {
        Kind::Gpx => gpx::read(bytes),
        Kind::Kml => kml::read(bytes),
        Kind::Tcx => tcx::read(bytes),
        Kind::Fit => fit::read(bytes),
        Kind::Igc => igc::read(bytes),
        Kind::GeoJson => geojson::read(bytes),
        Kind::Timeline => timeline::read(bytes),
        Kind::Nmea => nmea::read(bytes, near_ms),
    }
}
