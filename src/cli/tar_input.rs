//! The input of tools that take tars: a folder, a tar, or rows.

use std::path::Path;
use std::sync::Arc;

use super::{Rows, Session};
use crate::photo::tar_members::Places;
use crate::run::{Input, Summary, batch};
use crate::shape::{Batch, FatalError};

impl Session {
    /// Runs parts over the rows that a tool of tars makes of what its argument
    /// names, or of standard input, when those are no rows themselves.
    pub fn batch_of_tars(
        &self,
        rows: &Rows,
        jobs: usize,
        parts: Vec<Arc<dyn Batch>>,
        makes_files: bool,
        places: impl Places + 'static,
    ) -> Result<Summary, FatalError> {
        let plan = self.plan(rows, jobs, None, makes_files);
        let say = self.terminal.says();
        let input = match rows.input(&self.terminal)? {
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
        batch::run(&plan, input, parts)
    }
}

/// Whether the path can only be read from its start to its end.
fn is_pipe(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}
