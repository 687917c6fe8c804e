//! The rows of the town: image objects as returned by the service.

use crate::format::detection::write_geometry;
use crate::value::multi_polygon::{MultiPolygon, Ring};

use super::Ride;
use super::drawing::{SIGN, has_sign};

pub(super) fn instant_ms(ride: &Ride, at: u64) -> i64 {
    ride.start_ms + at as i64 * 2_000
}

pub(super) fn place(ride: &Ride, at: u64) -> (f64, f64) {
    let metres = at as f64 * 11.0;
    let (sin, cos) = ride.bearing_deg.to_radians().sin_cos();
    let lat = ride.from.1 + metres * cos / 111_195.0;
    let lon = ride.from.0 + metres * sin / (111_195.0 * lat.to_radians().cos());
    (lon, lat)
}

/// An image object as returned by the service.
pub(super) fn row(ride: &Ride, id: &str, at: u64) -> String {
    let (lon, lat) = place(ride, at);
    let (width, height) = if ride.pano { (512, 256) } else { (320, 240) };
    let (kind, make) = if ride.pano { ("spherical", "Orbit") } else { ("perspective", "Acme") };
    let organization = ride
        .organization
        .map(|id| format!(",\"organization\":{{\"id\":\"{id}\"}}"))
        .unwrap_or_default();
    let detections = detections(ride, id, at);
    format!(
        "{{\"captured_at\":{},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon:.8},{lat:.8}]}},\
         \"computed_geometry\":{{\"type\":\"Point\",\"coordinates\":[{:.9},{:.9}]}},\"altitude\":{:.1},\
         \"computed_altitude\":{:.3},\"compass_angle\":{:.1},\"computed_compass_angle\":{:.4},\
         \"camera_type\":\"{kind}\",\"is_pano\":{},\"make\":\"{make}\",\"model\":\"One\",\"exif_orientation\":1,\
         \"width\":{width},\"height\":{height},\"sequence\":\"{}\",\"quality_score\":0.7,\
         \"creator\":{{\"username\":\"{}\",\"id\":\"{}\"}}{organization}{detections},\"id\":\"{id}\"}}\n",
        instant_ms(ride, at),
        lon + 4e-6,
        lat - 3e-6,
        12.0 + at as f64 / 10.0,
        12.2 + at as f64 / 10.0,
        ride.bearing_deg,
        ride.bearing_deg + 0.35,
        ride.pano,
        ride.sequence,
        ride.user.0,
        ride.user.1,
    )
}

/// The detections of a picture: the road, and a round sign in every fourth. 360-degree pictures have none.
fn detections(ride: &Ride, id: &str, at: u64) -> String {
    if ride.pano {
        return String::new();
    }
    let horizon = 132.0 / 240.0;
    let road = vec![vec![[0.5, horizon], [0.95, 1.0], [0.05, 1.0]]];
    let ring = |part: f64| -> Ring {
        let corner = |n: i32| {
            let (sin, cos) = (f64::from(n) * std::f64::consts::TAU / 24.0).sin_cos();
            [(SIGN.0 + SIGN.2 * part * cos) / 320.0, (SIGN.1 + SIGN.2 * part * sin) / 240.0]
        };
        (0..24).map(corner).collect()
    };
    let sign = vec![ring(1.0), ring(0.6)];
    let all = [("construction--flat--road", road), ("object--traffic-sign--front", sign)];
    let seen = if has_sign(at as u32) { 2 } else { 1 };
    let entries = all.into_iter().take(seen).enumerate().map(|(number, (value, rings))| {
        let geometry = write_geometry(&MultiPolygon::new(vec![rings]));
        let first = number + 2;
        format!(
            "{{\"value\":\"{value}\",\"geometry\":\"{geometry}\",\"created_at\":\"2024-09-01T08:11:09+0000\",\"id\":\"{first}{}\"}}",
            &id[1..]
        )
    });
    format!(",\"detections\":{{\"data\":[{}]}}", entries.collect::<Vec<_>>().join(","))
}
