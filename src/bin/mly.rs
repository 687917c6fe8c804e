//! mly: all tools in one program. `mly download` is `download`; so is a link to `mly` with that name.

use std::process::ExitCode;

use mapillary_pipes::cli;
use mapillary_pipes::cli::tool_descriptor::ToolEntry;

macro_rules! tools {
    ($($job:literal { $($module:ident $name:literal $file:literal;)* })*) => {
        $($(#[path = $file]
        mod $module;)*)*

        const TOOLS: &[ToolEntry] = &[$($(ToolEntry {
            job: $job,
            name: $name,
            command: cli::command::<$module::Flags>,
            main: $module::main,
        }),*),*];
    };
}

tools! {
    "Fetch" {
        fetch "fetch" "fetch.rs";
        download "download" "download.rs";
        get_detections "get-detections" "get-detections.rs";
        get_features "get-features" "get-features.rs";
        get_images "get-images" "get-images.rs";
        get_meta "get-meta" "get-meta.rs";
        get_sequences "get-sequences" "get-sequences.rs";
    }
    "Tag and geotag" {
        geotag_gpx "geotag-gpx" "geotag-gpx.rs";
        interpolate_dir "interpolate-dir" "interpolate-dir.rs";
        read_exif "read-exif" "read-exif.rs";
        set_dates "set-dates" "set-dates.rs";
        tag_exif "tag-exif" "tag-exif.rs";
        time_split "time-split" "time-split.rs";
    }
    "Upload" {
        describe "describe" "describe.rs";
        login "login" "login/flags.rs";
        upload "upload" "upload.rs";
    }
    "Archive" {
        ia_check "ia-check" "ia-check.rs";
        ia_meta "ia-meta" "ia-meta.rs";
        ia_stats "ia-stats" "ia-stats.rs";
        pack_tar "pack-tar" "pack-tar.rs";
        to_webp "to-webp" "to-webp.rs";
        unpack_tar "unpack-tar" "unpack-tar.rs";
        verify_archive "verify-archive" "verify-archive.rs";
    }
    "Serve" {
        serve_archive "serve-archive" "serve-archive.rs";
        to_site "to-site" "to-site.rs";
    }
    "Look and convert" {
        preview_map "preview-map" "preview-map.rs";
        rows "rows" "rows.rs";
        to_geojson "to-geojson" "to-geojson.rs";
        to_gpx "to-gpx" "to-gpx.rs";
        to_stac "to-stac" "to-stac.rs";
    }
}

fn main() -> ExitCode {
    cli::multicall::main(TOOLS)
}
