//! set-dates: dates for pictures that have none.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, Pictures, Talk};
use mapillary_pipes::stage::set_dates::{SetDates, Start, Step};
use mapillary_pipes::stage::tag::{Group, Options, Tagger, Written};
use mapillary_pipes::value::zone::Zone;

/// Rows with a date for each picture: a start, and a step to the next.
///
/// Reads pictures and folders of them, in natural order of their names (f9
/// before f10), or rows with a path, in their order. A picture that has a date
/// keeps it, and counts. With a zone the instant is known too (captured_at).
#[derive(Parser)]
#[command(
    name = "set-dates",
    before_help = "Example: set-dates --start '2024-05-01 12:00:00+02:00' --step 0.5 --write frames",
    after_long_help = "Columns read: path, taken_at. Columns set: taken_at, captured_at, zone, zone_by (given), status (done, \
held: it has a date). Streams; holds one row, 256 with --write."
)]
pub struct Flags {
    /// When the first picture was taken, with or without an offset.
    #[arg(long, value_name = "TIME")]
    start: Start,
    /// Seconds to the next picture; with a fraction or negative too.
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    step: Step,
    /// Zone of the camera's clock: a name or an offset.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    zone: Option<Zone>,
    /// Write the dates into the pictures, as tag-exif would.
    #[arg(long)]
    write: bool,
    /// Give a date to pictures that have one, too.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    pub talk: Talk,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let overwrite = flags.overwrite;
        let options = Options { only: vec![Group::Time], overwrite, ..Options::default() };
        let tagger = flags.write.then(|| Tagger::new(options));
        let stage = SetDates::new(flags.start, flags.step, flags.zone, overwrite)?;
        session.scan_pictures(&flags.pictures, Written::new(stage, tagger).but_held())
    })
}
