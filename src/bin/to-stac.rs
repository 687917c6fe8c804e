//! to-stac: exports rows as a static STAC collection.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, Rows, TmpDir};
use mapillary_pipes::stage::to_stac::{About, ToStac};

/// Describe pictures as a static STAC collection, one item for each sequence.
///
/// Reads rows with img_id, seq_id and captured_at, and writes DIR/collection.json and DIR/SEQUENCE/SEQUENCE.json (STAC
/// 1.1.0). A picture is an asset of its item: a link to path, to the tar of archive, or to its page; its time, the
/// direction of view (view:azimuth), and of pers: the place after structure from motion and the camera. Links are
/// relative; pictures stay where they are. Rows pass through.
#[derive(Parser)]
#[command(
    name = "to-stac",
    after_help = "Example: to-stac --into catalog --title 'Kiel 2024' town.csv",
    after_long_help = "Reads img_id, seq_id, captured_at, lon, lat, path, archive, member, offset, compass_angle, \
computed_compass_angle, computed_lon, computed_lat, make, model, width, height, camera_type, camera_parameters, \
creator_username. Files that are no STAC are not replaced. Holds 9 bytes a row until \
the input ends, some 150 of each sequence, and the pictures of one; rows wait in --tmp-dir."
)]
pub struct Flags {
    /// Write the collection into DIR, and create it if needed.
    #[arg(long, value_name = "DIR", default_value = "stac")]
    into: PathBuf,
    /// Id of the collection [default: the name of DIR].
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Title of the collection [default: its id].
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Licence of the pictures, as an SPDX identifier, or 'other'.
    #[arg(long, value_name = "SPDX", default_value = "CC-BY-SA-4.0")]
    license: String,
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
        let about = About::new(&flags.into, flags.id, flags.title, flags.license);
        let stage = ToStac::new(flags.into, about, &flags.tmp_dir.folder());
        session.rows(&flags.rows)?.makes_files().scan(stage)
    })
}
