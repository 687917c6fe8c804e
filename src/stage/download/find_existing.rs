//! Whether a picture exists already, as a file or in a tar: by its name, otherwise by the folder's note and the
//! pixels.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use crate::archive::locate::Packed;
use crate::disk::{PathError, open};
use crate::row::Row;
use crate::shape::RowError;
use crate::value::collection::Collection;
use crate::value::quality::Quality;

use super::Job;
use super::detect_quality::{PictureState, Size, judge, pixels, upload};

/// Enough bytes for the header before the pixels of a picture in a tar.
const HEAD_BYTES: u64 = 256 << 10;

/// A picture that exists already.
pub enum Present {
    File(PathBuf, Quality, u64),
    Packed(Packed, Quality),
}

impl Present {
    pub fn quality(&self) -> Quality {
        match self {
            Present::File(_, quality, _) | Present::Packed(_, quality) => *quality,
        }
    }
}

/// The result of looking for a picture.
pub enum Look {
    Found(Present),
    /// A picture of that name exists, but its quality is not proven.
    Doubtful,
    Nothing,
}

impl Job {
    /// Looks for the picture of a row, anywhere under the folder.
    ///
    /// # Errors
    /// Errors of the temporary file with what is in tars.
    pub(super) fn look_for(&self, row: &Row, id: &str, wanted: Quality) -> Result<Look, PathError> {
        let depth = if self.settings.fallback { Quality::ALL.len() } else { 1 };
        let mut is_doubtful = false;
        for quality in wanted.downward().take(depth) {
            match self.look_for_one(row, id, quality)? {
                Look::Doubtful => is_doubtful = true,
                Look::Nothing => {}
                found => return Ok(found),
            }
        }
        Ok(if is_doubtful { Look::Doubtful } else { Look::Nothing })
    }

    fn look_for_one(&self, row: &Row, id: &str, quality: Quality) -> Result<Look, PathError> {
        if let Some(path) = self.folder.find(id, Some(quality))
            && let Some(bytes) = self.folder.sound(&path)
        {
            return Ok(Look::Found(Present::File(path, quality, bytes)));
        }
        let mut is_doubtful = false;
        for path in self.unnamed(row, id, quality) {
            let Some(bytes) = self.folder.sound(&path) else { continue };
            match self.verdict(row, quality, &path) {
                PictureState::Wanted => {
                    return Ok(Look::Found(Present::File(path, quality, bytes)));
                }
                PictureState::Unproven => is_doubtful = true,
                PictureState::Other => {}
            }
        }
        if let Some((packed, is_named)) = self.folder.find_packed(id, quality)? {
            let verdict = if is_named {
                PictureState::Wanted
            } else {
                let noted = self.noted(&packed.archive);
                judge(quality, pixels_of_packed(&packed), upload(row), noted)
            };
            match verdict {
                PictureState::Wanted => {
                    return Ok(Look::Found(Present::Packed(packed, quality)));
                }
                PictureState::Unproven => is_doubtful = true,
                PictureState::Other => {}
            }
        }
        Ok(if is_doubtful { Look::Doubtful } else { Look::Nothing })
    }

    /// Files that may be the picture, and whose names do not state the quality: from any folder, and at the path of
    /// the layout.
    fn unnamed(&self, row: &Row, id: &str, quality: Quality) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self.folder.find(id, None).into_iter().collect();
        // A custom layout may have names that the index does not recognize.
        let by_layout = self.paths(row, quality).ok().into_iter().flatten();
        for path in by_layout.map(|path| self.folder.dir.join(path)) {
            if !files.contains(&path) && path.exists() {
                files.push(path);
            }
        }
        files
    }

    /// The quality of a file whose name does not state it.
    pub(super) fn verdict(&self, row: &Row, quality: Quality, path: &Path) -> PictureState {
        if self.settings.layout.names_quality() && self.is_at_layout(row, quality, path) {
            return PictureState::Wanted;
        }
        let size = open::file(path).ok().and_then(pixels);
        judge(quality, size, upload(row), self.noted(path))
    }

    fn is_at_layout(&self, row: &Row, quality: Quality, path: &Path) -> bool {
        let paths = self.paths(row, quality).ok().into_iter().flatten();
        paths.map(|own| self.folder.dir.join(own)).any(|own| own == path)
    }

    /// The quality noted for a path: from the name of a collection's folder, otherwise from the note of the download
    /// folder.
    pub(super) fn noted(&self, path: &Path) -> Option<Quality> {
        let below = path.strip_prefix(&self.folder.dir).unwrap_or(path);
        let names = below.ancestors().skip(1).filter_map(|folder| folder.file_name()?.to_str());
        let mut collections = names.filter_map(|name| name.parse::<Collection>().ok());
        collections.next().map(|own| own.quality).or_else(|| self.folder.quality())
    }

    /// Whether a picture may be written here: if nothing is there, over a file known to be damaged, or over the same
    /// picture when it is requested again.
    ///
    /// # Errors
    /// Says what is there.
    pub(super) fn may_write(
        &self,
        row: &Row,
        quality: Quality,
        path: &Path,
    ) -> Result<(), RowError> {
        let Ok(meta) = fs::symlink_metadata(path) else { return Ok(()) };
        let is_ours = self.settings.layout.names_quality() && self.is_at_layout(row, quality, path)
            || self.folder.is_named(path, quality);
        let is_empty = meta.is_file() && meta.len() == 0;
        if is_ours || is_empty || self.folder.is_damaged(path) {
            return Ok(());
        }
        let way = "take another --into, or a --layout with {quality}";
        let shown = path.display();
        match self.folder.sound(path).map(|_| self.verdict(row, quality, path)) {
            // The file is not a picture, but in a folder for pictures of this quality.
            None if self.noted(path) == Some(quality) => Ok(()),
            None => Err(format!("'{shown}' exists and is not a picture: {way}").into()),
            Some(PictureState::Wanted) => Ok(()),
            Some(PictureState::Other) => {
                Err(format!("'{shown}' is there and is not of quality {quality}: {way}").into())
            }
            Some(PictureState::Unproven) => Err(format!(
                "'{shown}' is there, and nothing tells that it is of quality {quality}: {way}"
            )
            .into()),
        }
    }
}

fn pixels_of_packed(packed: &Packed) -> Option<Size> {
    let mut head = Vec::new();
    packed.open().ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
    pixels(Cursor::new(head))
}
