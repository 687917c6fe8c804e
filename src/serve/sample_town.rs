//! A made-up town as a small archive, served by `mly demo` and the tests: drawn pictures and their rows, the same each
//! time. It has two users, an organization and a 360-degree sequence.

mod drawing;
mod features;
mod rows;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::disk::atomic_file;

use drawing::draw;
use rows::{instant_ms, row};

/// A ride through the town.
pub struct Ride {
    pub sequence: &'static str,
    pub user: (&'static str, &'static str),
    pub organization: Option<&'static str>,
    pub pano: bool,
    /// The position of the first picture, and the direction of the ride.
    from: (f64, f64),
    bearing_deg: f64,
    start_ms: i64,
    pub pictures: u64,
}

/// The rides, ordered by time.
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

/// The picture that was deleted: it is listed in its sequence, and nowhere else.
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
