//! All tests that look at the tools from outside, as one program.

mod every_tool;
mod get_sequences;
mod layers;
mod pipeline;
mod readme;
mod rows;
mod sample;
mod serve_archive;
mod service;
mod tool;
