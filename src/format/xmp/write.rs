//! Merges properties into a packet, or creates one. Everything that is not set stays byte for byte.

mod read_back;

use std::ops::Range;

use quick_xml::escape::escape;

use super::{Namespace, Packet, RDF, encoding, read};
use crate::format::Malformed;

/// Set a property, or remove it where the value is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub namespace: Namespace,
    pub name: &'static str,
    pub value: Option<Set>,
}

/// A value, in the type of its property (XMP part 1, 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Set {
    Text(String),
    /// An ordered list, as dc:creator.
    Seq(Vec<String>),
    Bag(Vec<String>),
    /// One text without a language, as dc:rights.
    Alt(String),
}

/// A new packet (XMP part 1, 7.3.2). The padding at its end lets programs edit it in place; here it is small.
const TEMPLATE: &str = "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>";

/// The new packet, or `None` if the old one already has these values. The padding of the old one is used up before the
/// packet grows.
///
/// # Errors
/// A packet that cannot be read to its end is not changed, and neither is one whose other properties would change with it.
pub fn edit(packet: Option<&[u8]>, edits: &[Edit]) -> Result<Option<Vec<u8>>, Malformed> {
    let bytes = packet.unwrap_or(TEMPLATE.as_bytes());
    let known = read(bytes);
    if edits.iter().all(|edit| edit.value.is_none() && !names(bytes, edit.name)) {
        return Ok(None);
    }
    if !encoding::is_utf8(bytes) {
        return Err(Malformed::at_byte(0, "XMP in UTF-16 or UTF-32 is read, not changed"));
    }
    if let Some(Malformed { at, what }) = known.faults.first() {
        return Err(Malformed { at: *at, what: format!("{what}, so it is not changed") });
    }
    let Some(body_end) = known.body_end else {
        return Err(Malformed::at_byte(bytes.len(), "XMP without rdf:RDF"));
    };
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut added = Vec::new();
    for edit in edits {
        change(&known, edit, &mut changes, &mut added);
    }
    if !added.is_empty() {
        changes.push((body_end..body_end, description(&known, &added)));
    }
    if changes.is_empty() {
        return Ok(None);
    }
    changes.sort_by_key(|(range, _)| range.start);
    let mut new = Vec::with_capacity(bytes.len());
    let mut copied = 0;
    for (range, text) in changes {
        new.extend_from_slice(&bytes[copied..range.start]);
        new.extend_from_slice(text.as_bytes());
        copied = range.end;
    }
    new.extend_from_slice(&bytes[copied..]);
    keep_length(&mut new, bytes.len());
    read_back::check(&known, &new, edits)?;
    Ok(Some(new))
}

/// Whether the name of a property occurs anywhere, even after a break.
fn names(packet: &[u8], name: &str) -> bool {
    memchr::memmem::find(packet, name.as_bytes()).is_some() || !encoding::is_utf8(packet)
}

/// Applies one edit: an element is replaced in place; attributes and duplicates are deleted.
fn change<'e>(
    known: &Packet,
    edit: &'e Edit,
    changes: &mut Vec<(Range<usize>, String)>,
    added: &mut Vec<&'e Edit>,
) {
    let is_it = |p: &&super::Property| p.name == edit.name && p.uri == edit.namespace.uri;
    let old: Vec<_> = known.properties.iter().filter(is_it).collect();
    let wanted = match &edit.value {
        None => Vec::new(),
        Some(Set::Text(text) | Set::Alt(text)) => vec![text.clone()],
        Some(Set::Seq(items) | Set::Bag(items)) => items.clone(),
    };
    if let [only] = old[..]
        && edit.value.is_some()
        && only.values == wanted
    {
        return;
    }
    let mut new = edit.value.as_ref();
    for property in old {
        let text = match new.take_if(|_| !property.is_attribute) {
            Some(value) => element(known, edit, value, true),
            None => String::new(),
        };
        changes.push((property.range.clone(), text));
    }
    if new.is_some() {
        added.push(edit);
    }
}

