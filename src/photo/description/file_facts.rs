//! Values of the photo file that its row lacks or has with fewer digits.

use std::path::Path;

use crate::disk::{Action, AtPath, open};
use crate::format::completeness::likely_fault;
use crate::format::description::{self, Read};
use crate::format::picture::{PictureFacts, PictureFormat};
use crate::photo::camera::{Photo, bearing, decimal};

use super::Error;

/// A GPS time this close to a local time shows that the time was UTC after all.
const SAME_MS: i64 = 5 * 60_000;

/// The facts of one file.
#[derive(Debug, Clone)]
pub struct FileFacts {
    pub format: PictureFormat,
    pub bytes: u64,
    pub facts: PictureFacts,
    /// The description that an app wrote into `ImageDescription`.
    pub said: Option<Read>,
    /// Why the service would not take the file, such as a JPEG that was cut.
    pub fault: Option<String>,
}

impl FileFacts {
    /// # Errors
    /// Names the file if it cannot be read or is not a picture.
    pub fn read(path: &Path) -> Result<FileFacts, Error> {
        let photo = Photo::open(path).map_err(Error::Photo)?;
        let bytes = path.metadata().at_path(Action::Open, path)?.len();
        let fault = open::file(path).and_then(likely_fault).at_path(Action::Read, path)?;
        Ok(FileFacts { fault, ..FileFacts::new(&photo.facts, photo.picture.kind, bytes) })
    }

    pub fn new(facts: &PictureFacts, format: PictureFormat, bytes: u64) -> FileFacts {
        let said = facts.exif.description.as_deref().and_then(description::read);
        FileFacts { format, bytes, facts: facts.clone(), said, fault: None }
    }

    /// The position with all digits, if the row has the same one rounded.
    pub(super) fn position_if_rounded(&self, (lon, lat): (f64, f64)) -> Option<(f64, f64)> {
        let gps = &self.facts.exif.gps;
        let own = (gps.lon?, gps.lat?);
        let same = |a: f64, b: f64| decimal(a, 8) == decimal(b, 8);
        (same(own.0, lon) && same(own.1, lat)).then_some(own)
    }

    pub(super) fn direction_if_rounded(&self, deg: f64) -> Option<f64> {
        let own = self.facts.exif.gps.img_direction?.deg;
        (bearing(own) == bearing(deg)).then_some(own)
    }

    pub(super) fn exif_orientation(&self) -> Option<u16> {
        self.facts.exif.orientation
    }

    /// The capture time according to the app. The GPS time distinguishes a local time from one in UTC.
    pub(super) fn said_ms(&self) -> Option<i64> {
        let said = self.said.as_ref()?;
        let gps_ms = self.facts.exif.gps.utc.map(|utc| utc.and_utc().timestamp_millis());
        match (said.if_utc_ms, gps_ms) {
            (Some(utc), Some(gps)) if (utc - gps).abs() <= SAME_MS => Some(utc),
            _ => said.description.captured_ms,
        }
    }

    /// The serial numbers of body and lens, joined as in mapillary_tools.
    pub(super) fn camera_uuid(&self) -> Option<String> {
        let exif = &self.facts.exif;
        let plain = |serial: &Option<String>| -> Option<String> {
            let plain: String = serial.as_ref()?.chars().filter(|c| c.is_alphanumeric()).collect();
            (!plain.is_empty()).then_some(plain)
        };
        let parts: Vec<String> =
            [&exif.body_serial, &exif.lens_serial].into_iter().filter_map(plain).collect();
        (!parts.is_empty()).then(|| parts.join("_"))
    }
}
