//! Detects files of a run that are the same, so that no input is overwritten and no two outputs share a file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::disk::file_id::FileId;
use crate::disk::output::Output;
use crate::disk::{Action, PathError};
use crate::shape::FatalError;

use super::companion_files::beside;
use super::target::RowTarget;

/// The file that rows come from, whatever its name. `None` for a pipe.
#[derive(Debug, Default)]
pub struct Origin(Option<FileId>);

impl Origin {
    pub fn new(file: &File) -> Origin {
        Origin(FileId::of(file))
    }

    /// Whether a path leads to this file: a link, or another path to its folder.
    pub fn is(&self, path: &Path) -> bool {
        self.0.is_some() && FileId::at(path) == self.0
    }
}

/// Refuses outputs that would destroy rows, before anything is written.
pub fn check(target: &RowTarget, origin: &Origin) -> Result<(), FatalError> {
    let Some(output) = output(target)? else {
        let is_same = !target.mute && origin.0.is_some() && FileId::of_stdout() == origin.0;
        return if is_same {
            Err(FatalError("standard output is the input file: use -o with another name".into()))
        } else {
            Ok(())
        };
    };
    let names = [beside(&output, "", ".part"), output];
    if let Some(path) = names.iter().find(|path| origin.is(path)) {
        return Err(FatalError(format!(
            "'{}' is the input and cannot be the output too: give -o another name",
            path.display()
        )));
    }
    match &target.failed {
        Some(failed) if names.iter().any(|path| is_one(path, failed)) => Err(FatalError(format!(
            "-o and --failed are one file, '{}': give one of them another name",
            failed.display()
        ))),
        _ => Ok(()),
    }
}

/// The regular file of `-o`. `None` for stdout and other streams.
fn output(target: &RowTarget) -> Result<Option<PathBuf>, FatalError> {
    let Some(path) = target.output.as_ref().or(target.document.as_ref()) else { return Ok(None) };
    match Output::named(path) {
        Ok(Output::File(path)) => Ok(Some(path)),
        Ok(Output::Stdout | Output::Stream(_)) => Ok(None),
        Err(error) => Err(PathError::new(Action::Write, path, error).into()),
    }
}

/// Whether two paths are the same file, which need not exist yet.
pub fn is_one(one: &Path, other: &Path) -> bool {
    match (FileId::at(one), FileId::at(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => !one.exists() && !other.exists() && place(one) == place(other),
        _ => false,
    }
}

/// The path of a file that does not exist yet, with the part resolved that does.
fn place(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let resolved = whole.ancestors().find_map(|there| {
        Some(fs::canonicalize(there).ok()?.join(whole.strip_prefix(there).ok()?))
    });
    resolved.unwrap_or(whole)
}

/// Whether this is a path of the file that standard output writes to.
pub fn is_stdout(path: &Path) -> bool {
    FileId::of_stdout().is_some_and(|own| FileId::at(path) == Some(own))
}

/// Whether this is a path of the file that standard input reads from.
pub fn is_stdin(path: &Path) -> bool {
    FileId::of_stdin().is_some_and(|own| FileId::at(path) == Some(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_folder_that_is_not_there_yet_are_one_only_if_they_are_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let of = |name: &str| folder.path().join(name);
        assert!(!is_one(&of("new/a.csv"), &of("new/b")));
        assert!(!is_one(&of("new/a.csv"), &of("new/deep/a.csv")));
        assert!(is_one(&of("new/a.csv"), &of("./new/a.csv")));
        fs::create_dir(of("real")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(of("real"), of("link")).unwrap();
        #[cfg(unix)]
        assert!(is_one(&of("link/new/a.csv"), &of("real/new/a.csv")));
    }
}
