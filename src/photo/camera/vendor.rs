//! Place and direction in the words of drones and 360-degree cameras, for photos whose EXIF and whose
//! standard XMP have none.

use crate::format::exif::gps::Direction;
use crate::format::xmp::{self, Namespace, Packet};
use crate::value::geo::{normal_deg, turn_deg};
use crate::value::height::Heights;

use super::from_xmp::Words;
use super::{Camera, place};

/// Directions that are further apart are two.
const SAME_DIRECTION_DEG: f64 = 5.0;

/// Where a lens or a gimbal looked, degrees from north. How the aircraft flew is another thing.
const HEADINGS: [(Namespace, &str); 4] = [
    (xmp::GPANO, "PoseHeadingDegrees"),
    (xmp::DJI, "GimbalYawDegree"),
    (xmp::PARROT, "CameraYawDegree"),
    (xmp::PIX4D, "Yaw"),
];

/// Whether a word of `position_by` or `direction_by` names the tag that was read. What a tool worked
/// out has a word without a colon.
pub fn is_tag(by: &str) -> bool {
    by.contains(':')
}

impl Camera {
    /// Takes what is still open from the first packet that has it.
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
        let lat = words.degrees(xmp::DJI, "GpsLatitude", 90.0);
        // The second is DJI's own spelling.
        let names = ["GpsLongitude", "GpsLongtitude"];
        let lon = names.iter().find_map(|name| words.degrees(xmp::DJI, name, 180.0));
        if words.is_null_island(lat, lon, "drone-dji:GpsLatitude") {
            return;
        }
        let Some(position) = place(lat, lon) else { return };
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
mod tests {
    use super::*;
    use crate::format::exif;
    use crate::format::picture::PictureFacts;
    use crate::value::geo::Position;

    fn packet(words: &[(Namespace, &'static str, &str)]) -> Packet {
        let edit = |&(namespace, name, text): &(Namespace, &'static str, &str)| xmp::Edit {
            namespace,
            name,
            value: Some(xmp::Set::Text(text.into())),
        };
        let edits: Vec<_> = words.iter().map(edit).collect();
        xmp::read(&xmp::edit(None, &edits).unwrap().unwrap())
    }

    fn camera(words: &[(Namespace, &'static str, &str)]) -> Camera {
        Camera::from_facts(
            &PictureFacts { xmp: packet(words), ..PictureFacts::default() },
            None,
            Heights::default(),
        )
    }

    #[test]
    fn each_maker_s_heading_is_read_and_named() {
        for (space, name, text, deg, by) in [
            (xmp::GPANO, "PoseHeadingDegrees", "270.5", 270.5, "GPano:PoseHeadingDegrees"),
            (xmp::DJI, "GimbalYawDegree", "-45.30", 314.7, "drone-dji:GimbalYawDegree"),
            (xmp::DJI, "GimbalYawDegree", "+45.30", 45.3, "drone-dji:GimbalYawDegree"),
            (xmp::PIX4D, "Yaw", "3/2", 1.5, "Camera:Yaw"),
            (xmp::PARROT, "CameraYawDegree", "360", 0.0, "drone-parrot:CameraYawDegree"),
        ] {
            let camera = camera(&[(space, name, text)]);
            assert_eq!(camera.direction, Some(Direction { deg, magnetic: false }), "{name}");
            assert_eq!((camera.direction_by.as_deref(), camera.why), (Some(by), None));
        }
        let wrong = camera(&[(xmp::DJI, "GimbalYawDegree", "north")]);
        assert_eq!(wrong.direction, None);
        assert!(wrong.why.unwrap().contains("GimbalYawDegree 'north'"));
    }

    #[test]
    fn a_drone_s_place_is_read_in_both_spellings() {
        for name in ["GpsLongitude", "GpsLongtitude"] {
            let camera = camera(&[
                (xmp::DJI, "GpsLatitude", "+52.5"),
                (xmp::DJI, name, "-13.25"),
                (xmp::DJI, "AbsoluteAltitude", "+120.50"),
            ]);
            assert_eq!(camera.position, Position::new(-13.25, 52.5).ok());
            assert_eq!(camera.altitude_m, Some(120.5));
            assert_eq!(camera.position_by.as_deref(), Some("drone-dji:GpsLatitude"));
        }
        let zero = camera(&[(xmp::DJI, "GpsLatitude", "0.0"), (xmp::DJI, "GpsLongitude", "0.0")]);
        assert_eq!((zero.position, zero.position_by), (None, None));
        assert!(zero.why.unwrap().contains("0, 0"));
    }

    #[test]
    fn what_exif_and_standard_xmp_say_comes_first_and_disagreement_is_said() {
        let drone = [
            (xmp::DJI, "GpsLatitude", "52.5"),
            (xmp::DJI, "GpsLongitude", "13.25"),
            (xmp::DJI, "GimbalYawDegree", "10"),
        ];
        let mut facts = PictureFacts { xmp: packet(&drone), ..PictureFacts::default() };
        (facts.exif.gps.lat, facts.exif.gps.lon) = (Some(1.0), Some(2.0));
        facts.exif.gps.img_direction = Some(exif::gps::Direction { deg: 90.0, magnetic: false });
        let camera = Camera::from_facts(&facts, None, Heights::default());
        assert_eq!(camera.position, Position::new(2.0, 1.0).ok());
        assert_eq!((camera.direction.unwrap().deg, camera.direction_by), (90.0, None));
        assert_eq!(camera.position_by, None);
        let two = self::camera(&[drone[2], (xmp::GPANO, "PoseHeadingDegrees", "100")]);
        assert_eq!(two.direction_by.as_deref(), Some("GPano:PoseHeadingDegrees"));
        let why =
            "direction 100 of GPano:PoseHeadingDegrees is used, drone-dji:GimbalYawDegree says 10";
        assert_eq!(two.why.as_deref(), Some(why));
    }
}
