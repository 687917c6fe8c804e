//! Checks over all flags, before anything is opened, that no output file is also an input or a second output.

use std::path::{Path, PathBuf};

use clap::ArgMatches;

use crate::disk::output::Output;
use crate::disk::pictures;
use crate::run::file_identity::{self, is_one};

use super::written_file::WrittenFile;

/// The arguments that name the input rows. `--failed` may be the same file.
const ROWS: [&str; 2] = ["file", "paths"];

/// Files that would overwrite each other.
#[derive(Debug, thiserror::Error)]
pub enum Conflict {
    #[error("{flag} and {other} are one file, '{}': give one of them another name", path.display())]
    OneFile { flag: String, other: String, path: PathBuf },
    #[error("'{}' is standard {stream}: give {flag} another name", path.display())]
    Stream { path: PathBuf, stream: &'static str, flag: String },
    #[error(
        "'{}' is the input and cannot be the output too: give {flag} another name",
        path.display()
    )]
    Input { path: PathBuf, flag: String },
    #[error(
        "'{}' is read by {reader} and cannot be written by {flag}: give {flag} another name",
        path.display()
    )]
    Read { path: PathBuf, reader: String, flag: String },
}

/// A file as named by the user.
struct Named {
    id: String,
    path: PathBuf,
}

/// # Errors
/// Two flags name the same file, by any name or link.
pub fn check(matches: &ArgMatches) -> Result<(), Conflict> {
    let (written, read) = (named::<WrittenFile>(matches), named::<PathBuf>(matches));
    for (at, file) in written.iter().enumerate() {
        if let Some(other) = written[at + 1..].iter().find(|other| is_shared(file, other)) {
            let path = other.path.clone();
            return Err(Conflict::OneFile { flag: file.flag(), other: other.flag(), path });
        }
        if let Some(other) = read.iter().find(|other| file.destroys(other)) {
            return Err(file.clashes_with(other));
        }
    }
    check_streams(&written, &read)
}

/// The same check for stdin and stdout, which the shell has opened.
fn check_streams(written: &[Named], read: &[Named]) -> Result<(), Conflict> {
    let is_file = |file: &Named| file.path.as_os_str() != "-";
    let reads = !read.iter().any(|file| ROWS.contains(&file.id.as_str()) && is_file(file));
    let prints = !written.iter().any(|file| file.id == "output" && is_file(file));
    for file in written {
        let is_own = file.is_list_of_failed();
        let takes_stdout = file.id != "output" && !is_stream(&file.path);
        let stream = if prints && takes_stdout && file_identity::is_stdout(&file.path) {
            "output"
        } else if reads && !is_own && file_identity::is_stdin(&file.path) {
            "input"
        } else {
            continue;
        };
        return Err(Conflict::Stream { path: file.path.clone(), stream, flag: file.flag() });
    }
    Ok(())
}

/// The files of all flags with a value of this type.
fn named<F: AsRef<Path> + Clone + Send + Sync + 'static>(matches: &ArgMatches) -> Vec<Named> {
    let files = |id: &str| matches.try_get_many::<F>(id).ok().flatten().into_iter().flatten();
    let named = |id: &str, file: &F| Named { id: id.into(), path: file.as_ref().to_path_buf() };
    let ids = matches.ids().map(|id| id.as_str());
    ids.flat_map(|id| files(id).map(move |file| named(id, file))).collect()
}

/// Whether two outputs would overwrite each other. Anything but a regular file can take both.
fn is_shared(one: &Named, other: &Named) -> bool {
    !(is_stream(&one.path) && is_stream(&other.path)) && is_one(&one.path, &other.path)
}

fn is_stream(path: &Path) -> bool {
    !matches!(Output::named(path), Ok(Output::File(_)))
}

impl Named {
    fn flag(&self) -> String {
        if self.id == "output" { "-o".into() } else { format!("--{}", self.id.replace('_', "-")) }
    }

    fn clashes_with(&self, read: &Named) -> Conflict {
        let (path, flag) = (read.path.clone(), self.flag());
        if ROWS.contains(&read.id.as_str()) {
            Conflict::Input { path, flag }
        } else {
            Conflict::Read { path, reader: read.flag(), flag }
        }
    }

    /// Whether writing this file would destroy the input.
    fn destroys(&self, read: &Named) -> bool {
        let are_rows = || {
            ROWS.contains(&read.id.as_str()) && pictures::are_at(&read.path).is_ok_and(|are| !are)
        };
        is_one(&self.path, &read.path) && !(self.is_list_of_failed() && are_rows())
    }

    /// Whether it is the list of failed rows, which keeps the rows that are not answered, and is rewritten as a whole.
    fn is_list_of_failed(&self) -> bool {
        self.id == "failed" && !is_stream(&self.path)
    }
}
