//! A tool with its flags, for running and for display.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::forwarded_flags::flag;
use crate::cli::{NAME, multicall};
use crate::shape::FatalError;
use crate::value::shell::quoted;

/// A tool with its flags.
#[derive(Debug, Clone)]
pub struct CommandLine {
    pub tool: &'static str,
    pub flags: Vec<OsString>,
}

impl CommandLine {
    pub fn new(tool: &'static str) -> CommandLine {
        CommandLine { tool, flags: Vec::new() }
    }

    pub fn with(mut self, flags: impl IntoIterator<Item = impl Into<OsString>>) -> CommandLine {
        self.flags.extend(flags.into_iter().map(Into::into));
        self
    }

    /// Adds a flag if it is requested.
    pub fn with_if(self, is_asked: bool, flag: &str) -> CommandLine {
        self.with(is_asked.then_some(flag))
    }

    /// The process to start: the tool within this program, or beside it.
    pub fn command(&self) -> Result<Command, FatalError> {
        let own = std::env::current_exe()
            .map_err(|error| FatalError(format!("cannot find the tools: {error}")))?;
        let mut command = match multicall::call() {
            Some(_) => within(&own, self.tool),
            None => Command::new(beside(&own, self.tool)?),
        };
        command.args(&self.flags);
        Ok(command)
    }
}

/// Runs the tool within this program, whose file may have any name, even that of another tool.
fn within(own: &Path, tool: &str) -> Command {
    let mut command = Command::new(own);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, NAME);
    command.arg(tool);
    command
}

fn beside(own: &Path, tool: &str) -> Result<PathBuf, FatalError> {
    let path = own.with_file_name(format!("{tool}{}", std::env::consts::EXE_SUFFIX));
    if path.exists() {
        return Ok(path);
    }
    Err(FatalError(format!("no '{tool}' at '{}': all tools must be in one folder", path.display())))
}

impl fmt::Display for CommandLine {
    /// Formats it as shell input.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tool)?;
        self.flags.iter().try_for_each(|flag| write!(f, " {}", quoted(&flag.to_string_lossy())))
    }
}

/// A flag with the path of a file.
pub fn path_flag(name: &str, path: impl Into<PathBuf>) -> Vec<OsString> {
    flag(name, path.into().into_os_string())
}

#[cfg(test)]
mod tests;
