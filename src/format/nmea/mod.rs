//! NMEA 0183 logs of any talker: positions from RMC, GGA, GNS and GLL, dates from RMC and ZDA, speed from VTG.

mod epoch;
mod fields;
mod log;
mod time_of_day;

use std::borrow::Cow;

use log::Log;

use super::Malformed;
use super::parsed_track::Recording;
use super::track::scalars;

/// The maximum length of a sentence. IEC 61162-1 allows 82 characters; receivers write more, but far less than
/// this.
const MAX_SENTENCE: usize = 400;

/// The sentences that are used.
const KINDS: [&str; 6] = ["RMC", "GGA", "GNS", "GLL", "ZDA", "VTG"];

/// Reads a whole log as one segment. With `near_ms`, an instant of the ride such as a photo's, dates shifted by 1024
/// weeks by the week number rollover are corrected.
///
/// # Errors
/// Only if there is no NMEA sentence at all.
pub fn read(bytes: &[u8], near_ms: Option<i64>) -> Result<Recording, Malformed> {
    let mut log = Log::new(near_ms);
    for (line, sentence) in sentences(&narrow(bytes)) {
        log.sentence_at(sentence, line);
    }
    log.finish()
}

/// Whether there is a sentence with a position, a date or a speed.
pub fn is_nmea(bytes: &[u8]) -> bool {
    sentences(&narrow(bytes)).any(|(_, sentence)| {
        let address = sentence.strip_prefix(b"$").and_then(|sentence| sentence.get(..6));
        address.is_some_and(|address| {
            let kind = std::str::from_utf8(&address[2..5]).unwrap_or_default();
            address[5] == b',' && address[0] != b'P' && KINDS.contains(&kind)
        })
    })
}

/// The log with one byte for each character: PowerShell redirects into UTF-16.
fn narrow(bytes: &[u8]) -> Cow<'_, [u8]> {
    if scalars::is_wide(bytes) {
        scalars::decode(bytes).into_owned().into_bytes().into()
    } else {
        bytes.into()
    }
}

/// The text between a start of a sentence (`$` or `!`) or line end and the next one, with its line number.
/// Loggers put their own times before a sentence, two sentences in a line, or a whole log in one line.
fn sentences(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut line = 1;
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (&first, after) = rest.split_first()?;
        let ends = |byte: &u8| matches!(byte, b'\n' | b'\r' | b'$' | b'!');
        let end = after.iter().position(ends).map_or(rest.len(), |end| end + 1);
        let (sentence, left) = rest.split_at(end);
        rest = left;
        let is_pair = first == b'\n' && bytes[..bytes.len() - left.len() - end].ends_with(b"\r");
        line += u64::from(matches!(first, b'\n' | b'\r') && !is_pair);
        Some((line, sentence))
    })
}

#[cfg(test)]
mod tests;
