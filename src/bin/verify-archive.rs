//! verify-archive: reports missing and damaged pictures.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{self, Jobs, MessageFlags, Rows, TmpDir};
use mapillary_pipes::stage::verify_archive::{Check, VerifyArchive};

/// Verify every picture of an archive and print those that are missing or damaged.
///
/// Takes a folder of tars and pictures with its subfolders, one tar, also in gzip
/// or from standard input, or rows with 'path' or with 'archive' and 'member', and reads every byte: headers, digests, what stands
/// between members, whether JPEG and WebP are whole, that no picture is empty.
/// Loose pictures are those of the kinds that read-exif reads; files of other
/// kinds of pictures and videos are counted. Of a tar without an index
/// no digest is known: 'pack-tar --index' makes one. A.tar.sha256 must agree with
/// the index. Rows that a folder lists (in metadata.jsonl.gz, metadata.jsonl,
/// images.jsonl and images.csv) must each have a picture: of its 'img_id' and, where
/// both state one, of its 'quality', or without an id at its 'path'. A picture must have the
/// 'bytes' and 'sha256' of its row, if the row names its file. Sets 'status' (missing, damaged) and 'why'. Nothing is changed but
/// a note of what is damaged, in .mapillary-pipes of its folder, so that
/// download asks for it.
#[derive(Parser)]
#[command(
    name = "verify-archive",
    after_help = "Example: verify-archive pics | download --into pics | pack-tar --into pics --repair",
    after_long_help = "Holds the index of the two tars that it is at, or of 2,000 pictures, about 1.4 KB each, and \
                       of a folder that lists its rows none of them: their ids and paths wait in --tmp-dir. Of rows with 'path' it holds 16 bytes \
                       for each picture in the tars that it looks into; their names wait there, too. Status 1 says that something is missing or damaged."
)]
pub struct Flags {
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    tmp_dir: TmpDir,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let job = session.rows(&flags.rows)?.jobs(flags.jobs.or_processors());
        let tmp_dir = flags.tmp_dir.folder();
        let stage = Arc::new(VerifyArchive::new(&tmp_dir));
        job.tars(Check { tmp_dir })?.batch(vec![stage])
    })
}
