//! Writes GPX track by track, and long tracks part by part, with the same bytes as if written at once.

use std::io::Write;
use std::ops::Range;

use gpx::{Gpx, GpxVersion, Track, TrackSegment, Waypoint};

use crate::shape::FatalError;
use crate::shape::document::put;

/// The maximum number of points of a track that are written at once.
const POINTS: usize = 1000;

/// Writes tracks between the start and the end of a file.
pub struct GpxWriter {
    /// The text before the first track and after the last, for files that have any.
    frame: (Vec<u8>, Vec<u8>),
    is_empty: bool,
}

/// A track of one segment, with some points buffered.
pub struct TrackPart {
    name: Option<String>,
    points: Vec<Waypoint>,
    has_begun: bool,
}

impl GpxWriter {
    pub fn new() -> Result<GpxWriter, FatalError> {
        let bytes = text_of(vec![Track { segments: vec![TrackSegment::new()], ..Track::new() }])?;
        let track = element(&bytes, "<trk>", "</trk>")?;
        let frame = (bytes[..track.start].to_vec(), bytes[track.end..].to_vec());
        Ok(GpxWriter { frame, is_empty: true })
    }

    /// Writes a track.
    pub fn whole(&mut self, track: Track, out: &mut dyn Write) -> Result<(), FatalError> {
        let bytes = self.begun(track, out)?;
        put(out, bytes)
    }

    /// The bytes of the track alone.
    fn begun(&mut self, track: Track, out: &mut dyn Write) -> Result<Vec<u8>, FatalError> {
        let mut bytes = text_of(vec![track])?;
        let (before, after) = &self.frame;
        bytes.truncate(bytes.len().saturating_sub(after.len()));
        bytes.drain(..before.len().min(bytes.len()));
        if std::mem::replace(&mut self.is_empty, false) {
            put(out, before)?;
        }
        Ok(bytes)
    }

    /// Starts a track whose points are added later.
    pub fn track(&self, name: Option<String>) -> TrackPart {
        TrackPart { name, points: Vec::new(), has_begun: false }
    }

    /// Adds a point; earlier ones are written once there are enough of them.
    pub fn point(
        &mut self,
        part: &mut TrackPart,
        point: Waypoint,
        out: &mut dyn Write,
    ) -> Result<(), FatalError> {
        if part.points.len() >= POINTS {
            self.points(part, false, out)?;
        }
        part.points.push(point);
        Ok(())
    }

    /// Writes the end of a track.
    pub fn end(&mut self, mut part: TrackPart, out: &mut dyn Write) -> Result<(), FatalError> {
        self.points(&mut part, true, out)
    }

    /// Writes the buffered points. There are always some, except in a track without any points.
    fn points(
        &mut self,
        part: &mut TrackPart,
        is_last: bool,
        out: &mut dyn Write,
    ) -> Result<(), FatalError> {
        let mut track = Track::new();
        track.name.clone_from(&part.name);
        track.segments.push(TrackSegment { points: std::mem::take(&mut part.points) });
        let bytes = self.begun(track, out)?;
        let inner = element(&bytes, "<trkpt", "</trkseg>").unwrap_or(0..bytes.len());
        let start = if part.has_begun { inner.start } else { 0 };
        let end =
            if is_last { bytes.len() } else { without_last(&bytes[..inner.end], "</trkseg>") };
        part.has_begun = true;
        put(out, &bytes[start..end])
    }

    /// Writes the end of the file.
    pub fn finish(self, out: &mut dyn Write) -> Result<(), FatalError> {
        if self.is_empty {
            put(out, text_of(Vec::new())?)?;
        } else {
            put(out, &self.frame.1)?;
        }
        put(out, "\n")
    }
}

fn text_of(tracks: Vec<Track>) -> Result<Vec<u8>, FatalError> {
    let document = Gpx {
        version: GpxVersion::Gpx11,
        creator: Some("mapillary-pipes".into()),
        tracks,
        ..Gpx::default()
    };
    let mut bytes = Vec::new();
    gpx::write(&document, &mut bytes)
        .map_err(|error| FatalError(format!("cannot make GPX: {error}")))?;
    Ok(bytes)
}

/// From the white space before the first start tag to after the last end tag. No text contains a `<`.
fn element(bytes: &[u8], first: &str, last: &str) -> Result<Range<usize>, FatalError> {
    let is_at = |tag: &str, at: usize| bytes[at..].starts_with(tag.as_bytes());
    let start = (0..bytes.len()).find(|&at| is_at(first, at));
    let end = (0..bytes.len()).rev().find(|&at| is_at(last, at));
    let (Some(start), Some(end)) = (start, end) else {
        return Err(FatalError(format!("cannot make GPX: no element {first}")));
    };
    Ok(without_space(&bytes[..start])..end + last.len())
}

/// The length of the bytes without this tag at their end, and without the white space before it.
fn without_last(bytes: &[u8], tag: &str) -> usize {
    without_space(&bytes[..bytes.len() - tag.len()])
}

fn without_space(bytes: &[u8]) -> usize {
    bytes.trim_ascii_end().len()
}

#[cfg(test)]
mod tests;
