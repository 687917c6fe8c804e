//! What a tool needs to see at once: one row, all rows of a key, or the whole set. Engines give each process a part.

use clap::Command;

/// What a tool needs to see at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Any part of the rows gives the same rows.
    Row,
    /// All rows that have these in common.
    Key(&'static [&'static str]),
    Set,
    /// It begins at flags.
    NoRows,
}

use Scope::{Key, NoRows, Row, Set};

/// Photos of one camera, whose times rise.
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

/// That of the tool of this name.
pub fn of(tool: &str) -> Scope {
    SCOPES.iter().find(|(name, _)| *name == tool).map_or(NoRows, |(_, scope)| *scope)
}

/// The line of the help; none for what is no tool.
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
