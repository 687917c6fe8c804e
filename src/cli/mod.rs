//! Flags, help, messages and exit status: the only part that knows the command line, the environment and stderr.

mod ask_token;
mod command_line;
mod completions;
pub mod config;
pub mod config_command;
pub mod config_file;
mod config_sections;
pub mod demo;
mod distinct_files;
pub mod doctor;
pub mod document;
pub mod exit_status;
pub mod flags;
mod flags_from_config;
mod flags_page;
pub mod forwarded_flags;
pub mod internet_archive;
pub mod log_file;
pub mod login;
mod man;
pub mod message_flags;
pub mod multicall;
mod open_files;
pub mod pace_command;
mod panoramax;
pub mod partition_scope;
pub mod possible_values;
pub mod request_flags;
pub mod retry_list;
pub mod run_builder;
pub mod runner;
pub mod search_flags;
pub mod selection_flags;
pub mod sequence_limit_flags;
pub mod server;
pub mod share_flags;
pub mod signals;
pub mod site;
pub mod sorted_flag;
pub mod stdout_pipe;
pub mod summary_file;
pub mod task_placeholder;
pub mod terminal;
mod terminal_echo;
pub mod tmp_dir;
pub mod tool_descriptor;
pub mod track_flags;
pub mod upload;
pub mod upload_users;
mod usage_error;
pub mod written_file;

use std::process::ExitCode;

use crate::run::{StdStream, Stop, Summary};
use crate::shape::FatalError;
use crate::value::shown;

use stdout_pipe::PipeOut;
use usage_error::refusal;

pub use exit_status::Tolerance;
pub use flags::{Jobs, Pictures, RedoFlags, Room, Rows, Size};
pub use message_flags::MessageFlags;
pub use request_flags::{Api, CachedApiFlags, RequestFlags};
pub use runner::Session;
pub use selection_flags::{KnownFlags, SelectionFlags};
pub use sequence_limit_flags::LimitFlags;
pub use sorted_flag::Sorted;
pub use tmp_dir::TmpDir;
pub use track_flags::{TrackFiles, Tracks};
pub use written_file::WrittenFile;

/// The name of the `mly` command.
pub const NAME: &str = "mly";

/// What [`main`] needs to know from a tool's flags. [`tool!`](crate::tool) implements it for flags with the usual
/// groups.
pub trait Tool: clap::Parser {
    fn talk(&self) -> &MessageFlags;

    /// Whether its work is counted in rows.
    fn has_rows(&self) -> bool {
        true
    }

    /// Which rows affect the exit status.
    fn tolerance(&self) -> Tolerance {
        Tolerance::default()
    }
}

/// Implements [`Tool`] for flags with the groups `talk` and `rows` (or `out`).
#[macro_export]
macro_rules! tool {
    ($flags:ident) => {
        $crate::tool!($flags, rows);
    };
    // A tool without rows.
    ($flags:ident, no rows) => {
        impl $crate::cli::Tool for $flags {
            fn talk(&self) -> &$crate::cli::MessageFlags {
                &self.talk
            }

            fn has_rows(&self) -> bool {
                false
            }
        }
    };
    ($flags:ident, $out:ident) => {
        impl $crate::cli::Tool for $flags {
            fn talk(&self) -> &$crate::cli::MessageFlags {
                &self.talk
            }

            fn tolerance(&self) -> $crate::cli::Tolerance {
                let (is_strict, ok_failed) = (self.$out.strict, self.$out.ok_failed);
                $crate::cli::Tolerance { is_strict, ok_failed }
            }
        }
    };
}
pub use crate::tool;

pub use command_line::command;
use command_line::{arguments, parse};

/// Runs a tool: parses its flags, runs it, reports the result and returns the exit status.
pub fn main<T: Tool>(run: impl FnOnce(T, &Session) -> Result<Summary, FatalError>) -> ExitCode {
    // Before anything can fail: a tool whose command line is refused gives no rows, which is not the same as zero rows.
    let pipe = PipeOut::begin();
    let flags = match parse::<T>(arguments()) {
        Ok(flags) => flags,
        Err(error) => return shown(command::<T>().get_name(), &error),
    };
    let name = command::<T>().get_name().to_string();
    let session = match Session::new(&name, flags.talk(), pipe) {
        Ok(session) => session,
        Err(fault) => {
            terminal::say(&name, &fault.0);
            return ExitCode::from(2);
        }
    };
    let (tolerance, has_rows) = (flags.tolerance(), flags.has_rows());
    let summary = FatalError::guard(|| run(flags, &session));
    session.close(summary, tolerance, has_rows)
}

/// Prints help on stdout or an error on stderr.
fn shown(name: &str, error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        let text = refusal(name, error);
        match text.strip_prefix(&format!("{name}: ")).filter(|_| terminal::is_json_typed()) {
            Some(text) => terminal::say(name, text.trim_end()),
            None => terminal::say_lines(&shown::message(&text)),
        }
        return ExitCode::from(2);
    }
    let printed = StdStream::stdout(&Stop::default()).and_then(|_| error.print());
    terminal::ended(name, terminal::unless_gone(printed))
}
