//! The properties of a packet with the byte range of each, so that single ones can be changed.

mod walk;

use std::ops::Range;

use super::{Namespace, encoding};
use crate::format::Malformed;

/// One property: an attribute of a description, or an element in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    pub uri: String,
    pub name: String,
    /// Its text, or the items of its list; empty for structures.
    pub values: Vec<String>,
    /// The byte range of the element, or of the attribute with the whitespace before it.
    pub(super) range: Range<usize>,
    pub(super) is_attribute: bool,
}

/// The content of a packet, and where it breaks off, if it does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packet {
    pub properties: Vec<Property>,
    pub faults: Vec<Malformed>,
    /// The offset of the end tag of rdf:RDF.
    pub(super) body_end: Option<usize>,
    /// The name of that tag, because any prefix may be bound to RDF.
    pub(super) rdf_name: String,
    /// The subject of the packet, usually empty.
    pub(super) about: String,
    /// The prefixes that it binds to namespaces.
    prefixes: Vec<(String, String)>,
}

impl Packet {
    /// The values of a property.
    pub fn values(&self, namespace: Namespace, name: &str) -> Option<&[String]> {
        let is_it = |p: &&Property| p.name == name && p.uri == namespace.uri;
        self.properties.iter().find(is_it).map(|property| &property.values[..])
    }

    /// Adds the properties of another packet that this one lacks.
    pub fn append(&mut self, other: Packet) {
        self.properties.extend(other.properties);
        self.faults.extend(other.faults);
    }

    /// The prefix that the packet uses for a namespace, because some readers do not accept a second one; otherwise the
    /// usual one, unless it is bound to another namespace.
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

    /// The first or only value of a property, if it is not blank.
    pub fn text(&self, namespace: Namespace, name: &str) -> Option<&str> {
        let first = self.values(namespace, name)?.first()?.trim();
        (!first.is_empty()).then_some(first)
    }
}

/// Reads a packet or a sidecar. Nothing is an error: what precedes a fault is returned, and the fault is in
/// `faults`.
pub fn read(bytes: &[u8]) -> Packet {
    let mut packet = Packet::default();
    let (text, fault) = encoding::text(bytes);
    packet.faults.extend(fault);
    walk::walk(&text, packet)
}
