//! Builds a tool's run from its flags: input rows, threads, response cache.

mod begin;
mod target;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::photo::camera::fill_from_file::FillFromFile;
use crate::photo::group_key::{RowKey, Share};
use crate::photo::tar_members::Places;
use crate::row::row_format::RowFormat;
use crate::run::{Input, Keep, Summary, batch, partitioned_output, scan, walk};
use crate::shape::{Batch, FatalError, OwnRows, Scan, Walk};
use crate::value::height_validity::Heights;

use super::{Rows, Session, task_placeholder};

/// A run being built. The last call names its stage.
pub struct Job<'a> {
    session: &'a Session,
    rows: Rows,
    input: Input,
    heights: Heights,
    jobs: usize,
    keep: Option<Keep>,
    makes_files: bool,
    /// The format of a tool that writes lines of its own.
    lines: Option<RowFormat>,
    folder: Option<PathBuf>,
    /// The share of the rows to read.
    share: Option<Share>,
}

impl Job<'_> {
    /// Sets the number of threads.
    pub fn jobs(self, jobs: usize) -> Self {
        Job { jobs, ..self }
    }

    /// Stores cached responses beside the output.
    pub fn keep(self, keep: Keep) -> Self {
        Job { keep: Some(keep), ..self }
    }

    /// The results are files, so no rows are printed on a terminal.
    pub fn makes_files(self) -> Self {
        self.makes_files_if(true)
    }

    /// The results are files in this folder; `-o` gets its name once they are on disk.
    pub fn makes_files_in(self, folder: &Path) -> Self {
        Job { folder: Some(folder.into()), ..self.makes_files() }
    }

    pub fn makes_files_if(self, makes_files: bool) -> Self {
        Job { makes_files, ..self }
    }

    /// The output is lines of another kind than rows.
    pub fn lines(self, form: RowFormat) -> Self {
        Job { lines: Some(form), ..self }
    }

    /// Uses the rows that the tool makes itself, if any.
    pub fn own_rows(self, own: Option<OwnRows>) -> Self {
        match own {
            Some(own) => Job { input: Input::Rows(Box::new(own.map(Ok))), ..self },
            None => self,
        }
    }

    /// Uses the rows of tars that the argument names, or that arrive through a pipe, unless the input is rows already.
    pub fn tars(self, places: impl Places + 'static) -> Result<Self, FatalError> {
        let say = self.session.terminal.says();
        let input = match self.input {
            Input::File(path) if !is_pipe(&path) => match places.of_path(&path, say)? {
                Some(own) => Input::Rows(Box::new(own.map(Ok))),
                None => Input::File(path),
            },
            Input::Headless(Some(path), header) if !is_pipe(&path) => {
                match places.of_path(&path, say)? {
                    Some(own) => Input::Rows(Box::new(own.map(Ok))),
                    None => Input::Headless(Some(path), header),
                }
            }
            // A header was named for them: they are rows.
            headless @ Input::Headless(..) => headless,
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

    /// Runs rows in order through one stage.
    pub fn scan(self, mut stage: impl Scan) -> Result<Summary, FatalError> {
        let Some(plan) = self.plan_of_rows()? else { return Ok(Summary::nothing()) };
        scan::run(&plan, self.into_input(), &mut stage)
    }

    /// Like [`Job::scan`], into one file for each share of the key. `{task}` in the output name is the number of the
    /// share.
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
        if file(of + 1).exists() {
            self.session.say(&format!(
                "'{}' is of an earlier run that wrote more files: remove it before the files are read together",
                file(of + 1).display()
            ));
        }
        let split = partitioned_output::Split { key, files: (1..=of).map(file).collect() };
        partitioned_output::run(&plan, self.into_input(), &mut stage, &split)
    }

    /// Like [`Job::scan`], and rows that only name pictures get their values from the files. What is in tars is stored in
    /// a temporary file in `tmp_dir`.
    pub fn scan_photos(self, stage: impl Scan, tmp_dir: &Path) -> Result<Summary, FatalError> {
        let heights = self.heights;
        self.scan(FillFromFile::new(stage, heights, tmp_dir))
    }

    /// Runs rows through joined parts.
    pub fn batch(self, parts: Vec<Arc<dyn Batch>>) -> Result<Summary, FatalError> {
        let Some(plan) = self.plan_of_rows()? else { return Ok(Summary::nothing()) };
        batch::run(&plan, self.into_input(), parts, None)
    }

    /// Runs rows through one part, and then in order through a last stage. The stage is made once the output is this
    /// process's: it may open files that another process of the task has open until then.
    pub fn batch_and_scan<S: Scan>(
        self,
        part: Arc<dyn Batch>,
        last: impl FnOnce() -> Result<S, FatalError>,
    ) -> Result<Summary, FatalError> {
        let Some(plan) = self.plan_of_rows()? else { return Ok(Summary::nothing()) };
        let mut last = last()?;
        batch::run(&plan, self.into_input(), vec![part], Some(&mut last))
    }

    /// Runs a walk. `merge` takes its rows in order and gives those of the output; `limit` ends it after this many
    /// rows.
    pub fn walk(
        self,
        stage: Arc<dyn Walk>,
        merge: Option<&mut dyn Scan>,
        limit: Option<u64>,
    ) -> Result<Summary, FatalError> {
        let Some(plan) = self.plan_of_rows()? else { return Ok(Summary::nothing()) };
        walk::run(&plan, stage, merge, limit)
    }

    /// Runs a walk whose rows are only counted: only messages are written.
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

/// Whether the path can only be read sequentially.
fn is_pipe(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}
