//! upload: uploads the photos of rows to the service, and reports the result of each.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::upload::{Uploading, WaitFlags, rows_of};
use mapillary_pipes::cli::{
    self, Api, Jobs, LimitFlags, MessageFlags, Pictures, RedoFlags, TmpDir,
};
use mapillary_pipes::photo::description::gather::{By, GatherOptions};
use mapillary_pipes::stage::upload::zips::UploadZips;
use mapillary_pipes::stage::upload::{Upload, UploadOptions};

/// Upload photos to the service, and print the result for each.
///
/// Reads pictures and folders of them, rows with path, or the mapillary_image_description.json of
/// mapillary_tools. Each seq_id is a sequence, else each folder and camera. A photo is sent with its
/// description in the EXIF; the file stays as it is. What describe finds wrong is not sent: its row
/// has the status 'held', and why. Sets upload_handle, cluster_id, uploaded_bytes, uploaded_md5,
/// uploaded_at, zip and status: done, kept (uploaded before), held, planned. Rows come out by sequence,
/// as each is done. Sequences that mapillary_tools has uploaded are not sent again, nor does it send
/// these.
#[derive(Parser)]
#[command(
    name = "upload",
    after_help = "Example: describe photos.csv | upload --dry-run > planned.csv",
    after_long_help = "Holds 64 bytes a row until the input ends, the rows of one sequence, and one photo of each connection, \
or 4 MB of it; rows wait in --tmp-dir."
)]
pub struct Flags {
    /// Treat each folder as a sequence, whatever the rows say.
    #[arg(long)]
    each_folder: bool,
    /// Write a ZIP file of each sequence into DIR, and send nothing.
    #[arg(long, value_name = "DIR")]
    zip: Option<PathBuf>,
    /// Send ZIP files of --zip or of mapillary_tools.
    #[arg(long, value_name = "ZIP", num_args = 1.., conflicts_with_all = ["paths", "zip", "wait"])]
    from_zip: Vec<PathBuf>,
    #[command(flatten)]
    uploading: Uploading,
    #[command(flatten)]
    appearing: WaitFlags,
    #[command(flatten)]
    limits: LimitFlags,
    #[command(flatten)]
    api: Api,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    again: RedoFlags,
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
        let RedoFlags { force, dry_run } = flags.again;
        let is_dry = dry_run || flags.zip.is_some();
        let (how, sender) =
            flags.uploading.begin(session, &flags.api, &flags.jobs, (force, is_dry))?;
        if !flags.from_zip.is_empty() {
            let stage = UploadZips::new(sender.map(|(sender, _)| sender));
            let job = session.paths(&Pictures::default())?;
            return job.own_rows(Some(rows_of(&flags.from_zip))).scan(stage);
        }
        let tmp_dir = flags.tmp_dir.folder();
        let gather = GatherOptions {
            by: if flags.each_folder { By::Folder } else { By::Sequence },
            limits: flags.limits.limits(),
            heights: flags.pictures.height_range,
            tmp_dir: tmp_dir.clone(),
        };
        let choice = UploadOptions {
            gather,
            zip: flags.zip,
            dry_run,
            max_rate: flags.uploading.max_rate(),
            wait: flags.appearing.wait(),
            poll: flags.appearing.poll(),
        };
        let stage = Upload::new(choice, how, sender);
        session.pictures(&flags.pictures)?.scan_photos(stage, &tmp_dir)
    })
}
