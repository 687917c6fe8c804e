//! Reads all tracks of one file, whatever it is compressed with.

use std::io::Read;
use std::path::Path;

use crate::disk::open;
use crate::format::parsed_track::Recording;
use crate::format::track::{
    self, Limits, TrackFormat, UnpackError, UnpackedFile, looks_like, unpack,
};
use crate::shape::FatalError;

use super::TrackOptions;
use super::rows;

const CUT_OFF: &str = "the gzip file is cut off; what is there was used";

/// The advice for a file that is not a track.
pub const WAY_OUT: &str = "give GPX, KML, TCX, FIT, IGC, GeoJSON with times, NMEA, a Timeline of Google, or rows of fixes; \
gpsbabel turns most others into GPX";

/// A track of a file.
pub struct FileTrack {
    /// The path of the file, and for an archive the path inside it.
    pub name: String,
    pub recording: Recording,
}

/// The tracks of a file, and the messages about them.
#[derive(Default)]
pub struct TrackFile {
    pub parts: Vec<FileTrack>,
    pub words: Vec<String>,
}

/// Why no track could be read from a file.
pub enum Unread {
    /// The file cannot be read from the disk.
    Io(String),
    /// The file is something different, such as `a JPEG picture`.
    NoTrack(String),
    /// The file is a track or an archive, but damaged.
    Damaged(String),
}

impl From<UnpackError> for Unread {
    fn from(error: UnpackError) -> Unread {
        Unread::Damaged(error.to_string())
    }
}

impl Unread {
    pub fn into_fatal(self, path: &Path) -> FatalError {
        let name = path.display();
        FatalError(match self {
            Unread::Io(what) | Unread::Damaged(what) => {
                format!("cannot read track '{name}': {what}")
            }
            Unread::NoTrack(looks) => {
                format!("cannot read track '{name}': it looks like {looks}; {WAY_OUT}")
            }
        })
    }
}

/// Reads a file. With `near_ms`, dates that a receiver lacked or got wrong by a week number rollover are corrected.
pub fn read(path: &Path, how: TrackOptions, near_ms: Option<i64>) -> Result<TrackFile, Unread> {
    let mut bytes = Vec::new();
    open::named(path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(|error| Unread::Io(error.to_string()))?;
    let is_archive = bytes.starts_with(b"PK");
    let mut found = TrackFile::default();
    let mut looks = None;
    let wants = |head: &[u8]| TrackFormat::detect(head).is_some() || rows::are_rows(head);
    let unpacked = unpack(bytes, Limits::default(), &wants, &mut |member| {
        let name = match &member.name {
            None => path.display().to_string(),
            Some(inner) => format!("{}/{inner}", path.display()),
        };
        let inner = member.name.clone().map(|inner| format!("'{inner}': ")).unwrap_or_default();
        match part(member, near_ms) {
            Ok(recording) => found.add(FileTrack { name, recording }, how, near_ms),
            Err(Unread::NoTrack(what)) => looks = Some(what),
            Err(Unread::Io(what) | Unread::Damaged(what)) => {
                return Err(Unread::Damaged(format!("{inner}{what}")));
            }
        }
        Ok(())
    });
    let unpacked = unpacked?;
    if found.parts.is_empty() {
        let empty = || if is_archive { "a ZIP without a track in it" } else { "an empty packing" };
        return Err(Unread::NoTrack(looks.unwrap_or_else(|| empty().to_string())));
    }
    if let Some((name, what)) = unpacked.first {
        let (path, count) = (path.display(), unpacked.left_out);
        found.words.push(format!(
            "'{path}': members that are not tracks are left out: {count}, first '{name}', which looks like {what}"
        ));
    }
    Ok(found)
}

fn part(member: UnpackedFile, near_ms: Option<i64>) -> Result<Recording, Unread> {
    let read = match TrackFormat::detect(&member.bytes) {
        Some(kind) => track::read(kind, &member.bytes, near_ms)
            .map_err(|what| Unread::Damaged(format!("{kind}: {what}"))),
        None => {
            let looks = looks_like(&member.bytes);
            rows::read(member.bytes).map_err(|what| match what {
                Some(what) => Unread::Damaged(what),
                None => Unread::NoTrack(looks),
            })
        }
    };
    let mut recording = read?;
    if member.is_cut {
        recording.remark_file(CUT_OFF);
    }
    Ok(recording)
}

impl TrackFile {
    fn add(&mut self, mut part: FileTrack, how: TrackOptions, near_ms: Option<i64>) {
        near_ms.iter().for_each(|&near_ms| part.recording.unroll(near_ms));
        how.zone.iter().for_each(|&zone| part.recording.set_zone(zone));
        let name = &part.name;
        let heights = part.recording.check_heights(how.heights);
        self.words.extend(heights.map(|what| format!("'{name}': {what}")));
        self.words
            .extend(part.recording.remarks.iter().map(|remark| format!("'{name}': {remark}")));
        let (fixes, waypoints) = (part.recording.fixes(), part.recording.waypoints.len());
        if fixes > 0 && waypoints > 0 {
            self.words
                .push(format!("'{name}': waypoints beside the track are not used: {waypoints}"));
        }
        if fixes + waypoints == 0 {
            self.words.push(format!("'{name}': no fix with a time"));
        }
        self.parts.push(part);
    }

    /// The first and last instant of all tracks.
    pub fn span(&self) -> Option<(i64, i64)> {
        let recordings = self.parts.iter().map(|part| &part.recording);
        let fixes = recordings
            .flat_map(|recording| recording.segments.iter().flatten().chain(&recording.waypoints));
        fixes.fold(None, |span, fix| {
            let (first, last) = span.unwrap_or((fix.time_ms, fix.time_ms));
            Some((first.min(fix.time_ms), last.max(fix.time_ms)))
        })
    }
}
