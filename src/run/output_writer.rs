//! The writer behind an output: stdout or another stream, or a file that is renamed into place at the end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::disk::atomic_file::Replacement;
use crate::disk::output::Output;
use crate::disk::pipe_completion::{Completion, Writer};
use crate::disk::{Action, AtPath, PathError};
use crate::shape::{Diagnostics, FatalError};

use super::Stop;
use super::companion_files::beside;
use super::output_claim::{Claimed, lock_of, taken};
use super::pipe_turn::PipeTurns;
use super::stdio::StdStream;

/// The destination of rows.
pub enum Out {
    Stream(Stream),
    PartOutput(PartOutput),
}

/// Stdout, or a file that is not a regular one.
pub struct Stream {
    out: StdStream,
    /// The name for messages.
    name: String,
    /// Reports that the stream is complete, if that depends on the rows: not for stdout.
    writer: Option<Writer>,
    /// For whole lines in a pipe that other tools write into.
    turns: Option<PipeTurns>,
    stop: Stop,
}

/// A file that can be watched while it is written, and that a later run resumes.
pub struct PartOutput {
    file: File,
    part: PathBuf,
    path: PathBuf,
}

impl Out {
    /// The file of `-o`, or stdout.
    pub fn open(
        path: Option<&Path>,
        claim: Option<&Claimed>,
        stop: &Stop,
        notes: &dyn Diagnostics,
    ) -> Result<Out, FatalError> {
        let wrong = |error: io::Error| match path {
            Some(path) => PathError::new(Action::Write, path, error).into(),
            None => FatalError(format!("cannot write rows: {error}")),
        };
        Ok(match path.map(Output::named).transpose().map_err(wrong)? {
            None | Some(Output::Stdout) => {
                let out = StdStream::stdout(stop).map_err(wrong)?;
                Out::Stream(Stream::new(out, "rows".into(), None, stop))
            }
            Some(Output::Stream(path)) => {
                let out = StdStream::open(&path, stop, |text| notes.once(text)).map_err(wrong)?;
                let writer = out.writer();
                Out::Stream(Stream::new(out, format!("'{}'", path.display()), writer, stop))
            }
            Some(Output::File(path)) => Out::PartOutput(PartOutput::open(path, claim)?),
        })
    }

    pub fn is_stream(&self) -> bool {
        matches!(self, Out::Stream(..))
    }

    /// Writes whole lines, or pieces of a table that only this process writes.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Out::Stream(stream) => stream.write(bytes),
            Out::PartOutput(part) => part.file.write_all(bytes),
        }
    }

    /// The name for messages.
    pub fn name(&self) -> String {
        match self {
            Out::Stream(stream) => stream.name.clone(),
            Out::PartOutput(part) => format!("'{}'", part.part.display()),
        }
    }

    /// After everything is written: a complete file is renamed into place, a pipe reports its completion.
    pub fn finish(self, completion: Completion) -> Result<(), FatalError> {
        let PartOutput { file, part, path } = match self {
            Out::PartOutput(part) if completion == Completion::Complete => part,
            Out::PartOutput(_) => return Ok(()),
            Out::Stream(stream) => {
                stream.writer.into_iter().for_each(|writer| writer.end(completion));
                return Ok(());
            }
        };
        let named = file.sync_all().and_then(|()| fs::rename(&part, &path));
        Ok(named.at_path(Action::Write, &path)?)
    }
}

impl Stream {
    fn new(out: StdStream, name: String, writer: Option<Writer>, stop: &Stop) -> Stream {
        Stream { turns: out.turns(), out, name, writer, stop: stop.clone() }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let turn = self.turns.as_ref().map(|turns| turns.wait(&self.stop)).transpose()?;
        let written = self.out.write_all(bytes);
        drop(turn);
        written
    }
}

impl PartOutput {
    fn open(path: PathBuf, claim: Option<&Claimed>) -> Result<PartOutput, FatalError> {
        let part = beside(&path, "", ".part");
        let wrong = PathError::at(Action::Write, &part);
        let file = match claim {
            Some(claim) => claim.part.try_clone().map_err(wrong)?,
            None => taken(&path, |file| lock_of(file, &path).map(|()| false))?.0,
        };
        file.set_len(0).map_err(wrong)?;
        Ok(PartOutput { file, part, path })
    }
}

/// A file that is replaced atomically by what is written, or a stream.
pub enum OutputTarget {
    File(Replacement),
    Stream(StdStream),
}

impl OutputTarget {
    pub fn open(path: &Path, stop: &Stop, notes: impl FnOnce(&str)) -> io::Result<OutputTarget> {
        Ok(match Output::named(path)? {
            Output::Stdout => OutputTarget::Stream(StdStream::stdout(stop)?),
            Output::Stream(path) => OutputTarget::Stream(StdStream::open(&path, stop, notes)?),
            Output::File(path) => OutputTarget::File(Replacement::create(&path)?),
        })
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            OutputTarget::File(file) => file.write_all(bytes),
            OutputTarget::Stream(out) => out.write_all(bytes),
        }
    }

    pub fn finish(self, sync: bool) -> io::Result<()> {
        match self {
            OutputTarget::File(file) => file.finish(None, sync),
            OutputTarget::Stream(_) => Ok(()),
        }
    }
}
