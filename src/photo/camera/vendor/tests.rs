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
