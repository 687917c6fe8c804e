//! A folder of tracks, such as a logger's card: selects the files that are read in full.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::disk::{Action, AtPath};
use crate::disk::{open, walk};
use crate::format::track::{HEAD, TrackFormat, is_packed, looks_like, mark, time_span};
use crate::shape::FatalError;
use crate::value::gps_week::correction_ms;
use crate::value::human_format::grouped;
use crate::value::instant::format_instant;

use super::rows;

/// A photo this close to a track may need it, because cameras may have an uncertain zone and tracks may be in local
/// time.
const AROUND_MS: i64 = 86_400_000;

/// This many bytes are enough to recognize the files of a camera's card.
const MARK: usize = 512;

/// A folder, and its files that have not been read yet.
pub struct Folder {
    path: PathBuf,
    files: u64,
    pub waiting: Vec<Waiting>,
    /// Files that are not tracks, by what they look like: the number, and the first one.
    no_tracks: BTreeMap<String, (u64, PathBuf)>,
    damaged: u64,
    read: u64,
}

/// A track that is read when a photo needs it.
pub struct Waiting {
    pub path: PathBuf,
    /// Its first and last instant, if the start and end of the file show them.
    pub span: Option<(i64, i64)>,
}

impl Waiting {
    /// Whether a photo of this instant may need it. Its dates may be off by a week number rollover.
    pub fn is_near(&self, time_ms: i64) -> bool {
        let Some((first_ms, last_ms)) = self.span else { return true };
        let by_ms = correction_ms(first_ms, time_ms);
        [0, by_ms].iter().any(|by_ms| {
            (first_ms + by_ms - AROUND_MS..=last_ms + by_ms + AROUND_MS).contains(&time_ms)
        })
    }
}

impl Folder {
    /// Looks at the start and the end of each file in the folder and its subfolders.
    ///
    /// # Errors
    /// If a file cannot be read: a position must not depend on that.
    pub fn open(path: &Path) -> Result<Folder, FatalError> {
        let mut folder = Folder {
            path: path.to_path_buf(),
            files: 0,
            waiting: Vec::new(),
            no_tracks: BTreeMap::new(),
            damaged: 0,
            read: 0,
        };
        for file in walk::files(path) {
            let file = file.map_err(|error| FatalError(error.to_string()))?;
            folder.look(file)?;
        }
        if folder.waiting.is_empty() {
            Err(FatalError(format!("'{}' has no track in it{}", path.display(), {
                let rest = folder.no_tracks();
                if rest.is_empty() { String::new() } else { format!(": {}", rest.join(", ")) }
            })))
        } else {
            Ok(folder)
        }
    }

    fn look(&mut self, path: PathBuf) -> Result<(), FatalError> {
        self.files += 1;
        let looked = open::file(&path)
            .and_then(|mut file| look(&mut file))
            .at_path(Action::ReadTrack, &path)?;
        match looked {
            Looked::Track(span) => self.waiting.push(Waiting { path, span }),
            Looked::Other(looks) => self.is_no_track(path, looks),
        }
        Ok(())
    }

    pub fn is_no_track(&mut self, path: PathBuf, looks: String) {
        self.no_tracks.entry(looks).or_insert((0, path)).0 += 1;
    }

    pub fn is_damaged(&mut self) {
        self.damaged += 1;
    }

    pub fn is_read(&mut self) {
        self.read += 1;
    }

    /// What was read, and what was left out and why.
    pub fn told(&self) -> String {
        let mut left = Vec::new();
        if !self.waiting.is_empty() {
            let spans = self.waiting.iter().filter_map(|waiting| waiting.span);
            let (first_ms, last_ms) =
                spans.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1))).unwrap_or_default();
            let day =
                |ms| format_instant(ms).map_or_else(String::new, |text| text[..10].to_string());
            left.push(format!(
                "{} that begin or end more than a day from every photo ({} to {}), first '{}'",
                grouped(self.waiting.len() as u64),
                day(first_ms),
                day(last_ms),
                self.waiting[0].path.display()
            ));
        }
        if self.damaged > 0 {
            left.push(format!("{} that cannot be read", grouped(self.damaged)));
        }
        left.extend(self.no_tracks());
        let (path, read, files) = (self.path.display(), grouped(self.read), grouped(self.files));
        if left.is_empty() {
            format!("'{path}': {read} of {files} files read")
        } else {
            format!("'{path}': {read} of {files} files read; left out: {}", left.join(", "))
        }
    }

    fn no_tracks(&self) -> Vec<String> {
        let no_tracks = self.no_tracks.iter();
        let words = no_tracks.map(|(looks, (count, first))| match count {
            1 => format!("'{}', which looks like {looks}", first.display()),
            _ => format!("{} that look like {looks}, first '{}'", grouped(*count), first.display()),
        });
        words.collect()
    }
}

enum Looked {
    Track(Option<(i64, i64)>),
    Other(String),
}

fn look(file: &mut File) -> io::Result<Looked> {
    let mut head = Vec::new();
    file.take(MARK as u64).read_to_end(&mut head)?;
    if let Some(looks) = mark(&head) {
        return Ok(Looked::Other(looks.to_string()));
    }
    file.take((HEAD - MARK) as u64).read_to_end(&mut head)?;
    if is_packed(&head) {
        return Ok(Looked::Track(None));
    }
    let Some(kind) = TrackFormat::detect(&head) else {
        return Ok(if rows::are_rows(&head) {
            Looked::Track(None)
        } else {
            Looked::Other(looks_like(&head))
        });
    };
    let size = file.metadata()?.len();
    let end = size.saturating_sub(HEAD as u64).max(head.len() as u64);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(end))?;
    file.read_to_end(&mut tail)?;
    Ok(Looked::Track(time_span::span(kind, &head, &tail)))
}
