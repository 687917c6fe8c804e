//! preview-map: shows rows on a map, as an HTML page.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, Pictures, Sorted, TmpDir, TrackFiles};
use mapillary_pipes::photo::tracks;
use mapillary_pipes::stage::preview_map::{PreviewMap, PreviewOptions};

/// Draw photos on a map, as one HTML page, to check them before an upload.
///
/// Reads rows with lon and lat, or pictures and folders of them. Sequences have
/// colours, photos an arrow where they look; gaps and photos without a place are
/// marked, and a click shows the picture and its row. The page needs no network;
/// pictures are found where they lie, so they are not in it.
#[derive(Parser)]
#[command(
    name = "preview-map",
    after_help = "Example: preview-map --gpx ride.gpx -o ride.html placed.csv",
    after_long_help = "Columns read: lon, lat, compass_angle, captured_at, taken_at, seq_id, path, why. Holds 45 bytes \
a row, the tracks, and at most 24 MB of thumbnails, which are those that cameras keep in EXIF; rows wait in --tmp-dir. \
With --sorted the rows of one sequence, of each sequence some 300 bytes, the tracks and the thumbnails."
)]
pub struct Flags {
    /// Mark gaps of more than S seconds within a sequence.
    #[arg(long, value_name = "S", default_value_t = 60.0)]
    gap: f64,
    #[command(flatten)]
    tracks: TrackFiles,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    sorted: Sorted,
    #[command(flatten)]
    tmp_dir: TmpDir,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        // Without a file name, the page is assumed to be saved in the current folder.
        let folder = flags.pictures.output.as_deref().and_then(Path::parent);
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        let folder = Some(folder.unwrap_or(Path::new(".")).to_path_buf());
        let TrackFiles { gpx: tracks, track_zone } = flags.tracks;
        tracks::check(&tracks)?;
        let (gap_s, sorted) = (flags.gap, flags.sorted.sorted);
        let choice = PreviewOptions { tracks, track_zone, gap_s, folder, sorted };
        session.document(
            &flags.pictures,
            &flags.tmp_dir,
            PreviewMap::new(choice, &flags.tmp_dir.folder()),
        )
    })
}
