//! Flags of tools that read pictures: files and folders, or rows of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::archive::deleted_originals::DeletedOriginals;
use crate::disk::pictures::{MovedPhoto, SearchedFolders};
use crate::disk::{Action, AtPath, pictures};
use crate::photo::camera::prefetch;
use crate::run::{Input, Reporter};
use crate::shape::FatalError;
use crate::threads::Work;
use crate::value::height_validity::Heights;

use super::super::terminal::Terminal;
use super::{InputColumns, Out, Rows};

/// Pictures, or rows of them.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rows")]
pub struct Pictures {
    /// Pictures and folders of pictures, or one file of rows [default: rows on standard input].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Search subfolders, too.
    #[arg(short, long)]
    pub recursive: bool,
    /// Ignore heights outside this range, in metres.
    #[arg(long, value_name = "MIN,MAX", default_value_t, allow_hyphen_values = true)]
    pub height_range: Heights,
    #[command(flatten)]
    pub columns: InputColumns,
    #[command(flatten)]
    pub out: Out,
}

impl Pictures {
    /// The originals of these folders that pack-tar has deleted; `None` if the arguments are no folders.
    pub fn deleted(&self, tars: &Path) -> Result<Option<DeletedOriginals>, FatalError> {
        if !self.paths.iter().any(|path| path.is_dir()) {
            return Ok(None);
        }
        let searched = SearchedFolders::new(&self.paths, self.recursive)?;
        Ok(Some(DeletedOriginals::new(tars, searched)))
    }

    /// The input rows. With `facts`, rows of pictures have the metadata of the files. Photos of the folders that were
    /// `moved` away have rows among the others.
    pub(in crate::cli) fn input(
        &self,
        terminal: &Arc<Terminal>,
        facts: bool,
        moved: Vec<MovedPhoto>,
    ) -> Result<Input, FatalError> {
        let columns = self.columns.clone();
        let rows = |file| Rows { file, columns, out: Out::default() }.input(terminal);
        let is_stdin = |path: &&PathBuf| path.as_os_str() == "-";
        if self.paths.len() > 1 && self.paths.iter().any(|path| is_stdin(&path)) {
            let what =
                "'-' is standard input and stands alone: give it, or pictures, or one file of rows";
            return Err(FatalError(what.into()));
        }
        let Some(first) = self.paths.first().filter(|first| !is_stdin(first)) else {
            return rows(None);
        };
        let pictures = pictures::are_at(first).at_path(Action::Open, first)?;
        match (pictures, self.paths.len()) {
            (false, 1) => rows(Some(first.clone())),
            (false, _) => Err(FatalError(format!(
                "'{}' is neither a picture nor a folder: give pictures, or one file of rows",
                first.display()
            ))),
            (true, _) => {
                let files = pictures::files(self.paths.clone(), self.recursive, {
                    let terminal = Arc::clone(terminal);
                    move |words: &str| terminal.warn(words)
                });
                let threads = Work::on_all_processors().jobs;
                let files = pictures::with_moved(files, &moved);
                Ok(Input::Found(if facts {
                    Box::new(prefetch::rows(files, moved, threads, self.height_range))
                } else {
                    Box::new(prefetch::paths(files))
                }))
            }
        }
    }
}

impl std::ops::Deref for Pictures {
    type Target = Out;

    fn deref(&self) -> &Out {
        &self.out
    }
}
