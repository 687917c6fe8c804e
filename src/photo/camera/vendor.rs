//! Position and direction from the XMP properties of drones and 360-degree cameras, for photos without them in EXIF
//! and standard XMP.

use crate::format::exif::gps::Direction;
use crate::format::xmp::{self, Namespace, Packet};
use crate::value::geo::{normal_deg, turn_deg};
use crate::value::height_validity::Heights;

use super::Camera;
use super::from_xmp::Words;

/// Directions further apart than this are different.
const SAME_DIRECTION_DEG: f64 = 5.0;

/// The heading of a lens or gimbal, in degrees from north. The heading of the aircraft is not used.
const HEADINGS: [(Namespace, &str); 4] = [
    (xmp::GPANO, "PoseHeadingDegrees"),
    (xmp::DJI, "GimbalYawDegree"),
    (xmp::PARROT, "CameraYawDegree"),
    (xmp::PIX4D, "Yaw"),
];

/// Whether a value of `position_by` or `direction_by` names the tag that was read. Values for a computed position or
/// direction have no colon.
pub fn is_tag(by: &str) -> bool {
    by.contains(':')
}

impl Camera {
    /// Takes what is still missing from the first packet that has it.
    pub(super) fn take_vendor_words(
        &mut self,
        packets: &[&Packet],
        heights: Heights,
        unread: &mut Vec<String>,
    ) {
        for packet in packets {
            if self.position.is_none() {
                self.take_flight(&mut Words::new(packet, heights, unread));
            }
            if self.direction.is_none() {
                self.take_heading(packet, heights, unread);
            }
        }
    }

    fn take_flight(&mut self, words: &mut Words) {
        let Ok(Some(position)) = words.flight() else { return };
        self.position = Some(position);
        self.position_by = Some("drone-dji:GpsLatitude".into());
        self.altitude_m = words.height(xmp::DJI, "AbsoluteAltitude", false);
    }

    fn take_heading(&mut self, packet: &Packet, heights: Heights, unread: &mut Vec<String>) {
        let mut words = Words::new(packet, heights, unread);
        let found: Vec<(String, f64)> = HEADINGS
            .iter()
            .filter_map(|&(space, name)| {
                let deg = words.degrees(space, name, 360.0)?;
                Some((format!("{}:{name}", space.prefix), normal_deg(deg)))
            })
            .collect();
        let Some((by, deg)) = found.first() else { return };
        let other =
            found.iter().find(|(_, other)| turn_deg(*deg, *other).abs() > SAME_DIRECTION_DEG);
        if let Some((name, other)) = other {
            unread.push(format!("direction {deg} of {by} is used, {name} says {other}"));
        }
        self.direction = Some(Direction { deg: *deg, magnetic: false });
        self.direction_by = Some(by.clone());
    }
}

#[cfg(test)]
mod tests;
