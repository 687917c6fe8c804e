//! The first and the last instant of a track file, from its beginning and its end only.

use super::point::Time;
use super::{TrackFormat, scalars};
use crate::format::nmea;

/// The first and last of all instants in the beginning and the end of a file. Wider than the span of its fixes if the
/// file has other dates too; `None` if the span cannot be determined this way, as where one end has places alone: KML and
/// GeoJSON list all times of a track first, then all places.
pub fn span(kind: TrackFormat, head: &[u8], tail: &[u8]) -> Option<(i64, i64)> {
    if scalars::is_wide(head) {
        return None;
    }
    let parts = [head, tail].into_iter().filter(|part| !part.is_empty());
    let spans: Option<Vec<_>> = parts.map(|part| widest(instants(kind, part)?)).collect();
    widest(spans?.into_iter().flat_map(|(first_ms, last_ms)| [first_ms, last_ms]))
}

fn instants(kind: TrackFormat, part: &[u8]) -> Option<Vec<i64>> {
    match kind {
        TrackFormat::Gpx
        | TrackFormat::Kml
        | TrackFormat::Tcx
        | TrackFormat::GeoJson
        | TrackFormat::Timeline => {
            let has_numbers = matches!(kind, TrackFormat::GeoJson | TrackFormat::Timeline);
            in_text(&scalars::decode(part), has_numbers)
        }
        TrackFormat::Nmea => {
            let segments = nmea::read(part, None).ok()?.segments;
            Some(segments.iter().flatten().map(|fix| fix.time_ms).collect())
        }
        // An IGC flight has one date, and its fixes have none; FIT messages can only be read from the start.
        TrackFormat::Igc | TrackFormat::Fit => None,
    }
}

fn widest(times: impl IntoIterator<Item = i64>) -> Option<(i64, i64)> {
    times.into_iter().fold(None, |span, ms| {
        let (first, last) = span.unwrap_or((ms, ms));
        Some((first.min(ms), last.max(ms)))
    })
}

/// All instants in a text, and with `has_numbers` also numbers of seconds or milliseconds since 1970.
fn in_text(text: &str, has_numbers: bool) -> Option<Vec<i64>> {
    let mut found = Vec::new();
    let mut at = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = at + digits;
        match digits {
            0 => at += 1,
            4 | 8 | 14 => {
                found.extend(instant(&text[at..]));
                at = end;
            }
            // Digits behind a point are those of a coordinate.
            10 | 13 if has_numbers && (at == 0 || bytes[at - 1] != b'.') => {
                let number: i64 = text[at..end].parse().ok()?;
                let ms = if digits == 10 { number * 1000 } else { number };
                found.extend(known(Time::from_ms(ms)));
                at = end;
            }
            _ => at = end,
        }
    }
    Some(found)
}

/// The time at the start of a text.
fn instant(text: &str) -> Option<i64> {
    let is_part = |c: char| c.is_ascii_digit() || "-+:.,/TtZz".contains(c);
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len()).min(40);
    // A blank may be written instead of the T.
    let end = match text.as_bytes().get(end) {
        Some(b' ') if end == 8 || end == 10 => {
            let rest = &text[end + 1..];
            end + 1 + rest.find(|c| !is_part(c)).unwrap_or(rest.len()).min(40)
        }
        _ => end,
    };
    known(Time::from_text(text[..end].trim_end_matches(['.', ',', '-', ':', '/'])))
}

fn known(time: Time) -> Option<i64> {
    match time {
        Time::Known { ms, .. } => Some(ms),
        Time::Absent | Time::Wrong => None,
    }
}

#[cfg(test)]
mod tests;
