//! Plain domain values, without any I/O.

// Enums with a fixed word for each value.
pub mod string_enum;
// Why a text is not a valid value.
mod error;
pub use error::{Error, Expected};

// Quoting of unknown texts in messages.
pub mod shown;

// Removal of access tokens from messages.
pub mod own_secrets;
pub mod secret_detection;

// Quoting for a shell.
pub mod shell;

// Links to the service's website.
pub mod mapillary_url;

// Positions, distances and directions on a spherical earth.
pub mod fix;
pub mod geo;

// Boxes between meridians and parallels.
pub mod bbox;

// The smallest box around positions.
pub mod extent;

// Polygons and lines across the antimeridian.
pub mod antimeridian;

// Boxes and polygons on the map.
pub mod area;

// Name patterns.
pub mod glob;

// Areas inside a picture.
pub mod multi_polygon;

// Valid heights, and placeholders for unknown ones.
pub mod height_validity;

// Tiles of the web map: z/x/y.
pub mod tile;

// Instants, and the local times of cameras.
pub mod instant;

// Dates and times in the spellings of cameras and programs.
pub mod datetime_parser;

// Endings of the names of photo files.
pub mod picture_endings;

// Dates and times in file names.
pub mod name_time;

// The rollover of the GPS week number.
pub mod gps_week;

// Time zones: from local time to the instant.
pub mod zone;

// The error of a camera's clock.
pub mod camera_ahead;
// SHA-256 digests.
pub mod digest;
// Directions of travel.
pub mod travel_bearing;
// Receivers that stand still.
pub mod standstill;
// Movement over a short stretch.
mod track_chord;
// The heading of a track.
pub mod track_heading;
// Fixes of a receiver, in segments.
pub mod track;
// Removal of impossible fixes.
mod cleaning;
// The position of a track at an instant.
pub mod track_position;
// The clock offset of a camera, from its photos and the track.
pub mod clock_offset;

// S2 cells.
pub mod s2_cell;

// The sizes of a picture.
pub mod quality;

// Ids of pictures, and what is mistaken for one.
pub mod picture_id;

// Ids of sequences, and what is mistaken for one.
pub mod sequence_id;

// Collections of one user's pictures, by name.
pub mod collection;

// The result of a row, and how a value was determined.
pub mod provenance;

// Counts and sizes for people.
pub mod human_format;
