//! Camera clock corrections given by the user: times, or photos of a clock that shows the correct time.

use std::path::Path;

use crate::photo::camera;
use crate::shape::FatalError;
use crate::value::camera_ahead::{GpsTime, Shown, SyncPair};
use crate::value::height_validity::Heights;

/// The pairs, with the capture time of each photo of a GPS clock.
///
/// # Errors
/// If a photo cannot be read or has no time.
pub fn pairs(given: &[(GpsTime, Shown)]) -> Result<Vec<SyncPair>, FatalError> {
    given.iter().map(|(gps, shown)| Ok(SyncPair { gps: *gps, camera: taken(shown)? })).collect()
}

fn taken(shown: &Shown) -> Result<crate::value::instant::LocalTime, FatalError> {
    let path = match shown {
        Shown::Time(time) => return Ok(*time),
        Shown::Photo(path) => path,
    };
    let camera = camera::read(Path::new(path), Heights::default()).map_err(FatalError::new)?;
    camera
        .taken_at
        .ok_or_else(|| FatalError(format!("'{path}' has no time: give what the camera showed")))
}
