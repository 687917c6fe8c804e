//! `mly demo`: serves a made-up town while the given shell or command runs.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

use clap::Parser;

use crate::disk::{Action, AtPath};
use crate::serve::{Server, ServerSettings, sample_town};
use crate::shape::FatalError;

use super::{NAME, parse, shown, terminal};

/// Open a shell, or run a command, in which the tools ask a made-up town on this machine.
///
/// The town is drawn into a folder, once, and served the way the service would, until the shell or the command
/// ends: five sequences of two users, 59 pictures, one of them deleted. No account and no network is needed.
/// The tools are on the PATH of the shell.
#[derive(Parser)]
#[command(
    name = "demo",
    bin_name = "mly demo",
    after_help = "Example: mly demo get-images --user ada",
    after_long_help = "Sets MAPILLARY_GRAPH_API_ENDPOINT, MAPILLARY_TILES_ENDPOINT, MAPILLARY_TOKEN and PATH for the \
shell or the command, and nothing else. The status is that of the shell or the command."
)]
pub struct Flags {
    /// Folder of the town, drawn when it is not there.
    #[arg(long, value_name = "DIR", default_value = "demo-town")]
    town: PathBuf,
    /// What to run [default: the shell that SHELL names].
    #[arg(value_name = "COMMAND", trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

pub fn main() -> ExitCode {
    let flags = match parse::<Flags>(super::arguments()) {
        Ok(flags) => flags,
        Err(error) => return shown(&format!("{NAME} demo"), &error),
    };
    match flags.run() {
        Ok(status) => ExitCode::from(code(status)),
        Err(fault) => {
            terminal::say(&format!("{NAME} demo"), &fault.0);
            ExitCode::from(2)
        }
    }
}

impl Flags {
    fn run(self) -> Result<ExitStatus, FatalError> {
        draw(&self.town)?;
        let mut settings = ServerSettings::new(&self.town);
        settings.gone = vec![sample_town::DELETED.to_string()];
        let server = Server::start(settings).map_err(FatalError::new)?;
        let url = server.url();
        let mut words = self.command.into_iter();
        let program = match words.next() {
            Some(program) => program,
            None => {
                greet(&url, &self.town);
                std::env::var_os("SHELL").unwrap_or_else(|| "sh".into())
            }
        };
        let mut command = Command::new(&program);
        command.args(words).env("PATH", path()?).env("MAPILLARY_TOKEN", "demo");
        command.env("MAPILLARY_GRAPH_API_ENDPOINT", &url).env("MAPILLARY_TILES_ENDPOINT", &url);
        let status = command.status();
        server.stop();
        Ok(status.at_path(Action::Run, Path::new(&program))?)
    }
}

/// Draws the town unless it exists. Its rows are written last, so a partly drawn town is drawn again.
fn draw(town: &Path) -> Result<(), FatalError> {
    if town.join("images.jsonl").exists() {
        return Ok(());
    }
    sample_town::write(town).map_err(|error| {
        FatalError(format!("cannot draw the town in '{}': {error}", town.display()))
    })
}

fn greet(url: &str, town: &Path) {
    terminal::say_lines(&format!(
        "A made-up town is served at {url}, from '{}', until this shell ends ('exit').\n\
         In this shell all tools ask it:\n\n  \
         get-images --user ada | get-meta | download --into ada > ada.csv\n\n\
         Other shells ask it, too, after\n\n  \
         export MAPILLARY_GRAPH_API_ENDPOINT={url} MAPILLARY_TILES_ENDPOINT={url}\n  \
         export MAPILLARY_TOKEN=demo\n\n",
        town.display()
    ));
}

/// The PATH, preceded by the folder of this program, which also holds the tools.
fn path() -> Result<OsString, FatalError> {
    let wrong = |error: io::Error| FatalError(format!("cannot find the tools: {error}"));
    let own = std::env::current_exe().map_err(wrong)?;
    let folder = own.parent().map(Path::to_path_buf);
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = folder.into_iter().chain(std::env::split_paths(&rest));
    std::env::join_paths(all).map_err(|error| wrong(io::Error::other(error)))
}

/// The exit code as a shell reports it: for a signal, 128 plus its number.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
