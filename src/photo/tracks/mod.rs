//! Track files of any known format, as one track.

mod cover;
mod file;
mod folder;
mod options;
mod rows;
mod track_remarks;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::open;
use crate::disk::{Action, PathError};
use crate::shape::FatalError;
use crate::value::track::{Fix, Track};

use cover::cover;
pub use file::FileTrack;
use file::TrackFile;
use folder::Folder;
pub use options::TrackOptions;

/// A track, and what there is to say of its files. Files of a folder are read when a photo needs them.
pub struct Tracks {
    how: TrackOptions,
    track: Arc<Track>,
    /// The names of the track's sources.
    names: Vec<String>,
    folders: Vec<Folder>,
    words: Vec<String>,
}

impl Tracks {
    /// Reads the files, and looks at those of folders.
    ///
    /// # Errors
    /// A file that cannot be read, or is no track at all: a position must not depend on which files
    /// happened to be there.
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

    /// The file that a segment's source is.
    pub fn name(&self, source: usize) -> &str {
        self.names.get(source).map_or("", String::as_str)
    }

    /// What has come up since it was asked for the last time.
    pub fn words(&mut self) -> Vec<String> {
        std::mem::take(&mut self.words)
    }

    /// What was left out, once all photos are known.
    pub fn last_words(&self) -> Vec<String> {
        self.folders.iter().map(Folder::told).collect()
    }

    /// Reads the files of folders that a photo of this instant may need, without one all.
    ///
    /// # Errors
    /// A file that the disk does not give.
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
        self.words.extend(track_remarks::told(&cleaning, self.how.max_mps));
    }
}

/// All tracks of the files and folders, as they stand in them, and what there is to say of them.
///
/// # Errors
/// A file that cannot be read, or is no track at all.
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

/// Whether each file can be opened, before any work is done.
pub fn check(paths: &[PathBuf]) -> Result<(), FatalError> {
    // A pipe is read once, and has no end before that.
    let wrong = |path: &Path| match std::fs::metadata(path) {
        Ok(meta) if meta.is_file() => open::file(path).err(),
        found => found.err(),
    };
    match paths.iter().find_map(|path| Some((path, wrong(path)?))) {
        Some((path, error)) => Err(PathError::new(Action::ReadTrack, path, error).into()),
        None => Ok(()),
    }
}
