//! time-split: assigns photos to sequences.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, Pictures, TmpDir};
use mapillary_pipes::disk::filing::How;
use mapillary_pipes::disk::pictures::SearchedFolders;
use mapillary_pipes::stage::time_split::{
    self, Into, Limits, Near, SplitOptions, Template, TimeSplit,
};

/// Split photos into sequences where the ride was interrupted.
///
/// Reads pictures and folders of them, or rows with captured_at or taken_at, and lon and lat for --distance,
/// --max-turn and --duplicates. Sets seq_id and cut_by (start, camera, gap,
/// distance, turn, max-images: why the sequence begins), duplicate_of when
/// asked, and why for a photo without a time. Photos of one folder and camera
/// belong together. Files are moved only with --into.
#[derive(Parser)]
#[command(
    name = "time-split",
    after_help = "Example: time-split --gap 60 photos.csv > sequences.csv",
    after_long_help = "Holds 33 bytes a row until the input ends, 49 bytes where places are asked for, and with --into \
the paths; rows wait in --tmp-dir."
)]
pub struct Flags {
    /// Start a new sequence after a gap of more than S seconds [default: estimated and printed].
    #[arg(long, value_name = "S")]
    gap: Option<f64>,
    /// Start a new sequence after a distance of more than M metres.
    #[arg(long, value_name = "M")]
    distance: Option<f64>,
    /// Maximum number of images in a sequence.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    max_images: u64,
    /// Start a new sequence at a turn of more than DEG degrees.
    #[arg(long, value_name = "DEG")]
    max_turn: Option<f64>,
    /// Name of a sequence: {time} is that of its first photo, and n in braces counts from 0.
    #[arg(long, value_name = "TEMPLATE", default_value_t)]
    name: Template,
    /// Split sequences of the service, too.
    #[arg(long)]
    overwrite: bool,
    /// Mark photos within M metres of the last unmarked one as its duplicates.
    #[arg(long, value_name = "M")]
    duplicates: Option<f64>,
    /// Maximum difference in direction between duplicates, in degrees.
    #[arg(long, value_name = "DEG", requires = "duplicates")]
    duplicate_angle: Option<f64>,
    /// Put the photos into DIR, one folder for each sequence, and keep a journal.
    #[arg(long, value_name = "DIR", requires = "how")]
    into: Option<PathBuf>,
    /// Move the photos into their folders.
    #[arg(long = "move", group = "how", requires = "into")]
    move_: bool,
    /// Copy the photos into their folders.
    #[arg(long, group = "how", requires = "into")]
    copy: bool,
    /// Hard-link the photos into their folders.
    #[arg(long, group = "how", requires = "into")]
    link: bool,
    /// Undo what the journal of --into lists, and exit.
    #[arg(long, value_name = "LIST", conflicts_with_all = ["into", "paths"])]
    undo: Option<PathBuf>,
    /// Print what --into or --undo would do, and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    tmp_dir: TmpDir,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        if let Some(list) = &flags.undo {
            return session.told(&time_split::undo(list, flags.dry_run, &session.interrupted())?);
        }
        let limits = Limits {
            gap_s: flags.gap,
            distance_m: flags.distance,
            max_images: flags.max_images as usize,
            max_turn_deg: flags.max_turn,
        };
        let near = |distance_m| Near { distance_m, angle_deg: flags.duplicate_angle };
        let duplicates = flags.duplicates.map(near);
        let name = flags.name.clone();
        let how = match (flags.move_, flags.copy) {
            (true, _) => How::Move,
            (_, true) => How::Copy,
            _ => How::Link,
        };
        let into = flags.into.clone().map(|folder| {
            let stop = session.interrupted();
            Into { folder, how, dry_run: flags.dry_run, tmp_dir: flags.tmp_dir.folder(), stop }
        });
        if let Some(more) = into.as_ref().map(Into::resume).transpose()?.filter(|&more| more > 0) {
            session.say(&format!(
                "{more} files of an earlier run that was stopped are in their folders now"
            ));
        }
        let Pictures { paths, recursive, .. } = &flags.pictures;
        let searched = SearchedFolders::new(paths, *recursive)?;
        let moved = into.as_ref().map(|into| into.moved_from(&searched)).transpose()?;
        let choice = SplitOptions { limits, name, overwrite: flags.overwrite, duplicates, into };
        let job = session.pictures_and_moved(&flags.pictures, moved.unwrap_or_default())?;
        let job = job.makes_files_if(flags.into.is_some());
        let tmp_dir = flags.tmp_dir.folder();
        job.scan_photos(TimeSplit::new(choice, &tmp_dir), &tmp_dir)
    })
}
