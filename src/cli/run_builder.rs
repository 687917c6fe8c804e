//! What a tool runs, put together from its flags: the rows, the threads, the kept answers.

mod begin;
mod target;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::photo::camera::fill_from_file::FillFromFile;
use crate::photo::group_key::{RowKey, Share};
use crate::photo::tar_members::Places;
use crate::row::row_format::RowFormat;
use crate::run::{Input, Keep, Summary, batch, keyed_split, scan, walk};
use crate::shape::{Batch, FatalError, OwnRows, Scan, Walk};
use crate::value::height_validity::Heights;

use super::{Rows, Session, task_placeholder};

/// A run in the making. The last call says which stage it is.
pub struct Job<'a> {
    session: &'a Session,
    rows: Rows,
    input: Input,
    heights: Heights,
    jobs: usize,
    keep: Option<Keep>,
    makes_files: bool,
    /// The form of a tool that writes lines of its own.
    lines: Option<RowFormat>,
    folder: Option<PathBuf>,
    /// Which of the rows are read.
    share: Option<Share>,
}

impl Job<'_> {
    /// On so many threads.
    pub fn jobs(self, jobs: usize) -> Self {
        Job { jobs, ..self }
    }

    /// With answers that are kept beside the output.
    pub fn keep(self, keep: Keep) -> Self {
        Job { keep: Some(keep), ..self }
    }

    /// The work is files, so that at a terminal no rows are printed.
    pub fn makes_files(self) -> Self {
        self.makes_files_if(true)
    }

    /// The same, in this folder: `-o` gets its name once they are on disk.
    pub fn makes_files_in(self, folder: &Path) -> Self {
        Job { folder: Some(folder.into()), ..self.makes_files() }
    }

    pub fn makes_files_if(self, makes_files: bool) -> Self {
        Job { makes_files, ..self }
    }

    /// What comes out are lines of another kind than rows.
    pub fn lines(self, form: RowFormat) -> Self {
        Job { lines: Some(form), ..self }
    }

    /// Over the rows that the tool makes itself, if there are any.
    pub fn own_rows(self, own: Option<OwnRows>) -> Self {
        match own {
            Some(own) => Job { input: Input::Rows(Box::new(own.map(Ok))), ..self },
            None => self,
        }
    }

    /// Over the rows of tars that the argument names, or that come in by a pipe, when those are no
    /// rows themselves.
    pub fn tars(self, places: impl Places + 'static) -> Result<Self, FatalError> {
        let say = self.session.terminal.says();
        let input = match self.input {
            Input::File(path) if !is_pipe(&path) => match places.of_path(&path, say)? {
                Some(own) => Input::Rows(Box::new(own.map(Ok))),
                None => Input::File(path),
            },
            Input::File(path) => {
                let name = path.display().to_string();
                let look = move |stream| places.of_stream(&name, stream, say);
                Input::Look(Some(path), Box::new(look))
            }
            _ => {
                let look = move |stream| places.of_stream("standard input", stream, say);
                Input::Look(None, Box::new(look))
            }
        };
        Ok(Job { input, ..self })
    }

    /// Rows in order through one stage.
    pub fn scan(self, mut stage: impl Scan) -> Result<Summary, FatalError> {
        let Some(plan) = self.plan_of_rows()? else { return Ok(Summary::nothing()) };
        scan::run(&plan, self.into_input(), &mut stage)
    }

    /// The same into as many files as the key has shares. `{task}` in the name of the output is the number of each.
    pub fn split(self, mut stage: impl Scan, key: RowKey, of: u32) -> Result<Summary, FatalError> {
        let plan = self.planned()?;
        let name = plan.target.output.as_ref().map(|path| path.to_string_lossy().into_owned());
        let Some(name) = name.filter(|name| name.contains(task_placeholder::PLACE)) else {
            return Err(FatalError(format!(
                "--split writes many files: name them by -o with {0} in it, such as 'part-{0}.jsonl'",
                task_placeholder::PLACE
            )));
        };
        let file =
            |number: u32| PathBuf::from(name.replace(task_placeholder::PLACE, &number.to_string()));
        let split = keyed_split::Split { key, files: (1..=of).map(file).collect() };
        keyed_split::run(&plan, self.into_input(), &mut stage, &split)
    }

    /// The same, where rows that only name pictures get what their files say.
    pub fn scan_photos(self, stage: impl Scan) -> Result<Summary, FatalError> {
        let heights = self.heights;
        self.scan(FillFromFile::new(stage, heights))
    }

    /// Rows through joined parts.
    pub fn batch(self, parts: Vec<Arc<dyn Batch>>) -> Result<Summary, FatalError> {
        let Some(plan) = self.plan_of_rows()? else { return Ok(Summary::nothing()) };
        batch::run(&plan, self.into_input(), parts, None)
    }

    /// One part, and a last one that takes its rows in order.
    pub fn batch_and_scan(
        self,
        part: Arc<dyn Batch>,
        mut last: impl Scan,
    ) -> Result<Summary, FatalError> {
        let Some(plan) = self.plan_of_rows()? else { return Ok(Summary::nothing()) };
        batch::run(&plan, self.into_input(), vec![part], Some(&mut last))
    }

    /// A walk. `merge` takes its rows in order and gives those of the output; `limit` ends it after
    /// so many rows.
    pub fn walk(
        self,
        stage: Arc<dyn Walk>,
        merge: Option<&mut dyn Scan>,
        limit: Option<u64>,
    ) -> Result<Summary, FatalError> {
        let Some(plan) = self.plan_of_rows()? else { return Ok(Summary::nothing()) };
        walk::run(&plan, stage, merge, limit)
    }

    /// A walk whose rows are only counted: nothing is written but words.
    pub fn count(
        self,
        stage: Arc<dyn Walk>,
        counter: &mut dyn Scan,
    ) -> Result<Summary, FatalError> {
        let Some(mut plan) = self.plan()? else { return Ok(Summary::nothing()) };
        plan.target.mute = true;
        walk::run(&plan, stage, Some(counter), None)
    }

    pub(super) fn into_input(self) -> Input {
        match self.share {
            Some(share) => Input::Share(Box::new(self.input), share),
            None => self.input,
        }
    }
}

/// Whether the path can only be read from its start to its end.
fn is_pipe(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}
