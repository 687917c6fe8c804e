//! The fuzz targets, built without the fuzzer: they compile, and pass for their seeds and for damaged ones.
#![allow(
    unused_attributes,
    reason = "each target is a crate of its own under the fuzzer, and says so"
)]

use std::fs;
use std::path::Path;

#[path = "../../fuzz/fuzz_targets/classify.rs"]
mod classify;
#[path = "../../fuzz/fuzz_targets/collection.rs"]
mod collection;
#[path = "../../fuzz/fuzz_targets/csv_rows.rs"]
mod csv_rows;
#[path = "../../fuzz/fuzz_targets/description.rs"]
mod description;
#[path = "../../fuzz/fuzz_targets/detection.rs"]
mod detection;
#[path = "../../fuzz/fuzz_targets/exif.rs"]
mod exif;
#[path = "../../fuzz/fuzz_targets/geojson.rs"]
mod geojson;
#[path = "../../fuzz/fuzz_targets/gpx.rs"]
mod gpx;
#[path = "../../fuzz/fuzz_targets/ini.rs"]
mod ini;
#[path = "../../fuzz/fuzz_targets/internet_archive.rs"]
mod internet_archive;
#[path = "../../fuzz/fuzz_targets/jpeg_end.rs"]
mod jpeg_end;
#[path = "../../fuzz/fuzz_targets/jpeg_pixels.rs"]
mod jpeg_pixels;
#[path = "../../fuzz/fuzz_targets/json_rows.rs"]
mod json_rows;
#[path = "../../fuzz/fuzz_targets/link.rs"]
mod link;
#[path = "../../fuzz/fuzz_targets/list.rs"]
mod list;
#[path = "../../fuzz/fuzz_targets/mvt.rs"]
mod mvt;
#[path = "../../fuzz/fuzz_targets/nmea.rs"]
mod nmea;
#[path = "../../fuzz/fuzz_targets/parquet.rs"]
mod parquet;
#[path = "../../fuzz/fuzz_targets/picture.rs"]
mod picture;
#[path = "../../fuzz/fuzz_targets/tar.rs"]
mod tar;
#[path = "../../fuzz/fuzz_targets/thumbnail.rs"]
mod thumbnail;
#[path = "../../fuzz/fuzz_targets/track.rs"]
mod track;
#[path = "../../fuzz/fuzz_targets/track_packing.rs"]
mod track_packing;
#[path = "../../fuzz/fuzz_targets/xmp.rs"]
mod xmp;

type Run = fn(&[u8]);

const TARGETS: [(&str, Run); 24] = [
    ("classify", classify::run),
    ("collection", collection::run),
    ("csv_rows", csv_rows::run),
    ("description", description::run),
    ("detection", detection::run),
    ("exif", exif::run),
    ("geojson", geojson::run),
    ("gpx", gpx::run),
    ("ini", ini::run),
    ("internet_archive", internet_archive::run),
    ("jpeg_end", jpeg_end::run),
    ("jpeg_pixels", jpeg_pixels::run),
    ("json_rows", json_rows::run),
    ("link", link::run),
    ("list", list::run),
    ("mvt", mvt::run),
    ("nmea", nmea::run),
    ("parquet", parquet::run),
    ("picture", picture::run),
    ("tar", tar::run),
    ("thumbnail", thumbnail::run),
    ("track", track::run),
    ("track_packing", track_packing::run),
    ("xmp", xmp::run),
];

/// The number of truncated lengths of each seed that are tried, besides the complete one.
const CUTS: usize = 256;

/// Replaces the macro of libfuzzer-sys: `tests/it/main.rs` gives this crate its name.
#[macro_export]
macro_rules! fuzz_target {
    (|$bytes:ident: &[u8]| $body:expr) => {
        pub fn run($bytes: &[u8]) {
            $body
        }
    };
    (|$text:ident: &str| $body:expr) => {
        pub fn run(bytes: &[u8]) {
            let Ok($text) = std::str::from_utf8(bytes) else { return };
            $body
        }
    };
    (|$input:ident: (u16, &[u8])| $body:expr) => {
        pub fn run(bytes: &[u8]) {
            let Some((number, rest)) = bytes.split_first_chunk() else { return };
            let $input = (u16::from_le_bytes(*number), rest);
            $body
        }
    };
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

fn fuzz_files() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    names.map(|name| name.to_string_lossy().trim_end_matches(".rs").to_string()).collect()
}

#[test]
fn every_target_of_the_fuzzer_is_tried_here_and_has_a_seed() {
    let mut files = fuzz_files();
    files.sort();
    assert_eq!(files, TARGETS.map(|(name, _)| name));
    for name in files {
        assert!(!seeds(&name).is_empty(), "fuzz/corpus/{name} is empty");
    }
}

#[test]
fn every_target_holds_for_its_seeds_cut_off_anywhere() {
    for (name, run) in TARGETS {
        for seed in seeds(name) {
            for cut in 0..=CUTS {
                run(&seed[..seed.len() * cut / CUTS]);
            }
        }
    }
}

#[test]
fn every_target_holds_for_its_seeds_with_one_byte_changed() {
    for (name, run) in TARGETS {
        for mut seed in seeds(name) {
            for at in (0..seed.len()).step_by((seed.len() / CUTS).max(1)) {
                seed[at] = !seed[at];
                run(&seed);
                seed[at] = !seed[at];
            }
        }
    }
}
