//! Converts one JPEG, or reuses an earlier conversion, and deletes the original once that is proven.

use std::fs;
use std::path::{Path, PathBuf};

use super::conversion_record::Origin;
use super::file::{Original, is_same_file, read_from_disk, write};
use super::{Diagnostics, Done, ToWebp};
use crate::disk::atomic_file::Overwrite;
use crate::disk::attributes;
use crate::disk::open;
use crate::disk::positioned_io::digest_of;
use crate::disk::{Action, AtPath, PathError};
use crate::format::jpeg;
use crate::format::pixel_comparison::{self, Difference};
use crate::format::transcode::{How, TranscodeError, Transcoded, left_out, to_webp};
use crate::shape::RowError;
use crate::value::provenance::Status;

const HELD: &str = "some JPEG files have more in them than a WebP can hold, and stay: --drop-extras leaves that out";

impl ToWebp {
    pub(super) fn convert_jpeg(
        &self,
        path: PathBuf,
        notes: &dyn Diagnostics,
    ) -> Result<Done, RowError> {
        let target = self.target(&path)?;
        let claim = self.claim(&target, &path)?;
        let _busy = claim.busy.lock().unwrap_or_else(|broken| broken.into_inner());
        if !path.exists() && target.exists() {
            return Ok(Done::At(Status::Kept, target));
        }
        if is_same_file(&path, &target) {
            let shown = path.display();
            return Err(format!(
                "'{shown}' is a JPEG in spite of its name: --into puts the WebP elsewhere"
            )
            .into());
        }
        if !self.settings.force && !target.exists() && self.is_in_vain(&path, &target)? {
            return Ok(Done::not_smaller(&path));
        }
        if self.settings.dry_run && (self.settings.force || !target.exists()) {
            return Ok(Done::At(Status::Planned, target));
        }
        // This may wait for another process, which has then done the conversion.
        let original = match Original::read(&path) {
            Err(_) if !path.exists() && target.exists() => {
                return Ok(Done::At(Status::Kept, target));
            }
            original => original?,
        };
        if !self.settings.force && target.exists() {
            self.keep(original, target, notes)
        } else {
            self.make(original, target, notes)
        }
    }

    fn is_in_vain(&self, path: &Path, target: &Path) -> Result<bool, RowError> {
        let wrong = |error| PathError::new(Action::Read, path, error);
        let bytes = fs::metadata(path).map_err(wrong)?.len();
        Ok(!self.settings.keep_larger && self.larger.knows(path, target, bytes))
    }

    /// Keeps an existing WebP. The original is only deleted if this very content is known to be converted.
    fn keep(
        &self,
        original: Original,
        target: PathBuf,
        notes: &dyn Diagnostics,
    ) -> Result<Done, RowError> {
        let wrong = |error| PathError::new(Action::Read, &target, error);
        let goes = self.settings.delete && !self.settings.dry_run;
        let webp =
            if goes { read_from_disk(&target) } else { open::read(&target) }.map_err(wrong)?;
        let how = match self.origin(&original, &target, &webp, notes) {
            Origin::Made(how) => how,
            Origin::Other if !self.settings.delete => {
                let why =
                    format!("it has changed since it was made of '{}'", original.path().display());
                return Ok(Done::Stays(Status::Kept, target, why));
            }
            other => return Err(unproven(&original, &target, &other).into()),
        };
        let lost = left_out(&original.bytes);
        if self.settings.delete {
            if !how.is_as_good_as(self.settings.how) {
                return Err(made_otherwise(&target, how, self.settings.how).into());
            }
            if !lost.is_empty() && !self.settings.drop_extras {
                notes.once(HELD);
                let why = format!("its WebP does not hold {}", lost.join(", "));
                return Ok(Done::Stays(Status::Held, original.path().to_path_buf(), why));
            }
        }
        if goes {
            compare(&original, &webp, how)?;
            original.remove()?;
        }
        let other =
            (!how.is_as_good_as(self.settings.how)).then(|| format!("made with {}", how.words()));
        let why: Vec<String> = other.into_iter().chain(left_out_words(&lost)).collect();
        Ok(Done::at(Status::Kept, target, why.join("; ")))
    }

