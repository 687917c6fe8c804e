//! Starts a run and chooses its input.

use crate::archive::deleted_originals::DeletedOriginals;
use crate::disk::pictures::MovedPhoto;
use crate::disk::{Action, AtPath};
use crate::run::Input;
use crate::shape::FatalError;
use crate::value::height_validity::Heights;

use super::super::flags::Out;
use super::super::{Pictures, Rows, Session};
use super::Job;

impl Session {
    /// Starts a run over rows from a file or standard input.
    pub fn rows(&self, rows: &Rows) -> Result<Job<'_>, FatalError> {
        let share = rows.columns.share.share(&self.name)?;
        Ok(Job { share, ..self.job(rows.clone(), rows.input(&self.terminal)?) })
    }

    /// Starts a run over pictures, whose rows have the values from the files, or over rows of them.
    pub fn pictures(&self, pictures: &Pictures) -> Result<Job<'_>, FatalError> {
        self.pictures_by(pictures, true, Vec::new())
    }

    /// Like [`Session::pictures`], with the photos that an earlier run has moved out of the folders.
    pub fn pictures_and_moved(
        &self,
        pictures: &Pictures,
        moved: Vec<MovedPhoto>,
    ) -> Result<Job<'_>, FatalError> {
        self.pictures_by(pictures, true, moved)
    }

    /// Like [`Session::pictures`], with the pictures of the folders that a run has deleted whose rows are not complete.
    pub fn pictures_and_deleted(
        &self,
        pictures: &Pictures,
        deleted: Option<&DeletedOriginals>,
    ) -> Result<Job<'_>, FatalError> {
        let moved = deleted.map(|deleted| deleted.moved().at_path(Action::Read, deleted.path()));
        self.pictures_by(pictures, true, moved.transpose()?.unwrap_or_default())
    }

    /// Starts a run over pictures, whose rows have only the path, or over rows of them.
    pub fn paths(&self, pictures: &Pictures) -> Result<Job<'_>, FatalError> {
        self.pictures_by(pictures, false, Vec::new())
    }

    /// Starts a run without input rows, from flags alone: for walks.
    pub fn places(&self, out: Out) -> Job<'_> {
        self.job(out.into(), Input::Rows(Box::new(std::iter::empty())))
    }

    fn pictures_by(
        &self,
        pictures: &Pictures,
        facts: bool,
        moved: Vec<MovedPhoto>,
    ) -> Result<Job<'_>, FatalError> {
        let input = pictures.input(&self.terminal, facts, moved)?;
        let heights = pictures.height_range;
        let share = pictures.columns.share.share(&self.name)?;
        Ok(Job { heights, share, ..self.job(pictures.out.clone().into(), input) })
    }

    pub(in crate::cli) fn job(&self, rows: Rows, input: Input) -> Job<'_> {
        let (heights, keep) = (Heights::default(), None);
        Job {
            session: self,
            rows,
            input,
            heights,
            jobs: 1,
            keep,
            makes_files: false,
            lines: None,
            folder: None,
            share: None,
        }
    }
}
