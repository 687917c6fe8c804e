//! A made-up town as a small archive, which `mly demo` and the tests serve: drawn pictures and their
//! rows, the same each time. Two users, an organization, a 360 degree sequence.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use jpeg_encoder::{ColorType, Encoder};

use crate::disk::atomic_file;
use crate::format::detection::write_geometry;
use crate::value::multi_polygon::{MultiPolygon, Ring};

mod features;

/// A ride through the town.
pub struct Ride {
    pub sequence: &'static str,
    pub user: (&'static str, &'static str),
    pub organization: Option<&'static str>,
    pub pano: bool,
    /// Where it begins, and where it goes.
    from: (f64, f64),
    bearing_deg: f64,
    start_ms: i64,
    pub pictures: u64,
}

/// The rides, in order of time.
pub const RIDES: [Ride; 5] = [
    ride(
        "Qm3vT7xKpL0aWcZyR2sNfB",
        ("ada", "100200300400501"),
        None,
        false,
        (9.9500, 54.3200),
        80.0,
        1_717_245_296_123,
        16,
    ),
    ride(
        "w8hj2kd0s9qlx7v4n1m3zt",
        ("ada", "100200300400501"),
        Some("800900100200301"),
        false,
        (9.9560, 54.3213),
        170.0,
        1_717_331_700_040,
        14,
    ),
    ride(
        "-Zk81_yGnTqaBvR5cXoE3w",
        ("grace", "100200300400502"),
        None,
        true,
        (9.9522, 54.3180),
        350.0,
        1_719_830_100_500,
        12,
    ),
    ride(
        "7nfkwfvjdtphq7yj6zet6b",
        ("grace", "100200300400502"),
        Some("800900100200301"),
        false,
        (9.9610, 54.3225),
        260.0,
        1_722_508_200_000,
        16,
    ),
    ride(
        "Ls0LoneP1cture2Of3Town",
        ("grace", "100200300400502"),
        None,
        false,
        (9.9585, 54.3190),
        10.0,
        1_722_600_000_250,
        1,
    ),
];

/// A box around the town.
pub const BBOX: &str = "9.94,54.31,9.97,54.33";

/// The picture that was deleted: listed in its sequence, and nowhere else.
pub const DELETED: &str = "1020304050600105";

#[allow(clippy::too_many_arguments)]
const fn ride(
    sequence: &'static str,
    user: (&'static str, &'static str),
    organization: Option<&'static str>,
    pano: bool,
    from: (f64, f64),
    bearing_deg: f64,
    start_ms: i64,
    pictures: u64,
) -> Ride {
    Ride { sequence, user, organization, pano, from, bearing_deg, start_ms, pictures }
}

/// The id of a ride's picture.
pub fn id(ride: usize, at: u64) -> String {
    format!("{}", 1_020_304_050_600_000 + ride as u64 * 1_000 + 100 + at)
}

/// Writes the archive: `pictures/ID_original.jpg`, `images.jsonl` and `map-features.jsonl`.
pub fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder.join("pictures"))?;
    let mut rows = Vec::new();
    for (number, ride) in RIDES.iter().enumerate() {
        for at in 0..ride.pictures {
            let id = id(number, at);
            rows.write_all(row(ride, &id, at).as_bytes())?;
            if id != DELETED {
                let path = folder.join(format!("pictures/{id}_original.jpg"));
                draw(&path, ride, number as u32, at)?;
                let taken =
                    SystemTime::UNIX_EPOCH + Duration::from_millis(instant_ms(ride, at) as u64);
                fs::File::options().write(true).open(&path)?.set_modified(taken)?;
            }
        }
    }
    atomic_file::write(&folder.join("images.jsonl"), &rows)?;
    atomic_file::write(&folder.join("map-features.jsonl"), features::map_features().as_bytes())
}

fn instant_ms(ride: &Ride, at: u64) -> i64 {
    ride.start_ms + at as i64 * 2_000
}

fn place(ride: &Ride, at: u64) -> (f64, f64) {
    let metres = at as f64 * 11.0;
    let (sin, cos) = ride.bearing_deg.to_radians().sin_cos();
    let lat = ride.from.1 + metres * cos / 111_195.0;
    let lon = ride.from.0 + metres * sin / (111_195.0 * lat.to_radians().cos());
    (lon, lat)
}

/// An image object as the service gives it.
fn row(ride: &Ride, id: &str, at: u64) -> String {
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

/// What is to be seen in a picture: the road, and a round sign in every fourth. Nothing was detected
/// in 360 degree pictures.
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

/// Where the sign stands, and its radius, in pixels of 320 by 240.
const SIGN: (f64, f64, f64) = (262.0, 96.0, 22.0);

fn has_sign(at: u32) -> bool {
    at % 4 == 1
}

/// A street with houses and sky: enough to tell one picture from another.
fn draw(path: &Path, ride: &Ride, number: u32, at: u64) -> io::Result<()> {
    let (width, height) = if ride.pano { (512u16, 256u16) } else { (320, 240) };
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            pixels.extend_from_slice(&colour(
                x,
                y,
                u32::from(width),
                u32::from(height),
                number,
                at as u32,
            ));
        }
    }
    let mut bytes = Vec::new();
    let encoder = Encoder::new(&mut bytes, 85);
    encoder.encode(&pixels, width, height, ColorType::Rgb).map_err(io::Error::other)?;
    fs::write(path, bytes)
}

fn colour(x: u32, y: u32, width: u32, height: u32, ride: u32, at: u32) -> [u8; 3] {
    let far = (f64::from(x) + 0.5 - SIGN.0).hypot(f64::from(y) + 0.5 - SIGN.1) / SIGN.2;
    if width == 320 && has_sign(at) && far < 1.0 {
        return if far < 0.6 { [240, 238, 230] } else { [196, 30, 36] };
    }
    let horizon = height * 11 / 20;
    let aside = x.abs_diff(width / 2);
    if y > horizon {
        let lane = (y - horizon) * width / height;
        let line = aside < 3 && (y + at * 9) % 30 < 16;
        return if line {
            [235, 230, 210]
        } else if aside < lane {
            [92, 94, 99]
        } else {
            [104, 140, 78]
        };
    }
    let house = (x + at * 13) / 40;
    let roof = horizon - 30 - (house * 37 + ride * 23) % 70;
    if y > roof && aside > width / 9 {
        let window = (x + at * 13) % 40 / 8 % 2 == 1 && (y - roof) / 9 % 2 == 1;
        let wall = [
            (150 + house * 31 % 80) as u8,
            (110 + house * 53 % 80) as u8,
            (90 + ride * 29 % 90) as u8,
        ];
        return if window { [64, 78, 104] } else { wall };
    }
    [(120 + y / 3) as u8, (170 + y / 4) as u8, 232]
}
