//! Detects the track format of a file from its bytes.

use std::fmt;

use super::json_scanner::{self, Object, SEPARATOR};
use super::{fit, geojson, igc, scalars, timeline};
use crate::format::nmea;

/// Track formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrackFormat {
    Gpx,
    Kml,
    Tcx,
    Fit,
    Igc,
    GeoJson,
    Timeline,
    Nmea,
}

/// This much of a file is enough to detect its format, unless it is a single JSON object.
pub const HEAD: usize = 64 << 10;

impl TrackFormat {
    /// `None` for any other format, such as rows, or a file that is not a track.
    pub fn detect(bytes: &[u8]) -> Option<TrackFormat> {
        if fit::is_fit(bytes) {
            return Some(TrackFormat::Fit);
        }
        let head = scalars::decode(&bytes[..bytes.len().min(HEAD)]);
        let start = head.trim_start_matches(|c: char| c.is_whitespace() || c == SEPARATOR);
        match start.bytes().next() {
            Some(b'<') => of_root(root(start)),
            Some(b'{') => of_json(bytes, &head),
            Some(b'[') => timeline::is_list(&head).then_some(TrackFormat::Timeline),
            _ if igc::is_igc(&head) => Some(TrackFormat::Igc),
            _ if nmea::is_nmea(bytes) => Some(TrackFormat::Nmea),
            // A file whose beginning is lost is still recognized by its tags.
            _ => head.contains("<trkpt").then_some(TrackFormat::Gpx),
        }
    }
}

/// The local name of the first element; anything before it is skipped.
pub fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let (_, from) = rest.split_once('<')?;
        let end = match from {
            from if from.starts_with("!--") => "-->",
            from if from.starts_with('?') => "?>",
            from if from.starts_with("![CDATA[") => "]]>",
            from if from.starts_with('!') => ">",
            from => {
                let name =
                    from.split(|c: char| c.is_ascii_whitespace() || "/>".contains(c)).next()?;
                return Some(name.rsplit(':').next().unwrap_or(name));
            }
        };
        rest = from.split_once(end)?.1;
    }
}

fn of_root(root: Option<&str>) -> Option<TrackFormat> {
    match root? {
        "gpx" | "trk" | "trkseg" | "trkpt" => Some(TrackFormat::Gpx),
        "kml" => Some(TrackFormat::Kml),
        "TrainingCenterDatabase" => Some(TrackFormat::Tcx),
        _ => None,
    }
}

/// Detects by the first object. A truncated object is recognized by the keys at its start.
fn of_json(bytes: &[u8], head: &str) -> Option<TrackFormat> {
    let text = json_scanner::decode(bytes);
    let mut objects = serde_json::Deserializer::from_str(&text).into_iter::<Object<'_>>();
    match objects.next()? {
        Ok(object) if geojson::is_geojson(&object) => Some(TrackFormat::GeoJson),
        Ok(object) if timeline::is_timeline(&object) => Some(TrackFormat::Timeline),
        Ok(_) => None,
        Err(_) => {
            let has =
                |words: &[&str]| words.iter().any(|word| head.contains(&format!("\"{word}\"")));
            let is_timeline =
                has(&["locations", "timelineObjects", "semanticSegments", "rawSignals"]);
            let is_geojson = has(&["type"]) && has(&["FeatureCollection", "Feature", "LineString"]);
            match (is_timeline, is_geojson) {
                (true, _) => Some(TrackFormat::Timeline),
                (_, true) => Some(TrackFormat::GeoJson),
                _ => None,
            }
        }
    }
}

impl fmt::Display for TrackFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrackFormat::Gpx => "GPX",
            TrackFormat::Kml => "KML",
            TrackFormat::Tcx => "TCX",
            TrackFormat::Fit => "FIT",
            TrackFormat::Igc => "IGC",
            TrackFormat::GeoJson => "GeoJSON",
            TrackFormat::Timeline => "Google Timeline",
            TrackFormat::Nmea => "NMEA",
        })
    }
}

#[cfg(test)]
mod tests;
