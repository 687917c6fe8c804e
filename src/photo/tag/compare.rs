//! Whether a file already has the values of a row, and whether its present values may be overwritten.

mod origin;

use crate::format::exif::gps::Direction;
use crate::format::exif::tags::{self, Tag};
use crate::format::picture::PictureFacts;
use crate::format::xmp::{self, Packet};
use crate::photo::camera::{Camera, is_worked_out};
use crate::shape::RowError;
use crate::value::provenance::TimeBy;

use super::desired_tags::{Clock, Fix, Heading, Wanted};
use super::options::{NoZone, Options, TagGroup};

/// Positions this close are the same, in metres.
const SAME_PLACE_M: f64 = 0.01;
/// Numbers are the same if they would be written alike: heights and gaps with three decimals,
const THOUSANDTH: f64 = 0.001;
/// angles, speeds and HDOP with two. Other programs write finer fractions, of which a row has these decimals.
const HUNDREDTH: f64 = 0.01;
/// The error of a number that is written with its decimals and read again.
const ROUNDING: f64 = 1e-6;

/// What to do with one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagDecision {
    /// The file has the values already, or the row has none.
    Right,
    /// The values are to be written.
    Write,
    /// The file has a different value that was recorded, not computed: it is kept.
    Held,
    /// Nothing shows that the picture comes from the service.
    Unshown,
}

/// A file as it is now.
pub struct FileValues<'a> {
    pub camera: &'a Camera,
    pub facts: &'a PictureFacts,
    pub sidecar: Option<&'a Packet>,
}

