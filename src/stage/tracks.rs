//! Track files of any known format, as one track.

use std::fs;
use std::path::{Path, PathBuf};

use crate::format::{gpx, nmea, recording::Recording};
use crate::stage::Fault;
use crate::value::track::{Cleaning, Fix, Track};

/// A track, and what there is to say of its files.
pub struct Tracks {
    pub track: Track,
    pub words: Vec<String>,
}

/// Reads the files. `near_ms`, an instant of the photos, brings back dates of rolled-over weeks.
///
/// # Errors
/// A file that cannot be read, or is no track at all: a position must not depend on which files
/// happened to be there.
pub fn open(paths: &[PathBuf], near_ms: Option<i64>) -> Result<Tracks, Fault> {
    let mut segments: Vec<Vec<Fix>> = Vec::new();
    let mut words = Vec::new();
    for path in paths {
        let name = path.display();
        let recording = read(path, near_ms)?;
        words.extend(recording.remarks.iter().map(|remark| format!("'{name}': {remark}")));
        let found = recording.into_segments();
        if found.is_empty() {
            words.push(format!("'{name}': no fix with a time"));
        }
        segments.extend(found);
    }
    let (track, cleaning) = Track::new(segments);
    words.extend(told(&cleaning));
    Ok(Tracks { track, words })
}

fn read(path: &Path, near_ms: Option<i64>) -> Result<Recording, Fault> {
    let name = path.display();
    let bytes = fs::read(path).map_err(|e| Fault(format!("cannot read track '{name}': {e}")))?;
    // Only GPX has brackets at its start, in whatever encoding.
    let is_gpx = bytes.iter().take(8).any(|&byte| byte == b'<');
    let recording = if is_gpx { gpx::read(&bytes) } else { nmea::read(&bytes, near_ms) };
    recording.map_err(|e| Fault(format!("cannot read track '{name}': {e}; give GPX or NMEA")))
}

fn told(cleaning: &Cleaning) -> impl Iterator<Item = String> {
    let counts = [
        (cleaning.sorted, "out of order were sorted"),
        (cleaning.doubled, "of an instant that had one already were left out"),
        (cleaning.jumped, "that jump back in time to where nobody could be were left out"),
        (cleaning.null_island, "at exactly 0, 0 were left out"),
    ];
    counts
        .into_iter()
        .filter(|count| count.0 > 0)
        .map(|(n, what)| format!("track: {n} fixes {what}"))
}
