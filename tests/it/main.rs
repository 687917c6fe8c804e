//! All tests that look at the tools from outside, as one program.

mod every_tool;
mod layers;
mod pack_tar;
mod rows;
mod sample;
mod tool;
mod unpack_tar;
mod verify_archive;
