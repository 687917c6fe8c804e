//! Loads the track files of a folder that photos need, on demand.

use super::file::{TrackFile, Unread};
use super::folder::Folder;
use super::{TrackOptions, file, folder};
use crate::shape::FatalError;

/// Reads the files of a folder that are near an instant, or all without one.
pub fn cover(
    folder: &mut Folder,
    how: TrackOptions,
    time_ms: Option<i64>,
    words: &mut Vec<String>,
) -> Result<Vec<TrackFile>, FatalError> {
    let is_near = |waiting: &folder::Waiting| time_ms.is_none_or(|ms| waiting.is_near(ms));
    if !folder.waiting.iter().any(is_near) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for mut waiting in std::mem::take(&mut folder.waiting) {
        if !is_near(&waiting) {
            folder.waiting.push(waiting);
            continue;
        }
        match file::read(&waiting.path, how, time_ms) {
            Ok(found) => {
                let exact = folder::Waiting { path: waiting.path, span: found.span() };
                waiting = exact;
                // The time span of a compressed file is only known once it is read.
                if waiting.span.is_some() && !is_near(&waiting) {
                    folder.waiting.push(waiting);
                } else {
                    folder.is_read();
                    all.push(found);
                }
            }
            Err(Unread::NoTrack(looks)) => folder.is_no_track(waiting.path, looks),
            Err(unread @ Unread::Io(_)) => return Err(unread.into_fatal(&waiting.path)),
            Err(unread @ Unread::Damaged(_)) => {
                folder.is_damaged();
                words.push(format!("{}; it is left out", unread.into_fatal(&waiting.path)));
            }
        }
    }
    Ok(all)
}
