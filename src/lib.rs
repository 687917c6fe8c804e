//! Tools for street-level pictures that pass rows from one to the next.
//!
//! The modules stand in reading order, and each uses only those above it
//! (`tests/it/layers.rs` holds them to it).
//!
//! A tool is a stage between two streams of rows. Without the streams:
//!
//! ```
//! use mapillary_pipes::row::row_format::{RowFormat, Reader, Writer};
//! use mapillary_pipes::row::{Column, Field};
//!
//! let mut reader = Reader::new(&b"id,longitude,latitude\n0012,13.40,52.5\n"[..]).unwrap();
//! let mut row = reader.next_row().unwrap().unwrap();
//! row.set_display(Field::CompassAngle, 80);
//!
//! let mut line = Vec::new();
//! let mut writer = Writer::new(RowFormat::Jsonl, &[Column::from(Field::ImgId)], &[], false).unwrap();
//! writer.write(&row, &mut line).unwrap();
//! assert_eq!(
//!     String::from_utf8(line).unwrap(),
//!     "{\"id\":\"0012\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[13.40,52.5]},\"compass_angle\":80}\n"
//! );
//! ```

// Many threads whose results have an order.
pub mod threads;

// What things are: instants, places, tiles, tracks. No bytes, no input, no output.
pub mod value;

// One row of a pipe, and its written forms.
pub mod row;

// The bytes of others to values and back. No paths, no sockets, no clock.
pub mod format;

// Files and folders: whole or not at all.
pub mod disk;

// An archive: loose pictures, tars, their indexes.
pub mod archive;

// The service as it really behaves: one function for each endpoint.
pub mod service;

// The four shapes of a tool, and what becomes of a row.
pub mod shape;

// Asking the service: areas, sequences, selections, what is known.
pub mod query;

// Photos: reading, ordering, tagging, tracks.
pub mod photo;

// The tools, one file or folder each.
pub mod stage;

// The service's own API over an archive on disk.
pub mod serve;

// Drives a stage between two streams.
pub mod run;

// Flags, help, messages, exit status.
pub mod cli;

// The whole job in one command, by other tools.
pub mod pipeline;
