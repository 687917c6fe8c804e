//! Maps a request to its endpoint.

mod fields;
mod query;

use percent_encoding::percent_decode_str;

pub use fields::{fields, fields_within};
pub use query::Query;

/// The endpoint of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// `/{id}`
    Entity(String),
    /// `/?ids=`
    Entities,
    /// `/me`
    Me,
    /// `/{id}/detections`
    Detections(String),
    /// `/{id}/tiles`
    ImageTiles(String),
    /// `/images?...`
    Search,
    /// `/map_features?bbox=`
    MapFeatures,
    /// `/image_ids?sequence_id=`
    ImageIds,
    /// `/maps/vtp/{set}/2/{z}/{x}/{y}`
    Tile {
        set: String,
        z: u32,
        x: u32,
        y: u32,
    },
    /// `/m1/v/t6/{opaque}`
    Picture(String),
    /// `/login`: a token for an e-mail address and a password.
    Login,
    /// `/token`: a token for a code, or a new one for an old one.
    Token,
    /// `/connect`: a code for a program on this machine.
    Connect,
    /// `/logging`: telemetry of clients.
    Logging,
    /// `/finish_upload`: turns files into a sequence.
    FinishUpload,
    /// `/web/{name}`: the web page.
    Web(String),
    /// `/mapillary_public_uploads/{name}`: the bytes of a file.
    Upload(String),
    Unknown,
}

/// The hosts of the service that one local server replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceHost {
    Graph,
    Tiles,
    Pictures,
    /// The host that receives the bytes of files.
    Uploads,
}

/// The path of the upload host.
pub const UPLOADS: &str = "mapillary_public_uploads";

impl Endpoint {
    pub fn from_path(path: &str) -> Endpoint {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
        match parts[..] {
            [] => Endpoint::Entities,
            ["me"] => Endpoint::Me,
            ["images"] => Endpoint::Search,
            ["map_features"] => Endpoint::MapFeatures,
            ["image_ids"] => Endpoint::ImageIds,
            ["login"] => Endpoint::Login,
            ["token"] => Endpoint::Token,
            ["connect"] => Endpoint::Connect,
            ["logging"] => Endpoint::Logging,
            ["finish_upload"] => Endpoint::FinishUpload,
            ["web", ref name @ ..] => Endpoint::Web(name.join("/")),
            [UPLOADS, name] => Endpoint::Upload(name.to_owned()),
            [id, "tiles"] => Endpoint::ImageTiles(id.to_owned()),
            [id, "detections"] => Endpoint::Detections(id.to_owned()),
            ["m1", "v", "t6", opaque] => Endpoint::Picture(opaque.to_owned()),
            ["maps", "vtp", set, "2", z, x, y] => match (z.parse(), x.parse(), y.parse()) {
                (Ok(z), Ok(x), Ok(y)) => Endpoint::Tile { set: set.to_owned(), z, x, y },
                _ => Endpoint::Unknown,
            },
            [id] => Endpoint::Entity(id.to_owned()),
            _ => Endpoint::Unknown,
        }
    }
}

impl ServiceHost {
    /// By the path alone, so that an invalid request has a host too.
    pub fn from_path(path: &str) -> ServiceHost {
        if path.starts_with("/maps/") {
            ServiceHost::Tiles
        } else if path.starts_with("/m1/") {
            ServiceHost::Pictures
        } else if path.trim_start_matches('/').starts_with(UPLOADS) {
            ServiceHost::Uploads
        } else {
            ServiceHost::Graph
        }
    }
}

#[cfg(test)]
mod tests;
