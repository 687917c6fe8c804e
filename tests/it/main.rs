//! All tests that look at the tools from outside, as one program.

mod download;
mod every_tool;
mod geotag_gpx;
mod get_images;
mod get_meta;
mod get_sequences;
mod interpolate_dir;
mod layers;
mod pack_tar;
mod photos;
mod pipeline;
mod preview_map;
mod readme;
mod rows;
mod sample;
mod serve_archive;
mod service;
mod time_split;
mod to_geojson;
mod to_gpx;
mod tool;
mod unpack_tar;
mod verify_archive;
