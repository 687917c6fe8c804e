//! The tools: one file or folder each. No tool uses another.

pub mod describe;
pub mod download;
pub mod geotag_gpx;
pub mod get_detections;
pub mod get_features;
pub mod get_images;
pub mod get_meta;
pub mod get_sequences;
pub mod ia_check;
pub mod ia_meta;
pub mod ia_stats;
pub mod interpolate_dir;
pub mod pack_tar;
pub mod preview_map;
pub mod read_exif;
pub mod rows;
pub mod set_dates;
pub mod tag_exif;
pub mod time_split;
pub mod to_geojson;
pub mod to_gpx;
pub mod to_stac;
pub mod to_webp;
pub mod unpack_tar;
pub mod upload;
pub mod verify_archive;
