//! The map features of the made-up town.

use super::drawing::has_sign;
use super::rows::{instant_ms, place};
use super::{RIDES, id};

/// The map features as the service lists them: each sign, and a bench at every sixth picture.
pub fn map_features() -> String {
    let mut features = String::new();
    for (number, ride) in RIDES.iter().enumerate().filter(|(_, ride)| !ride.pano) {
        for at in 0..ride.pictures {
            let angle = (ride.bearing_deg + 180.0) % 360.0;
            if has_sign(at as u32) {
                let kind = ("regulatory--road-closed-to-vehicles--g1", "trafficsign", Some(angle));
                features += &map_feature(number, (at, at), 4.0, kind);
            }
            if at % 6 == 2 {
                let kind = ("object--bench", "mvd_fast", None);
                features += &map_feature(number, (at, (at + 1).min(ride.pictures - 1)), -3.0, kind);
            }
        }
    }
    features
}

/// A feature seen from the pictures `first` to `last` of a ride, `right_m` to the right of the road, 11 m ahead.
fn map_feature(
    number: usize,
    (first, last): (u64, u64),
    right_m: f64,
    (value, kind, angle_deg): (&str, &str, Option<f64>),
) -> String {
    let ride = &RIDES[number];
    let (lon, lat) = place(ride, last + 1);
    let (sin, cos) = ride.bearing_deg.to_radians().sin_cos();
    let (lon, lat) = (
        lon + right_m * cos / (111_195.0 * lat.to_radians().cos()),
        lat - right_m * sin / 111_195.0,
    );
    let images = (first..=last).map(|at| {
        let (lon, lat) = place(ride, at);
        format!(
            "{{\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon:.8},{lat:.8}]}},\"id\":\"{}\"}}",
            id(number, at)
        )
    });
    let images = images.collect::<Vec<_>>().join(",");
    let seen = |at| {
        let seen = chrono::DateTime::from_timestamp_millis(instant_ms(ride, at));
        seen.unwrap_or_default().format("%Y-%m-%dT%H:%M:%S+0000").to_string()
    };
    let angle = angle_deg.map(|deg| format!("\"aligned_direction\":{deg:.1},")).unwrap_or_default();
    format!(
        "{{\"first_seen_at\":\"{}\",\"last_seen_at\":\"{}\",\"object_value\":\"{value}\",\
         \"object_type\":\"{kind}\",{angle}\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon:.8},{lat:.8}]}},\
         \"images\":{{\"data\":[{images}]}},\"id\":\"9{}\"}}\n",
        seen(first),
        seen(last),
        &id(number, first)[1..].replacen('0', if kind == "trafficsign" { "1" } else { "2" }, 1)
    )
}
