//! What bytes go into: stdout or another stream as they come, or a file that gets its name at the end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::disk::atomic_file::Replacement;
use crate::disk::lock::{self, Lock};
use crate::disk::open;
use crate::disk::output::Output;
use crate::shape::{Diagnostics, FatalError};

use super::Stop;
use super::stdio::Outlet;

/// Where rows go.
pub enum Out {
    /// Stdout, or what is no plain file, by the words for it.
    Stream(Outlet, String),
    Part(Part),
}

/// A file that shows how far it is, and that a later run goes on with.
pub struct Part {
    file: File,
    part: PathBuf,
    path: PathBuf,
}

impl Out {
    /// The file of `-o`, or stdout.
    pub fn open(
        path: Option<&Path>,
        stop: &Stop,
        notes: &dyn Diagnostics,
    ) -> Result<Out, FatalError> {
        let wrong = |error: io::Error| match path {
            Some(path) => FatalError(format!("cannot write '{}': {error}", path.display())),
            None => FatalError(format!("cannot write rows: {error}")),
        };
        Ok(match path.map(Output::named).transpose().map_err(wrong)? {
            None | Some(Output::Stdout) => {
                Out::Stream(Outlet::stdout(stop).map_err(wrong)?, "rows".into())
            }
            Some(Output::Stream(path)) => {
                let out = Outlet::open(&path, stop, |text| notes.once(text)).map_err(wrong)?;
                Out::Stream(out, format!("'{}'", path.display()))
            }
            Some(Output::File(path)) => Out::Part(Part::open(path)?),
        })
    }

    pub fn is_stream(&self) -> bool {
        matches!(self, Out::Stream(..))
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Out::Stream(out, _) => out.write_all(bytes),
            Out::Part(part) => part.file.write_all(bytes),
        }
    }

    /// What a message calls it.
    pub fn name(&self) -> String {
        match self {
            Out::Stream(_, name) => name.clone(),
            Out::Part(part) => format!("'{}'", part.part.display()),
        }
    }

    /// All is written: a file gets its name.
    pub fn finish(self) -> Result<(), FatalError> {
        let Out::Part(Part { file, part, path }) = self else { return Ok(()) };
        let named = file.sync_all().and_then(|()| fs::rename(&part, &path));
        named.map_err(|error| FatalError(format!("cannot write '{}': {error}", path.display())))
    }
}

impl Part {
    fn open(path: PathBuf) -> Result<Part, FatalError> {
        let part = beside(&path, "", ".part");
        let wrong =
            |error: io::Error| FatalError(format!("cannot write '{}': {error}", part.display()));
        let file = open::writable(&part).map_err(wrong)?;
        lock_of(&file, &path)?;
        file.set_len(0).map_err(wrong)?;
        Ok(Part { file, part, path })
    }
}

/// Takes the lock that keeps other runs from what belongs to an output.
pub fn lock_of(file: &File, output: &Path) -> Result<(), FatalError> {
    match lock::try_lock(file) {
        Lock::Taken | Lock::Unsupported => Ok(()),
        Lock::Busy => {
            Err(FatalError(format!("'{}' is being written by another run", output.display())))
        }
    }
}

/// A file that is replaced by what is written when that is whole, or a stream.
pub enum Whole {
    File(Replacement),
    Stream(Outlet),
}

impl Whole {
    pub fn open(path: &Path, stop: &Stop, notes: impl FnOnce(&str)) -> io::Result<Whole> {
        Ok(match Output::named(path)? {
            Output::Stdout => Whole::Stream(Outlet::stdout(stop)?),
            Output::Stream(path) => Whole::Stream(Outlet::open(&path, stop, notes)?),
            Output::File(path) => Whole::File(Replacement::create(&path)?),
        })
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Whole::File(file) => file.write_all(bytes),
            Whole::Stream(out) => out.write_all(bytes),
        }
    }

    pub fn finish(self, sync: bool) -> io::Result<()> {
        match self {
            Whole::File(file) => file.finish(None, sync),
            Whole::Stream(_) => Ok(()),
        }
    }
}

/// A name in the same folder, with something before and after.
pub fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(before);
    name.push(path.file_name().unwrap_or_default());
    name.push(after);
    path.with_file_name(name)
}
