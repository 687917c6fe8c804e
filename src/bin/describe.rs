//! describe: adds to the row of each photo its description for the service.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, LimitFlags, MessageFlags, Pictures, TmpDir, WrittenFile};
use mapillary_pipes::photo::description::gather::{By, GatherOptions};
use mapillary_pipes::photo::description::write_into::DescriptionWriter;
use mapillary_pipes::photo::tag::Written;
use mapillary_pipes::stage::describe::{Describe, DescribeOptions};

/// Describe photos for the service, and find what it would refuse.
///
/// Reads pictures and folders of them, rows with path, or the mapillary_image_description.json of
/// mapillary_tools. Sets MAPLatitude, MAPLongitude, MAPAltitude, MAPCaptureTime (UTC), MAPCompassHeading,
/// MAPDeviceMake, MAPDeviceModel, MAPOrientation, MAPSequenceUUID, MAPFilename, MAPGPSAccuracyMeters,
/// MAPCameraUUID, and why: what is wrong with a photo, under the name that mapillary_tools has for it
/// (MapillaryDuplicationError, ...). Such rows pass; upload does not send them. Values come from the row,
/// then from its MAP columns, then from what an app wrote into the photo; personal settings of old
/// apps are left out. A sequence is one seq_id, else one folder and camera. Files are changed only
/// with --write.
#[derive(Parser)]
#[command(
    name = "describe",
    after_help = "Example: describe --desc mapillary_image_description.json photos.csv > described.csv",
    after_long_help = "Holds 64 bytes a row until the input ends, and 120 more of one sequence; rows wait in --tmp-dir."
)]
pub struct Flags {
    /// Write the descriptions to FILE, too, as mapillary_tools reads them.
    #[arg(long, value_name = "FILE")]
    desc: Option<WrittenFile>,
    /// Write each description into the ImageDescription of its photo.
    #[arg(long)]
    write: bool,
    /// Replace other text in the ImageDescription, too.
    #[arg(long, requires = "write")]
    overwrite: bool,
    /// Print what --write would do, and change nothing.
    #[arg(long, requires = "write")]
    dry_run: bool,
    /// Treat each folder as a sequence, whatever the rows say.
    #[arg(long)]
    each_folder: bool,
    #[command(flatten)]
    limits: LimitFlags,
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
        let tmp_dir = flags.tmp_dir.folder();
        let gather = GatherOptions {
            by: if flags.each_folder { By::Folder } else { By::Sequence },
            limits: flags.limits.limits(),
            heights: flags.pictures.height_range,
            tmp_dir: tmp_dir.clone(),
        };
        let choice = DescribeOptions {
            gather,
            list: flags.desc.clone().map(Into::into),
            writes: flags.write,
        };
        let writer = flags
            .write
            .then_some(DescriptionWriter { overwrite: flags.overwrite, dry_run: flags.dry_run });
        let stage = Describe::new(choice);
        let stage = Written::new(stage, writer, session.interrupted());
        session.pictures(&flags.pictures)?.makes_files_if(flags.write).scan_photos(stage, &tmp_dir)
    })
}
