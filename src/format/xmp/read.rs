//! The properties of a packet, with the place of each, so that they can be changed alone.

use std::ops::Range;

use quick_xml::{
    NsReader,
    escape::unescape,
    events::{BytesStart, Event},
    name::{PrefixDeclaration, ResolveResult},
};

use super::{Namespace, RDF, encoding};
use crate::format::Malformed;

/// Packets nest five or six deep; deeper is no XMP, and no reason to go on.
const MAX_DEPTH: usize = 64;

/// Packets bind ten or twenty prefixes.
const MAX_PREFIXES: usize = 1000;

/// One property: an attribute of a description, or an element in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    pub uri: String,
    pub name: String,
    /// Its text, or the items of its list; empty for structures.
    pub values: Vec<String>,
    /// The bytes of the element, or of the attribute with the blanks before it.
    pub(super) range: Range<usize>,
    pub(super) is_attribute: bool,
}

/// What a packet says, and where it broke off if it did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packet {
    pub properties: Vec<Property>,
    pub faults: Vec<Malformed>,
    /// Where the end tag of rdf:RDF stands.
    pub(super) body_end: Option<usize>,
    /// The name of that tag, since any prefix may be bound to RDF.
    pub(super) rdf_name: String,
    /// What the packet is about: mostly the empty text.
    pub(super) about: String,
    /// The prefixes that it binds to vocabularies.
    prefixes: Vec<(String, String)>,
}

impl Packet {
    /// The values of a property.
    pub fn values(&self, namespace: Namespace, name: &str) -> Option<&[String]> {
        let is_it = |p: &&Property| p.name == name && p.uri == namespace.uri;
        self.properties.iter().find(is_it).map(|property| &property.values[..])
    }

    /// Takes what another packet says too, where this one says nothing.
    pub fn append(&mut self, other: Packet) {
        self.properties.extend(other.properties);
        self.faults.extend(other.faults);
    }

    /// The prefix that the packet has for a vocabulary, since some readers take
    /// no second one; else the usual, unless it stands for another.
    pub(super) fn prefix(&self, namespace: Namespace) -> String {
        let owner = |prefix: &str| {
            self.prefixes.iter().find(|(_, known)| known == prefix).map(|(uri, _)| &uri[..])
        };
        let mut bound = self.prefixes.iter().filter(|(uri, _)| uri == namespace.uri);
        if let Some((_, prefix)) = bound.find(|(uri, prefix)| owner(prefix) == Some(uri)) {
            return prefix.clone();
        }
        let mut prefix = namespace.prefix.to_string();
        while owner(&prefix).is_some() {
            prefix.push('_');
        }
        prefix
    }

    /// The first or only value of a property that is not blank.
    pub fn text(&self, namespace: Namespace, name: &str) -> Option<&str> {
        let first = self.values(namespace, name)?.first()?.trim();
        (!first.is_empty()).then_some(first)
    }
}

/// Reads a packet or a sidecar. Nothing is an error: what comes before a break
/// is there, and the break stands in `faults`.
pub fn read(bytes: &[u8]) -> Packet {
    let mut packet = Packet::default();
    let (text, fault) = encoding::text(bytes);
    packet.faults.extend(fault);
    let mut walk = Walk { text: &text, packet, path: Vec::new(), property: None, item: None };
    if let Err((at, what)) = walk.run() {
        walk.packet.faults.push(Malformed::at_byte(at, what));
    }
    walk.packet
}

/// What an open element is to XMP.
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
    /// Where the text of the list item that is open begins.
    item: Option<usize>,
}

/// A property whose end is yet to come.
struct Open {
    property: Property,
    text_at: usize,
    is_plain: bool,
}

impl Walk<'_> {
    fn run(&mut self) -> Result<(), (usize, String)> {
        let mut reader = NsReader::from_str(self.text);
        loop {
            let at = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| (at, format!("XMP: {error}")))?;
            let end = reader.buffer_position() as usize;
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

    /// An element ends: its end tag reaches from `at` to `end`.
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

    /// Notes the prefixes that an element binds.
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
            let value = unescape(&attribute.value).unwrap_or_default().into_owned();
            // The first packets had it without a prefix.
            let is_rdf = bound(&uri) == RDF.uri;
            if name.into_inner() == "about" && (is_rdf || bound(&uri).is_empty()) {
                self.packet.about = value;
                continue;
            }
            if is_rdf {
                continue;
            }
            let place = place_of(&self.text[range.clone()], attribute.key.into_inner());
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

/// Where an attribute stands in its tag, with the blanks before it.
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