/// A separate description for new properties.
fn description(known: &Packet, added: &[&Edit]) -> String {
    let (rdf, is_bound) = rdf_prefix(known);
    let mut spaces: Vec<Namespace> = Vec::new();
    for edit in added {
        if !spaces.contains(&edit.namespace) {
            spaces.push(edit.namespace);
        }
    }
    let own = (!is_bound).then(|| binding(&rdf, RDF.uri));
    let others = spaces.iter().map(|&space| binding(&known.prefix(space), space.uri));
    let bindings: String = own.into_iter().chain(others).collect();
    let elements: String = added
        .iter()
        .filter_map(|edit| Some(element(known, edit, edit.value.as_ref()?, false) + "\n"))
        .collect();
    let about = escape(&known.about);
    format!(
        "<{rdf}:Description {rdf}:about=\"{about}\"{bindings}>\n{elements}</{rdf}:Description>\n"
    )
}

/// One property as an element. `binds` means that it needs its own namespace bindings, because it is placed
/// among those of other programs.
fn element(known: &Packet, edit: &Edit, value: &Set, binds: bool) -> String {
    let (prefix, (rdf, _)) = (known.prefix(edit.namespace), rdf_prefix(known));
    let list = |kind: &str, attributes: &str, items: &[String]| {
        let item = |text: &String| format!("<{rdf}:li{attributes}>{}</{rdf}:li>", escape(text));
        let items: String = items.iter().map(item).collect();
        format!("<{rdf}:{kind}>{items}</{rdf}:{kind}>")
    };
    let content = match value {
        Set::Text(text) => escape(text).into_owned(),
        Set::Seq(items) => list("Seq", "", items),
        Set::Bag(items) => list("Bag", "", items),
        Set::Alt(text) => list("Alt", " xml:lang=\"x-default\"", std::slice::from_ref(text)),
    };
    let mut bindings = String::new();
    if binds {
        bindings = binding(&prefix, edit.namespace.uri);
        if !matches!(value, Set::Text(_)) {
            bindings += &binding(&rdf, RDF.uri);
        }
    }
    format!("<{prefix}:{0}{bindings}>{content}</{prefix}:{0}>", edit.name)
}

/// The prefix of rdf:RDF, which is bound inside it; or one that is not bound yet.
fn rdf_prefix(known: &Packet) -> (String, bool) {
    match known.rdf_name.split_once(':') {
        Some((prefix, _)) => (prefix.to_string(), true),
        None => (known.prefix(RDF), false),
    }
}

fn binding(prefix: &str, uri: &str) -> String {
    format!(" xmlns:{prefix}=\"{uri}\"")
}

/// Shortens the padding by the length that the packet has grown, or extends it.
fn keep_length(packet: &mut Vec<u8>, len: usize) {
    let trailer = b"<?xpacket end=";
    let Some(end) = memchr::memmem::rfind(packet, trailer) else { return };
    let blank = packet[..end].iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
    if packet.len() > len {
        // One line ending is kept before the trailer.
        let spare = blank.saturating_sub(1).min(packet.len() - len);
        packet.drain(end - 1 - spare..end - 1);
    } else if blank > 0 {
        let missing = len - packet.len();
        packet.splice(end - 1..end - 1, std::iter::repeat_n(b' ', missing));
    }
}

/// Shorter whitespace is indentation, not padding.
const MIN_BLANK: usize = 32;

/// The packet without the padding that its writers left: long whitespace between its elements, and any whitespace after
/// its end. For packets that would not fit otherwise.
pub fn without_padding(packet: &[u8]) -> Vec<u8> {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let end = packet.iter().rposition(|byte| !is_blank(byte)).map_or(0, |last| last + 1);
    let values: Vec<Range<usize>> = read(packet).properties.into_iter().map(|p| p.range).collect();
    let mut new = Vec::with_capacity(end);
    let mut at = 0;
    while at < end {
        let len = packet[at..end].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let is_between = at > 0 && packet[at - 1] == b'>' && packet[at + len] == b'<';
        let is_value = || values.iter().any(|range| range.start < at + len && at < range.end);
        if len >= MIN_BLANK && is_between && !is_value() {
            new.push(b'\n');
        } else {
            new.extend_from_slice(&packet[at..at + len]);
        }
        at += len;
        let word = packet[at..end].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        new.extend_from_slice(&packet[at..at + word]);
        at += word;
    }
    new
}

#[cfg(test)]
mod tests;
