//! How a tool's input may be partitioned among processes: by row, by key, or not at all. Workflow engines use this to
//! split the work.

use clap::Command;

/// The rows that a tool needs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Any part of the rows gives the same results.
    Row,
    /// All rows with equal values in these columns.
    Key(&'static [&'static str]),
    Set,
    /// The tool has no input rows; it starts from flags.
    NoRows,
}

use Scope::{Key, NoRows, Row, Set};

/// Photos of one camera, ordered by time.
const CAMERA: Scope = Key(&["folder", "camera"]);

/// Every tool.
const SCOPES: [(&str, Scope); 30] = [
    ("describe", Set),
    ("download", Row),
    ("fetch", NoRows),
    ("geotag-gpx", CAMERA),
    ("get-detections", Row),
    ("get-features", NoRows),
    ("get-images", Key(&["sequence"])),
    ("get-meta", Row),
    ("get-sequences", NoRows),
    ("ia-check", Row),
    ("ia-meta", NoRows),
    ("ia-stats", NoRows),
    ("interpolate-dir", Key(&["ride"])),
    ("login", NoRows),
    ("pack-tar", Set),
    ("preview-map", Set),
    ("read-exif", Row),
    ("rows", Row),
    ("serve-archive", NoRows),
    ("set-dates", Set),
    ("tag-exif", Row),
    ("time-split", CAMERA),
    ("to-geojson", Set),
    ("to-gpx", Set),
    ("to-site", NoRows),
    ("to-stac", Set),
    ("to-webp", Row),
    ("unpack-tar", Row),
    ("upload", Set),
    ("verify-archive", Set),
];

/// The scope of a tool.
pub fn of(tool: &str) -> Scope {
    SCOPES.iter().find(|(name, _)| *name == tool).map_or(NoRows, |(_, scope)| *scope)
}

/// The line for the help; `None` for a command that is not a tool.
pub fn line(command: &Command) -> Option<String> {
    let (_, scope) = SCOPES.iter().find(|(name, _)| *name == command.get_name())?;
    Some(match scope {
        Row => "Works per row: processes may share the rows in any way.".into(),
        Key(key) => format!(
            "Works per key ({}): a process needs all rows of one, as --shard and 'rows --split' give them.",
            key.join(", ")
        ),
        Set => "Works on the whole set: the work on parts of the rows is not that on all.".into(),
        NoRows => "Reads no rows: flags and arguments say what it works on.".into(),
    })
}
