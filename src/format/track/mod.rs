//! Tracks in any known format and compression, recognized by content and never by file name.

mod fit;
mod foreign_formats;
mod geojson;
mod igc;
mod json_scanner;
mod kml;
mod sniff;
mod tcx;
mod timeline;
mod unpack;

pub mod point;
pub mod scalars;
pub mod time_span;
pub mod xml;

use super::{Malformed, gpx, nmea, parsed_track::Recording};

pub use foreign_formats::{looks_like, mark};
pub use sniff::{HEAD, TrackFormat};
pub use unpack::{Error as UnpackError, Limits, Unpacked, UnpackedFile, is_packed, unpack};

/// Reads a whole file of a known format. With `near_ms`, an instant of the ride, logs without dates are dated.
///
/// # Errors
/// Not a file of that format, or too damaged to be read.
pub fn read(kind: TrackFormat, bytes: &[u8], near_ms: Option<i64>) -> Result<Recording, Malformed> {
    match kind {
        TrackFormat::Gpx => gpx::read(bytes),
        TrackFormat::Kml => kml::read(bytes),
        TrackFormat::Tcx => tcx::read(bytes),
        TrackFormat::Fit => fit::read(bytes),
        TrackFormat::Igc => igc::read(bytes),
        TrackFormat::GeoJson => geojson::read(bytes),
        TrackFormat::Timeline => timeline::read(bytes),
        TrackFormat::Nmea => nmea::read(bytes, near_ms),
    }
}
