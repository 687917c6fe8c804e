//! Streams the elements of XML, and skips damaged parts.
//!
//! Does not validate: namespaces, versions and unknown elements are ignored.

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use crate::format::{ErrorLocation, parsed_track::Recording};

/// The maximum number of damaged parts after which reading resumes at the next tag. Each may need a scan of the
/// whole rest of the file.
const MAX_DAMAGES: usize = 100;

/// The maximum length of a text. No element that is used is longer: a time has 30 characters.
const MAX_TEXT: usize = 100;

const DAMAGED: &str = "damaged places";
const CUT_OFF: &str = "the file is cut off; what is there was used";

/// Receives the elements; names are local ones, without a namespace.
pub trait Elements {
    fn open(&mut self, name: &[u8], tag: &BytesStart<'_>, at: usize);
    fn text(&mut self, text: &str);
    fn close(&mut self, name: &[u8]);
    /// Called when elements that were open are lost.
    fn damaged(&mut self);
    /// Where remarks are added; their positions are byte offsets until the end.
    fn recording(&mut self) -> &mut Recording;
}

/// Passes all elements of a text.
pub fn walk(text: &str, elements: &mut impl Elements) {
    let mut start = 0;
    for _ in 0..MAX_DAMAGES {
        let Some(damaged) = run(text, start, elements) else { break };
        elements.recording().remark(DAMAGED, ErrorLocation::Byte(damaged as u64));
        elements.damaged();
        match memchr::memchr(b'<', &text.as_bytes()[(damaged + 1).min(text.len())..]) {
            Some(next) => start = damaged + 1 + next,
            None => break,
        }
    }
}

/// Reads from a byte offset; returns the offset where the file is damaged.
fn run(text: &str, start: usize, elements: &mut impl Elements) -> Option<usize> {
    // The reader would skip a byte order mark without counting it.
    let rest = text[start..].trim_start_matches('\u{feff}');
    let start = text.len() - rest.len();
    let mut reader = Reader::from_str(rest);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        let at = start + reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Eof) => return None,
            // A tag without its end goes up to that of the next one.
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.name().as_ref().contains('<') => {
                return Some(at);
            }
            Ok(Event::End(tag)) if tag.name().as_ref().contains('<') => return Some(at),
            Ok(Event::Start(tag)) => {
                elements.open(tag.local_name().as_ref().as_bytes(), &tag, at);
            }
            Ok(Event::Empty(tag)) => {
                elements.open(tag.local_name().as_ref().as_bytes(), &tag, at);
                elements.close(tag.local_name().as_ref().as_bytes());
            }
            Ok(Event::End(tag)) => elements.close(tag.local_name().as_ref().as_bytes()),
            Ok(Event::Text(text)) => elements.text(&text),
            Ok(Event::CData(text)) => elements.text(&text),
            Ok(Event::GeneralRef(reference)) => refer(&reference, elements),
            Ok(_) => {}
            Err(_) => {
                return Some(start + reader.error_position() as usize).map(|end| end.max(at));
            }
        }
    }
}

/// Passes a character that is written as a number. Any other entity stays as it is written: no number and no time has
/// one, so a value with it counts as unreadable, and not as what is left without it.
fn refer(reference: &BytesRef<'_>, elements: &mut impl Elements) {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => elements.text(character.encode_utf8(&mut [0; 4])),
        _ => elements.text(&format!("&{};", &**reference)),
    }
}

/// Ends reading: remarks whether the file was complete, and converts byte offsets of remarks to lines.
pub fn finish(text: &str, is_closed: bool, mut recording: Recording) -> Recording {
    if !is_closed {
        recording.remark(CUT_OFF, ErrorLocation::Byte(text.len() as u64));
    }
    for remark in &mut recording.remarks {
        if let ErrorLocation::Byte(at) = remark.first {
            let before = &text.as_bytes()[..(at as usize).min(text.len())];
            remark.first =
                ErrorLocation::Line(1 + memchr::memchr_iter(b'\n', before).count() as u64);
        }
    }
    recording
}

/// Appends to the text of an element. Indents around it do not count. What becomes too long to be used is marked as
/// unreadable, so that its beginning is not taken for the whole.
pub fn add(value: &mut String, text: &str) {
    let text = if value.is_empty() { text.trim_start() } else { text };
    let fits = |value: &str, text: &str| value.len() + text.len() <= MAX_TEXT;
    let text = if fits(value, text) { text } else { text.trim_end() };
    if fits(value, text) {
        value.push_str(text);
    } else if !value.ends_with(char::REPLACEMENT_CHARACTER) {
        value.push(char::REPLACEMENT_CHARACTER);
    }
}

#[cfg(test)]
mod tests;
