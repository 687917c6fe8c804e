//! Downloads, checks and names one picture. A rejected link is requested again.

use std::fs;
use std::ops::ControlFlow::{self, Break, Continue};
use std::path::PathBuf;
use std::sync::Arc;

use crate::disk::free_space;
use crate::disk::{Action, AtPath};
use crate::format::picture::PictureFormat;
use crate::query::{service_errors, thumbnail_urls};
use crate::row::{Field, Row};
use crate::service;
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, Shape};
use crate::value::quality::Quality;

use super::Job;
use super::detect_quality::PictureState;
use super::find_existing::Look;
use super::part::PartFile;
use super::picture_urls::{keys, take};
use super::requested_values::drop_requested;

pub struct Fetch(pub Arc<Job>);

impl Batch for Fetch {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        let fetched = |row| Ok(drop_requested(self.0.fetch(row, notes)?));
        rows.into_iter().map(fetched).collect()
    }
}

/// How an attempt ended.
pub enum Try {
    Done(Row, u64),
    /// The link is no longer valid.
    Refused(Row, String),
    /// Another process has written a picture there in the meantime.
    Beaten(Row, String),
    Outcome(Outcome),
}

impl Job {
    fn fetch(&self, mut row: Row, notes: &dyn Diagnostics) -> Result<Outcome, FatalError> {
        // A folder that cannot be created ends the run: all other pictures would fail too.
        let dir = &self.folder.dir;
        fs::create_dir_all(dir).at_path(Action::UseFolder, dir)?;
        free_space::check(dir, 0, self.settings.min_free_bytes).map_err(FatalError::new)?;
        let wanted = match self.wanted(&row) {
            Ok(wanted) => wanted,
            Err(what) => return Ok(Outcome::failed(row, what)),
        };
        // Values requested in the meantime may prove the quality of an existing picture.
        if !self.settings.force
            && let Some(id) = row.get(Field::ImgId)
            && let Look::Found(present) = self.look_for(&row, id, wanted)?
        {
            return Ok(self.present(row, present));
        }
        let (mut refused, mut is_beaten) = (0, false);
        loop {
            match self.once(row, wanted)? {
                Try::Outcome(outcome) => return Ok(outcome),
                Try::Done(row, bytes) => {
                    notes.count("bytes", bytes);
                    return Ok(Outcome::Rows(vec![row]));
                }
                // The existing file is now checked as if it had always been there.
                Try::Beaten(same, _) if !is_beaten => (row, is_beaten) = (same, true),
                Try::Beaten(row, what) => return Ok(Outcome::failed(row, what)),
                Try::Refused(row, what) if refused >= self.settings.retries => {
                    return Ok(Outcome::failed(row, what));
                }
                Try::Refused(same, _) => {
                    refused += 1;
                    match self.renewed(same, wanted)? {
                        Continue(renewed) => row = renewed,
                        Break(outcome) => return Ok(outcome),
                    }
                }
            }
        }
    }

    fn once(&self, row: Row, wanted: Quality) -> Result<Try, FatalError> {
        let Some((quality, url)) = thumbnail_urls::best(&row, wanted, self.settings.fallback)
        else {
            let what = if self.settings.fallback {
                format!("there is no picture up to quality {wanted}")
            } else {
                format!("there is no picture of quality {wanted}: --fallback takes a smaller one")
            };
            return Ok(Try::Outcome(Outcome::failed(row, what)));
        };
        let claimed = self.paths(&row, quality).and_then(|paths| {
            let claim = self.folder.claim(&paths[0])?;
            Ok((self.places(&row, quality, paths), claim))
        });
        let (paths, _claim) = match claimed {
            Ok(claimed) => claimed,
            Err(what) => return Ok(Try::Outcome(Outcome::failed(row, what))),
        };
        let are_new = paths.each_ref().map(|path| path.symlink_metadata().is_err());
        // The same picture occurs twice in the input, or a different file is there.
        for path in paths.iter().filter(|path| path.exists()) {
            if let Err(what) = self.may_write(&row, quality, path) {
                return Ok(Try::Outcome(Outcome::failed(row, what)));
            }
            if let Some(bytes) = self.folder.sound(path).filter(|_| !self.settings.force) {
                return Ok(Try::Outcome(self.kept(row, path, quality, bytes)));
            }
        }
        let [jpeg, _] = &paths;
        let start = |format| {
            let at = usize::from(format == PictureFormat::WebP);
            PartFile::create(&paths[at], self.settings.sha256, are_new[at])
        };
        match self.settings.client.picture(url, start) {
            Ok((part, bytes)) => self.finish(row, part, (wanted, quality), bytes),
            Err(error) if error.kind == service::ErrorKind::Expired => {
                Ok(Try::Refused(row, error.message))
            }
            Err(error) => self.failed(row, error, jpeg),
        }
    }

    /// The paths of the picture as JPEG and as WebP: its present path if it is downloaded again, otherwise by the
    /// layout.
    fn places(&self, row: &Row, quality: Quality, paths: [String; 2]) -> [PathBuf; 2] {
        let id = row.get(Field::ImgId).unwrap_or_default();
        let named = self.folder.find(id, Some(quality));
        let is_it = |path: &PathBuf| {
            self.folder.is_damaged(path) && self.noted(path) == Some(quality)
                || self.verdict(row, quality, path) == PictureState::Wanted
        };
        match named.or_else(|| self.folder.find(id, None).filter(is_it)) {
            Some(there) => ["jpg", "webp"].map(|ending| there.with_extension(ending)),
            None => paths.map(|path| self.folder.dir.join(path)),
        }
    }

    /// The row with new links, or its outcome.
    fn renewed(&self, row: Row, wanted: Quality) -> Result<ControlFlow<Outcome, Row>, FatalError> {
        let id = row.get(Field::ImgId).unwrap_or_default();
        let entity = match self.settings.client.entity(id, &keys(self.fields(wanted))) {
            Ok(entity) => entity,
            Err(error) => return service_errors::failed(row, error).map(Break),
        };
        match service_errors::answer(row, entity)? {
            Continue((mut row, answer, _)) => {
                take(&mut row, &answer);
                Ok(Continue(row))
            }
            Break(outcome) => self.remembered(outcome).map(Break),
        }
    }
}
