//! From a request to the endpoint that answers it.

use std::fmt::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Written as they are: RFC 3986, section 2.3, and the comma of lists.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');

/// What a request asks for.
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
    /// `/logging`: what clients tell of themselves.
    Logging,
    /// `/finish_upload`: files become a sequence.
    FinishUpload,
    /// `/web/{name}`: the page for people.
    Web(String),
    /// `/mapillary_public_uploads/{name}`: the bytes of a file.
    Upload(String),
    Unknown,
}

/// The hosts of the service that one local server stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    Graph,
    Tiles,
    Pictures,
    /// The host that takes the bytes of files.
    Uploads,
}

/// The path of the host that takes the bytes of files.
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

impl Surface {
    /// By the path alone, so that a broken request has a host too.
    pub fn from_path(path: &str) -> Surface {
        if path.starts_with("/maps/") {
            Surface::Tiles
        } else if path.starts_with("/m1/") {
            Surface::Pictures
        } else if path.trim_start_matches('/').starts_with(UPLOADS) {
            Surface::Uploads
        } else {
            Surface::Graph
        }
    }
}

/// The parameters of a request, decoded, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn parse(text: &str) -> Query {
        let decode = |part: &str| {
            percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let split = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Query(split.map(|(key, value)| (decode(key), decode(value))).collect())
    }

    /// The value of a parameter; an empty one is none.
    pub fn get(&self, key: &str) -> Option<&str> {
        let pair = self.0.iter().find(|(name, _)| name == key)?;
        Some(pair.1.as_str()).filter(|value| !value.is_empty())
    }

    /// The parts of a comma list.
    pub fn list(&self, key: &str) -> Option<Vec<&str>> {
        Some(self.get(key)?.split(',').map(str::trim).filter(|part| !part.is_empty()).collect())
    }

    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// The same parameters, but for the named one.
    pub fn without(&self, key: &str) -> Query {
        Query(self.0.iter().filter(|(name, _)| name != key).cloned().collect())
    }

    /// The same parameters, one of them with another value, at the end.
    pub fn with(&self, key: &str, value: &str) -> Query {
        let Query(mut pairs) = self.without(key);
        pairs.push((key.to_owned(), value.to_owned()));
        Query(pairs)
    }

    /// The parameters as they stand in a URL, but for the named one.
    pub fn written_without(&self, left_out: &str) -> String {
        let mut text = String::new();
        for (key, value) in self.0.iter().filter(|(key, _)| key != left_out) {
            let between = if text.is_empty() { "" } else { "&" };
            let value = utf8_percent_encode(value, PLAIN);
            write!(text, "{between}{key}={value}").expect("a string takes all");
        }
        text
    }

    pub fn written(&self) -> String {
        self.written_without("")
    }
}

/// The parts of a list between commas that stand in no brackets.
fn at_top(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    list.split(move |c: char| {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

/// What is asked for of the objects in a field: `detections.value`, `detections{value,geometry}`.
pub fn fields_within(query: &Query, field: &str) -> Vec<String> {
    let mut within: Vec<String> = Vec::new();
    for part in at_top(query.get("fields").unwrap_or_default()) {
        let Some(rest) = part.trim().strip_prefix(field) else { continue };
        let names = match rest.strip_prefix('.') {
            Some(name) => name,
            None => rest.trim_start_matches('{').trim_end_matches('}'),
        };
        if rest.starts_with(['.', '{']) {
            within.extend(at_top(names).map(|name| name.trim().to_owned()));
        }
    }
    within
}

/// The fields asked for, each once, in order: `creator.username` and
/// `creator{id,username}` ask for `creator`. `None` when the request names none.
pub fn fields(query: &Query) -> Option<Vec<String>> {
    let mut fields: Vec<String> = Vec::new();
    for field in at_top(query.get("fields")?) {
        let name = field.split(['.', '{', '(']).next().unwrap_or(field).trim();
        if !name.is_empty() && fields.iter().all(|other| other != name) {
            fields.push(name.to_owned());
        }
    }
    Some(fields)
}

#[cfg(test)]
mod tests;