    /// The origin of a WebP from the records; if they have none, by converting the JPEG again.
    fn origin(
        &self,
        original: &Original,
        target: &Path,
        webp: &[u8],
        notes: &dyn Diagnostics,
    ) -> Origin {
        let origin = self.origins.find(target, original.digest(), digest_of(webp));
        if origin != Origin::Unknown {
            return origin;
        }
        match to_webp(&original.bytes, self.settings.how, true) {
            Ok(made) if made.webp == webp => {
                if !self.settings.dry_run {
                    self.remember(original, target, &made, notes);
                }
                Origin::Made(self.settings.how)
            }
            _ => Origin::Unknown,
        }
    }

    fn make(
        &self,
        original: Original,
        target: PathBuf,
        notes: &dyn Diagnostics,
    ) -> Result<Done, RowError> {
        let path = original.path().to_path_buf();
        let made = match to_webp(&original.bytes, self.settings.how, self.settings.drop_extras) {
            Ok(made) => made,
            Err(TranscodeError::Held(why)) => {
                if !left_out(&original.bytes).is_empty() {
                    notes.once(HELD);
                }
                return Ok(Done::Stays(Status::Held, path, why));
            }
            Err(TranscodeError::Damaged(what)) => return Err(what.into()),
        };
        let bytes = original.bytes.len();
        if made.webp.len() >= bytes && !self.settings.keep_larger {
            if let Err(error) = self.larger.add(&path, &target, bytes as u64) {
                not_noted(notes, &error);
            }
            return Ok(Done::not_smaller(&path));
        }
        if self.settings.delete {
            compare(&original, &made.webp, self.settings.how)?;
        }
        // A file that appeared in the meantime belongs to someone else.
        let over = if self.settings.force { Overwrite::Anything } else { Overwrite::Nothing };
        let lost = write(&target, &made.webp, &original, over, self.settings.delete)
            .at_path(Action::Write, &target)?;
        if let Some(words) = attributes::lost_words(&lost) {
            notes.once(&words);
        }
        self.remember(&original, &target, &made, notes);
        if self.settings.delete {
            original.remove()?;
        }
        if made.dropped.has_signature {
            notes.once(
                "comments in which encoders of JPEG files name themselves are not carried over",
            );
        }
        let why = left_out_words(&made.dropped.data).unwrap_or_default();
        Ok(Done::at(Status::Done, target, why))
    }

    fn remember(
        &self,
        original: &Original,
        target: &Path,
        made: &Transcoded,
        notes: &dyn Diagnostics,
    ) {
        let digests = (original.digest(), digest_of(&made.webp));
        let added = self.origins.add(target, digests, self.settings.how, &made.dropped.data);
        if let Err(error) = added {
            not_noted(notes, &error);
        }
    }
}

/// The last check before an original is deleted. Its colours are decoded here, which the encoder may not have needed.
fn compare(original: &Original, webp: &[u8], how: How) -> Result<(), RowError> {
    let path = original.path();
    let pixels = jpeg::decode(&original.bytes)
        .map_err(|error| format!("cannot decode '{}': {error}", path.display()))?;
    Ok(pixel_comparison::check(webp, &pixels, how.lossless)
        .map_err(|what| other_picture(path, &what))?)
}

fn left_out_words(lost: &[String]) -> Option<String> {
    (!lost.is_empty()).then(|| format!("left out: {}", lost.join(", ")))
}

fn other_picture(path: &Path, what: &Difference) -> String {
    format!("the WebP of '{}' shows another picture: {what}", path.display())
}

fn unproven(original: &Original, target: &Path, origin: &Origin) -> String {
    let (webp, jpeg) = (target.display(), original.path().display());
    match origin {
        Origin::Other => {
            format!("'{webp}' has changed since it was made of '{jpeg}': --force makes it anew")
        }
        _ => format!(
            "'{webp}' is there, and nothing shows that it was made of '{jpeg}' as it is now: --force replaces it"
        ),
    }
}

fn made_otherwise(target: &Path, how: How, asked: How) -> String {
    let (webp, how, asked) = (target.display(), how.words(), asked.words());
    format!("'{webp}' was made with {how}, not {asked}: --force makes it anew")
}

/// A later run with --delete then converts each JPEG again, to compare.
fn not_noted(notes: &dyn Diagnostics, error: &std::io::Error) {
    notes.once(&format!("cannot keep notes of what was made: {error}"));
}
