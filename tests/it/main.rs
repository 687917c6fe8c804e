//! All tests that look at the tools from outside, as one program.

mod archive;
mod download;
mod every_tool;
mod geotag_gpx;
mod get_images;
mod get_meta;
mod get_sequences;
mod interpolate_dir;
mod layers;
mod pack_tar;
mod photo;
mod photos;
mod pipeline;
mod read_exif;
mod readme;
mod rows;
mod sample;
mod serve_archive;
mod service;
mod set_dates;
mod tag_exif;
mod time_split;
mod to_webp;
mod tool;
mod unpack_tar;
mod verify_archive;
