//! fetch: the whole job in one command.

use std::process::ExitCode;

use mapillary_pipes::cli;
pub use mapillary_pipes::pipeline::Fetch as Flags;

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| flags.run(session))
}
