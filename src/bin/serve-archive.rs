//! serve-archive: serves a folder of pictures through the API of the service.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{
    self, MessageFlags,
    server::{Faults, Serve, ShowWeb, TakeUploads},
};

/// Serve an archive with the API of the service.
///
/// Serves a folder of pictures and their rows: entities, searches, coverage
/// tiles, pictures under links that expire. Any client of the service can use
/// it that lets its address be set; -v says each request. It changes nothing
/// but an index of its own, beside a large archive. What is new in the folder
/// is served within seconds, or at once after SIGHUP; fewer images, after three checks.
///
/// With --web it shows a page for people at /web/.
///
/// With --allow-upload it takes sequences, too: /login, /me, /token, files in
/// parts, /finish_upload. Each gets a folder in the inbox, at once and whole:
/// ID.jpg as it was sent, and 'uploaded.jsonl' with the rows, read from the
/// description in the EXIF. Anybody may log in under any name, unless there is
/// a --token, which is the password then.
#[derive(Parser)]
#[command(
    name = "serve-archive",
    after_help = "Example: serve-archive mapillary --rows images.jsonl",
    after_long_help = "Columns read: all that the Graph API has; 'path' where a file's name does not tell its \
                       picture.\nMemory: about 1 kB an image; from 20,000 images on a few MB, with \
                       an index in '.mapillary-pipes/serve-index' of about 1 kB an image."
)]
pub struct Flags {
    #[command(flatten)]
    serve: Serve,
    #[command(flatten)]
    web: ShowWeb,
    #[command(flatten)]
    uploads: TakeUploads,
    #[command(flatten)]
    faults: Faults,
    #[command(flatten)]
    talk: MessageFlags,
}

cli::tool!(Flags, no rows);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        session.serve(&flags.serve, &flags.web, &flags.uploads, &flags.faults)
    })
}
