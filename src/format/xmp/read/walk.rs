//! Walks the elements of a packet.

use std::ops::Range;

use quick_xml::{
    NsReader,
    escape::unescape,
    events::{BytesStart, Event},
    name::{PrefixDeclaration, ResolveResult},
};

use super::{Packet, Property};
use crate::format::Malformed;
use crate::format::xmp::RDF;

/// The maximum depth. Packets nest five or six deep; deeper nesting is not XMP, and reading stops.
const MAX_DEPTH: usize = 64;

/// The maximum number of prefixes. Packets bind ten or twenty.
const MAX_PREFIXES: usize = 1000;

/// Reads the text into the packet, up to where it breaks off.
pub(super) fn walk(text: &str, packet: Packet) -> Packet {
    let mut walk = Walk { text, packet, path: Vec::new(), property: None, item: None };
    if let Err((at, what)) = walk.run() {
        walk.packet.faults.push(Malformed::at_byte(at, what));
    }
    walk.packet
}

/// The role of an open element in XMP.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Outside,
    Body,
    Description,
    Property,
    Inside,
    Item,
}

struct Walk<'t> {
    text: &'t str,
    packet: Packet,
    path: Vec<Role>,
    property: Option<Open>,
    /// Where the text of the open list item begins.
    item: Option<usize>,
}

/// A property whose end was not yet reached.
struct Open {
    property: Property,
    text_at: usize,
    is_plain: bool,
}

impl Walk<'_> {
    fn run(&mut self) -> Result<(), (usize, String)> {
        // The reader would skip a byte order mark without counting it, and all offsets would be wrong.
        let bare = self.text.trim_start_matches('\u{feff}');
        let mark_len = self.text.len() - bare.len();
        let mut reader = NsReader::from_str(bare);
        loop {
            let at = mark_len + reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| (at, format!("XMP: {error}")))?;
            let end = mark_len + reader.buffer_position() as usize;
            match event {
                Event::Start(tag) => self.open(&reader, &tag, at..end),
                Event::Empty(tag) => {
                    self.open(&reader, &tag, at..end);
                    self.close(end, end, tag.name().into_inner());
                }
                Event::End(tag) => self.close(at, end, tag.name().into_inner()),
                Event::Eof if self.path.is_empty() => return Ok(()),
                Event::Eof => return Err((at, "XMP is incomplete".into())),
                _ => {}
            }
            if self.path.len() > MAX_DEPTH {
                return Err((at, "XMP nested too deep".into()));
            }
        }
    }

    fn open(&mut self, reader: &NsReader<&[u8]>, tag: &BytesStart, range: Range<usize>) {
        self.prefixes(tag);
        let (uri, name) = reader.resolver().resolve_element(tag.name());
        let (uri, name) = (bound(&uri), name.into_inner());
        let is_rdf = uri == RDF.uri;
        let role = match self.path.last().copied().unwrap_or(Role::Outside) {
            Role::Outside if is_rdf && name == "RDF" => Role::Body,
            Role::Outside => Role::Outside,
            Role::Body if is_rdf && name == "Description" => Role::Description,
            Role::Body => Role::Inside,
            Role::Description => Role::Property,
            _ if is_rdf && name == "li" => Role::Item,
            _ => Role::Inside,
        };
        match role {
            Role::Description => self.attributes(reader, tag, range),
            Role::Property => {
                let resource = rdf_attribute(reader, tag, "resource").into_iter().collect();
                let property = Property {
                    uri: uri.into(),
                    name: name.into(),
                    values: resource,
                    range: range.clone(),
                    is_attribute: false,
                };
                self.property = Some(Open { property, text_at: range.end, is_plain: true });
            }
            Role::Item => self.item = Some(range.end),
            _ => {}
        }
        if let (Role::Item | Role::Inside, Some(open)) = (role, &mut self.property) {
            open.is_plain = false;
        }
        self.path.push(role);
    }

    /// Closes an element, whose end tag spans `at` to `end`.
    fn close(&mut self, at: usize, end: usize, name: &str) {
        let text = |start: usize| {
            let raw = self.text.get(start..at).unwrap_or_default();
            unescape(raw).map_or_else(|_| raw.to_string(), |text| text.into_owned())
        };
        match self.path.pop() {
            Some(Role::Item) => {
                if let (Some(start), Some(open)) = (self.item.take(), &mut self.property) {
                    open.property.values.push(text(start));
                }
            }
            Some(Role::Property) => {
                if let Some(mut open) = self.property.take() {
                    if open.is_plain && open.property.values.is_empty() {
                        open.property.values.push(text(open.text_at));
                    }
                    open.property.range.end = end;
                    self.packet.properties.push(open.property);
                }
            }
            Some(Role::Body) if at < end => {
                self.packet.body_end = Some(at);
                self.packet.rdf_name = name.into();
            }
            _ => {}
        }
    }

    /// Records the prefixes that an element binds.
    fn prefixes(&mut self, tag: &BytesStart) {
        for attribute in tag.attributes().with_checks(false).flatten() {
            let Some(PrefixDeclaration::Named(prefix)) = attribute.key.as_namespace_binding()
            else {
                continue;
            };
            if self.packet.prefixes.len() < MAX_PREFIXES {
                let uri = unescape(&attribute.value).unwrap_or_default().into_owned();
                self.packet.prefixes.push((uri, prefix.into()));
            }
        }
    }

    fn attributes(&mut self, reader: &NsReader<&[u8]>, tag: &BytesStart, range: Range<usize>) {
        for attribute in tag.attributes().with_checks(false).flatten() {
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (uri, name) = reader.resolver().resolve_attribute(attribute.key);
            let raw = &attribute.value;
            let value = unescape(raw).map_or_else(|_| raw.to_string(), |text| text.into_owned());
            // The first packets had it without a prefix.
            let is_rdf = bound(&uri) == RDF.uri;
            if name.into_inner() == "about" && (is_rdf || bound(&uri).is_empty()) {
                self.packet.about = value;
                continue;
            }
            if is_rdf {
                continue;
            }
            let place = place_of(
                self.text.get(range.clone()).unwrap_or_default(),
                attribute.key.into_inner(),
            );
            let Some(place) = place else { continue };
            self.packet.properties.push(Property {
                uri: bound(&uri).into(),
                name: name.into_inner().into(),
                values: vec![value],
                range: range.start + place.start..range.start + place.end,
                is_attribute: true,
            });
        }
    }
}

fn bound<'a>(uri: &ResolveResult<'a>) -> &'a str {
    match uri {
        ResolveResult::Bound(namespace) => namespace.into_inner(),
        _ => "",
    }
}

fn rdf_attribute(reader: &NsReader<&[u8]>, tag: &BytesStart, wanted: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|attribute| {
        let (uri, name) = reader.resolver().resolve_attribute(attribute.key);
        bound(&uri) == RDF.uri && name.into_inner() == wanted
    })?;
    Some(unescape(&found.value).ok()?.into_owned())
}

/// The range of an attribute in its tag, with the whitespace before it.
fn place_of(tag: &str, wanted: &str) -> Option<Range<usize>> {
    let mut at = tag.find(char::is_whitespace)?;
    while at < tag.len() {
        let rest = &tag[at..];
        let name = rest.trim_start();
        let equals = name.find('=')?;
        let value = name[equals + 1..].trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let value_at = rest.len() - value.len();
        let end = at + value_at + 1 + value[1..].find(quote)? + 1;
        if name[..equals].trim_end() == wanted {
            return Some(at..end);
        }
        at = end;
    }
    None
}
