//! ia-meta: writes the Internet Archive metadata of collections.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, RedoFlags, WrittenFile};
use mapillary_pipes::stage::ia_meta::{IaMeta, IaMetaOptions, TagOverride};

/// Describe collections for the Internet Archive and print the script that uploads them.
///
/// Takes folders of tars that pack-tar made, named mapillary-USER-QUALITY, with
/// -webp behind it for WebP. Writes into each what an item at archive.org wants:
/// metadata.jsonl.gz with the row of each picture, a thumbnail, and
/// .meta/TAG/NUMBER, a file for each value of a tag, as 'rip' reads them. What
/// is so already is not written again; tags of your own stay.
#[derive(Parser)]
#[command(
    name = "ia-meta",
    after_help = "Example: ia-meta mapillary-ada-original > upload.sh",
    after_long_help = "Tags: title, description with counts and dates, subject, creator, date, coverage (dates and box), \
licenseurl (CC BY-SA 4.0), source, scanner (these tools), mapillary_pipes, mediatype, collection. The type of an item \
cannot be changed once it is made. The script wants 'ia', the client of archive.org, and runs where ia-meta ran.\n\n\
Asks nobody. Holds the index of the tar that it is at, and some 24 bytes for each picture, or 40 if \
the folder has several lists."
)]
pub struct Flags {
    /// Folders of collections.
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Collection of archive.org to add the items to; for a trial, test_collection, whose items are removed after 30
    /// days.
    #[arg(long, value_name = "NAME", default_value = "mapillary-images")]
    collection: String,
    /// Set a tag to a value; may be repeated; 'TAG:' omits the tag.
    #[arg(long, value_name = "TAG:VALUE")]
    metadata: Vec<TagOverride>,
    /// Write the script to FILE, when no collection has failed.
    #[arg(short, long, value_name = "FILE")]
    output: Option<WrittenFile>,
    #[command(flatten)]
    again: RedoFlags,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, no rows);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let stage = IaMeta::new(IaMetaOptions {
            into: flags.collection,
            wishes: flags.metadata,
            force: flags.again.force,
            dry_run: flags.again.dry_run,
            stop: session.stop.clone(),
        });
        session.ia_meta(&flags.folders, flags.output, stage)
    })
}
