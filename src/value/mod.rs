//! Plain domain values, without any I/O.

// Choices that are spelled as words.
pub mod string_enum;
// Why a text is no value.
mod error;
pub use error::{Error, Expected};

// Texts of others, as messages show them.
pub mod shown;

// Tokens, which no message shows.
pub mod secret_detection;

// Words as a shell reads them.
pub mod shell;

// Links to the pages of the service.
pub mod link;

// Places, distances and directions on the earth taken as a sphere.
pub mod fix;
pub mod geo;

// Boxes between meridians and parallels.
pub mod bbox;

// Polygons over the antimeridian.
mod antimeridian;

// Boxes and polygons on the map.
pub mod area;

// Patterns of names.
pub mod glob;

// Polygons in a picture.
pub mod multi_polygon;

// Heights, and numbers that are none.
pub mod height_validity;

// Squares of the web map: z/x/y.
pub mod tile;

// Instants, and the local times of cameras.
pub mod instant;

// Dates and times as they are written.
pub mod datetime_parser;

// Dates and times in the names of files.
pub mod name_time;

// Weeks of GPS, whose number rolls over.
pub mod gps_week;

// Zones: from local time to the instant.
pub mod zone;

// Cameras whose clock is wrong.
pub mod clock_reference;
// SHA-256 digests.
pub mod digest;
// Directions of travel.
pub mod travel_bearing;
// Receivers at rest.
pub mod standstill;
// Movement along a short way.
mod track_chord;
// Directions of tracks.
pub mod track_heading;
// Fixes of a receiver, in segments.
pub mod track;
// Fixes that cannot be.
mod cleaning;
// Where a track was at an instant.
pub mod track_position;
// How far a camera is ahead, from its photos and the track.
pub mod clock_offset;

// Cells of S2.
pub mod s2_cell;

// Which picture of an image.
pub mod quality;

// Ids of pictures, and what is taken for one.
pub mod picture_id;

// Ids of sequences, and what stands in their place.
pub mod sequence_id;

// Collections of one user's pictures, by name.
pub mod collection;

// What became of a row, and how a value was found.
pub mod provenance;

// Counts and sizes, in words.
pub mod human_format;
