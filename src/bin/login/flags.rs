//! login: gets a token that may upload, and stores it for the tools.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::login::Task;
use mapillary_pipes::cli::{self, Api, MessageFlags};

/// Log in to the service, for uploads.
///
/// Asks for e-mail and password on the terminal, or takes a token from standard input where that is
/// no terminal. The token is kept in the file of mapillary_tools, readable by nobody else
/// (MAPILLARY_CONFIG_PATH, else ~/.config/mapillary/configs), so that one log-in is good for both, and
/// theirs is good here. The password is not kept. To log in the token of an application is needed, in
/// MAPILLARY_TOKEN; with --browser its secret, too, in MAPILLARY_CLIENT_SECRET. Nothing secret is a flag.
#[derive(Parser)]
#[command(name = "login", after_help = "Example: mly login --check --profile ada")]
pub struct Flags {
    /// Name of the user here [default: the user's name at the service].
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Print the current user, and change nothing.
    #[arg(long)]
    check: bool,
    /// Log in with the browser, which is redirected to a port of this machine.
    #[arg(long, conflicts_with = "check")]
    browser: bool,
    /// Port that the browser is redirected to, as registered for the application [default: any].
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        requires = "browser",
        hide_default_value = true
    )]
    port: u16,
    #[command(flatten)]
    api: Api,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, no rows);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let Flags { profile, check, browser, port, .. } = flags;
        session.login(&flags.api, &Task { profile, check, browser, port })
    })
}
