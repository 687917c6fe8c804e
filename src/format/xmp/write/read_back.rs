//! Reads a changed packet back, before it replaces the old one.

use super::{Edit, Set};
use crate::format::Malformed;
use crate::format::xmp::{Packet, Property, read};

/// Whether the new packet has the values that were set, and all other properties as before.
///
/// # Errors
/// It has not: the packet is not changed then.
pub(super) fn check(known: &Packet, new: &[u8], edits: &[Edit]) -> Result<(), Malformed> {
    let again = read(new);
    if let Some(Malformed { at, what }) = again.faults.first() {
        return Err(Malformed { at: *at, what: format!("{what}, after a change that was undone") });
    }
    let is_edited = |property: &&Property| {
        edits.iter().any(|edit| property.name == edit.name && property.uri == edit.namespace.uri)
    };
    let others = |packet: &Packet| -> Vec<(String, String, Vec<String>)> {
        let kept = packet.properties.iter().filter(|property| !is_edited(property));
        let mut kept: Vec<_> =
            kept.map(|one| (one.uri.clone(), one.name.clone(), one.values.clone())).collect();
        kept.sort();
        kept
    };
    let is_set = |edit: &Edit| {
        let found = again.values(edit.namespace, edit.name);
        match &edit.value {
            None => found.is_none(),
            Some(Set::Text(text) | Set::Alt(text)) => found == Some(std::slice::from_ref(text)),
            Some(Set::Seq(items) | Set::Bag(items)) => found == Some(items),
        }
    };
    match edits.iter().find(|edit| !is_set(edit)) {
        Some(edit) => {
            let what = format!("{} of the XMP cannot be set, so it is not changed", edit.name);
            Err(Malformed::at_byte(0, what))
        }
        None if others(known) != others(&again) => {
            Err(Malformed::at_byte(0, "the XMP would lose properties, so it is not changed"))
        }
        None => Ok(()),
    }
}
