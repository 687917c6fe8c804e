//! EXIF blocks: TIFF directories, read for the columns of a row and edited without loss.
//!
//! The reader returns what is valid and lists the rest. The writer does not move data that it does not set: see
//! [`mod@write`].

mod appended_area;
mod block_builder;
pub mod byte_order;
mod dead_space;
pub mod facts;
pub mod gps;
mod gps_time;
pub mod image_dimensions;
mod invalid_gps_value;
mod plan;
mod tag_reader;
pub mod tags;
pub mod thumbnail;
pub use crate::value::datetime_parser as times;
pub mod tree;
pub mod value;
pub mod write;

pub use facts::{ExifFacts, read};
pub use value::Value;
pub use write::{Edit, edit};

/// The directories of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dir {
    /// IFD0, the picture itself.
    Main,
    Exif,
    Gps,
    Interop,
    /// IFD1.
    Thumbnail,
    /// A directory below IFD0: the full picture of a RAW file, or a preview.
    Sub,
}

#[cfg(test)]
pub(crate) mod sample;
