//! set-dates: sets the dates of pictures that have none.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, Pictures, TmpDir};
use mapillary_pipes::photo::tag::{Options, TagGroup, Tagger, Written};
use mapillary_pipes::stage::set_dates::{DateSource, Interval, SetDates, Start};
use mapillary_pipes::value::zone::Zone;

/// Date pictures that have no date, by a start and a step or by their file names.
///
/// Reads pictures and folders of them, in natural order of their names (f9
/// before f10), or rows with a path, in their order. A picture that has a date
/// keeps it, and counts. With a zone the instant is known too (captured_at). An
/// instant that a row or picture without a date has is kept; --zone dates it.
#[derive(Parser)]
#[command(
    name = "set-dates",
    after_help = "Example: set-dates --start '2024-05-01 12:00:00+02:00' --step 0.5 --write frames",
    after_long_help = "Names that --from-name reads: IMG_20240501_120000, 20240501-120000, VID_20240501_120000, \
2024-05-01 12.00.00, DJI_20240501120000_0001, 2024_05_01_12_00_00_123_+0200, and PXL_20240501_120000123, which is UTC. A name \
without a date fails its row, and so does one whose offset is not that of --zone then; one in UTC gives the clock of --zone. What \
programs append to the second photo of a second (-1, -02) is no offset. ModifyDate alone counts as no date.\n\n\
Columns read: path, taken_at, time_by, captured_at, zone. Columns set: taken_at, time_by (given, name), captured_at, zone, zone_by \
(given), status (done, held: it has a date or an instant), why. Streams; holds one row, 256 with --write."
)]
pub struct Flags {
    /// Time of the first picture, with or without a UTC offset.
    #[arg(long, value_name = "TIME", requires = "step", required_unless_present = "from_name")]
    start: Option<Start>,
    /// Seconds from picture to picture; may be a fraction, or negative.
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true, requires = "start")]
    step: Option<Interval>,
    /// Take the date from the file's name, by a pattern of strftime such as =IMG_%Y%m%d_%H%M%S, or any date that it
    /// contains.
    #[arg(long, value_name = "PATTERN", num_args = 0..=1, require_equals = true, conflicts_with_all = ["start", "step"])]
    from_name: Option<Option<String>>,
    /// Zone of the camera's clock: a name or an offset.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    zone: Option<Zone>,
    /// Write the dates into the pictures, as tag-exif does.
    #[arg(long)]
    write: bool,
    /// Overwrite existing dates, too.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let overwrite = flags.overwrite;
        let options = Options { only: vec![TagGroup::Time], overwrite, ..Options::default() };
        let tmp_dir = TmpDir::default().folder();
        let tagger = flags.write.then(|| Tagger::new(options, &tmp_dir));
        let source = match (flags.start, flags.step) {
            (Some(start), Some(step)) => DateSource::Steps(start, step),
            _ => DateSource::Names(flags.from_name.flatten()),
        };
        let stage = SetDates::new(source, flags.zone, overwrite)?;
        let stage = Written::new(stage, tagger, session.interrupted()).but_held();
        session.pictures(&flags.pictures)?.makes_files_if(flags.write).scan_photos(stage, &tmp_dir)
    })
}
