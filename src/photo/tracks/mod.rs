//! Track files of any known format, merged into one track.

mod file;
mod folder;
mod load_on_demand;
mod options;
mod rows;
mod track_remarks;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::open;
use crate::disk::{Action, PathError};
use crate::shape::FatalError;
use crate::value::track::{Fix, Track};

pub use file::FileTrack;
use file::TrackFile;
use folder::Folder;
use load_on_demand::cover;
pub use options::TrackOptions;

/// A track, and the messages about its files. Files of folders are read when a photo needs them.
pub struct Tracks {
    how: TrackOptions,
    track: Arc<Track>,
    /// The names of the track's sources.
    names: Vec<String>,
    folders: Vec<Folder>,
    words: Vec<String>,
}

impl Tracks {
    /// Reads the files, and scans the folders.
    ///
    /// # Errors
    /// If a file cannot be read, or is not a track: a position must not depend on which files happened to be there.
    pub fn open(paths: &[PathBuf], how: TrackOptions) -> Result<Tracks, FatalError> {
        let mut tracks = Tracks {
            how,
            track: Arc::default(),
            names: Vec::new(),
            folders: Vec::new(),
            words: Vec::new(),
        };
        let mut all = Vec::new();
        for path in paths {
            if path.is_dir() {
                tracks.folders.push(Folder::open(path)?);
                continue;
            }
            let found = file::read(path, how, how.near_ms);
            all.push(found.map_err(|unread| unread.into_fatal(path))?);
        }
        tracks.add(all);
        tracks.cover(how.near_ms)?;
        Ok(tracks)
    }

    pub fn track(&self) -> &Arc<Track> {
        &self.track
    }

    /// The file name of a segment's source.
    pub fn name(&self, source: usize) -> &str {
        self.names.get(source).map_or("", String::as_str)
    }

    /// The messages since the last call.
    pub fn words(&mut self) -> Vec<String> {
        std::mem::take(&mut self.words)
    }

    /// Messages on what was left out, once all photos are known.
    pub fn last_words(&self) -> Vec<String> {
        self.folders.iter().map(Folder::told).collect()
    }

    /// Reads the files of folders that a photo of this instant may need, or all without an instant.
    ///
    /// # Errors
    /// If a file cannot be read from the disk.
    pub fn cover(&mut self, time_ms: Option<i64>) -> Result<(), FatalError> {
        let mut all = Vec::new();
        for folder in &mut self.folders {
            all.extend(cover(folder, self.how, time_ms, &mut self.words)?);
        }
        self.add(all);
        Ok(())
    }

    fn add(&mut self, all: Vec<TrackFile>) {
        let mut segments: Vec<(usize, Vec<Fix>)> = Vec::new();
        for found in all {
            self.words.extend(found.words);
            for part in found.parts {
                let own = part.recording.into_segments().into_iter();
                segments.extend(own.map(|segment| (self.names.len(), segment)));
                self.names.push(part.name);
            }
        }
        if segments.is_empty() {
            return;
        }
        let cleaning = Arc::make_mut(&mut self.track).add(segments, self.how.max_mps);
        self.words.extend(track_remarks::told(&cleaning, &self.names, self.how.max_mps));
    }
}

/// All tracks of the files and folders, unmerged, and the messages about them.
///
/// # Errors
/// If a file cannot be read, or is not a track.
pub fn read_all(
    paths: &[PathBuf],
    how: TrackOptions,
) -> Result<(Vec<FileTrack>, Vec<String>), FatalError> {
    let (mut parts, mut words) = (Vec::new(), Vec::new());
    for path in paths {
        let all = if path.is_dir() {
            let mut folder = Folder::open(path)?;
            let all = cover(&mut folder, how, None, &mut words)?;
            words.push(folder.told());
            all
        } else {
            let found = file::read(path, how, how.near_ms);
            vec![found.map_err(|unread| unread.into_fatal(path))?]
        };
        for found in all {
            words.extend(found.words);
            parts.extend(found.parts);
        }
    }
    Ok((parts, words))
}

/// Checks that each file can be opened, before any work is done.
pub fn check(paths: &[PathBuf]) -> Result<(), FatalError> {
    // A pipe can only be read once, so it is not opened here.
    let wrong = |path: &Path| match std::fs::metadata(path) {
        Ok(meta) if meta.is_file() => open::file(path).err(),
        found => found.err(),
    };
    match paths.iter().find_map(|path| Some((path, wrong(path)?))) {
        Some((path, error)) => Err(PathError::new(Action::ReadTrack, path, error).into()),
        None => Ok(()),
    }
}
