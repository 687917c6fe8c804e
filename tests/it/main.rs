//! All tests that look at the tools from outside, as one program.

mod archive;
mod every_tool;
mod get_sequences;
mod layers;
mod pack_tar;
mod pipeline;
mod rows;
mod sample;
mod serve_archive;
mod service;
mod tool;
mod unpack_tar;
mod verify_archive;