impl FileValues<'_> {
    /// # Errors
    /// If a value is needed here and could not be computed.
    pub fn verdict(
        &self,
        group: TagGroup,
        wanted: &Wanted,
        options: &Options,
    ) -> Result<TagDecision, RowError> {
        let (right, taken) = match group {
            TagGroup::Position => self.position(wanted.position.as_ref()),
            TagGroup::Direction => self.direction(wanted.direction.as_ref()),
            TagGroup::Time => return self.time(wanted.time.as_ref(), options),
            TagGroup::Camera => self.make_and_model(wanted.camera.as_ref()),
            TagGroup::Id => self.id(wanted.id.as_ref()),
            TagGroup::Rights => self.rights(wanted.rights.as_ref(), wanted.id.as_ref()),
            TagGroup::Pano => self.pano(wanted.pano),
        };
        Ok(match (right, taken && !options.overwrite) {
            (true, _) => TagDecision::Right,
            (false, _) if self.is_unshown(group, wanted, options) => TagDecision::Unshown,
            (false, true) => TagDecision::Held,
            (false, false) => TagDecision::Write,
        })
    }

    /// A licence and a link to the service are only written into the service's own pictures: if the row or the file
    /// shows that it is one, or the user names the group.
    fn is_unshown(&self, group: TagGroup, wanted: &Wanted, options: &Options) -> bool {
        let own = &self.camera.img_id;
        let is_known = own.is_some() && *own == wanted.id.as_ref().map(|id| id.img_id.clone());
        matches!(group, TagGroup::Id | TagGroup::Rights)
            && !(wanted.is_of_service || is_known || options.only.contains(&group))
    }

    /// Whether the file is right, and whether it has a value that was recorded.
    fn position(&self, fix: Option<&Fix>) -> (bool, bool) {
        let (Some(fix), camera) = (fix, self.camera) else { return (true, false) };
        let near = camera
            .position
            .is_some_and(|place| place.distance_m(fix.place) <= SAME_PLACE_M + ROUNDING);
        // The instant is right if it matches either clock of the file.
        let instants = [camera.gps_ms, camera.captured_ms];
        let right = near
            && is_near(fix.altitude_m, camera.altitude_m, THOUSANDTH)
            && fix.captured_ms.is_none_or(|ms| instants.contains(&Some(ms)))
            && is_near(fix.speed_kmh, camera.speed_kmh, HUNDREDTH)
            && is_near(fix.hdop, camera.hdop, HUNDREDTH)
            && fix.track_deg.is_none_or(|deg| camera.track_deg.is_some_and(|is| turn(is, deg)))
            && (fix.by.is_none() || fix.by == camera.position_by)
            && is_near(fix.gap_s, camera.gap_s, THOUSANDTH)
            && is_near(fix.gap_m, camera.gap_m, THOUSANDTH);
        let is_read = self.has_place() && !is_worked_out(camera.position_by.as_deref());
        (right, is_read && fix.by.is_none())
    }

    /// Whether the file has a position, even an unreadable one.
    pub fn has_place(&self) -> bool {
        self.camera.position.is_some() || self.is_unread(&[tags::GPS_LATITUDE, tags::GPS_LONGITUDE])
    }

    fn direction(&self, heading: Option<&Heading>) -> (bool, bool) {
        let (Some(heading), camera) = (heading, self.camera) else { return (true, false) };
        let same = |is: Direction| {
            is.magnetic == heading.direction.magnetic && turn(is.deg, heading.direction.deg)
        };
        let by = &heading.by;
        let right =
            camera.direction.is_some_and(same) && (by.is_none() || *by == camera.direction_by);
        let unread = self.is_unread(&[tags::GPS_IMG_DIRECTION]);
        let read =
            unread || camera.direction.is_some() && !is_worked_out(camera.direction_by.as_deref());
        (right, read && by.is_none())
    }

    /// Whether one of these tags has an unreadable value.
    fn is_unread(&self, tags: &[Tag]) -> bool {
        tags.iter().any(|tag| self.facts.exif.unread.contains(tag))
    }

    /// A row's instant never changes a file's own date, because it claims nothing about the camera's clock.
    fn time(
        &self,
        clock: Option<&Result<Clock, NoZone>>,
        options: &Options,
    ) -> Result<TagDecision, RowError> {
        let Some(clock) = clock else { return Ok(TagDecision::Right) };
        // The modification date of a file is not a date of its picture.
        let own = self.camera.taken_at.filter(|_| self.camera.time_by != Some(TimeBy::Modified));
        let own = own.map(|time| time.clock_ms());
        let same = clock.as_ref().is_ok_and(|clock| {
            own == Some(clock.local.clock_ms())
                && (clock.offset_s.is_none() || clock.offset_s == self.camera.offset_s())
        });
        let differs = own.is_some() && clock.as_ref().is_ok_and(|clock| self.is_at_odds(clock));
        let unread = self.is_unread(&[tags::DATE_TIME_ORIGINAL, tags::DATE_TIME_DIGITIZED]);
        let stays = (own.is_some() || unread) && !options.may_replace_time();
        match (same, stays, differs || options.only.contains(&TagGroup::Time)) {
            (true, ..) | (_, true, false) => Ok(TagDecision::Right),
            (false, true, true) => Ok(TagDecision::Held),
            (false, false, _) => {
                Ok((*clock).map(|_| TagDecision::Write).map_err(|why| why.to_string())?)
            }
        }
    }

    /// Whether the file's own date is of another instant, or if its zone is unknown, of another time of the camera's
    /// clock. Programs drop fractions of a second.
    fn is_at_odds(&self, clock: &Clock) -> bool {
        let is_far = |a: i64, b: i64| a.abs_diff(b) >= 1000;
        match (self.camera.captured_ms, clock.captured_ms(), self.camera.taken_at) {
            (Some(own), Some(wanted), _) => is_far(own, wanted),
            (_, _, Some(own)) => {
                clock.is_of_camera && is_far(own.clock_ms(), clock.local.clock_ms())
            }
            _ => false,
        }
    }

    fn make_and_model(&self, names: Option<&(Option<String>, Option<String>)>) -> (bool, bool) {
        let Some((make, model)) = names else { return (true, false) };
        let is = |wanted: &Option<String>, own: &Option<String>| wanted.is_none() || wanted == own;
        let (own_make, own_model) = (&self.camera.make, &self.camera.model);
        let right = is(make, own_make) && is(model, own_model);
        let other = |wanted: &Option<String>, own: &Option<String>| own.is_some() && wanted != own;
        (right, other(make, own_make) || other(model, own_model))
    }

    fn pano(&self, wanted: bool) -> (bool, bool) {
        let other = self.facts.xmp.text(xmp::GPANO, "ProjectionType").is_some();
        (!wanted || self.camera.is_pano, other)
    }
}

/// The values of the row must be in the file; values that the row lacks do not matter.
fn is_near(wanted: Option<f64>, own: Option<f64>, same: f64) -> bool {
    wanted.is_none_or(|wanted| own.is_some_and(|own| (wanted - own).abs() <= same + ROUNDING))
}

/// Whether two angles are the same, also across north.
fn turn(a: f64, b: f64) -> bool {
    let apart = (a - b).rem_euclid(360.0);
    apart.min(360.0 - apart) <= HUNDREDTH + ROUNDING
}

#[cfg(test)]
mod tests;
