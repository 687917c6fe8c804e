//! The texts written into pictures: what a picture is, and whose.

use crate::photo::tag::desired_tags::{Id, Rights};

/// The licence of the service's pictures.
const LICENCE: &str = "CC BY-SA 4.0";
pub const LICENCE_LINK: &str = "https://creativecommons.org/licenses/by-sa/4.0/";

/// The description text of a picture.
pub fn description(id: &Id) -> String {
    match &id.seq_id {
        Some(seq_id) => format!("Mapillary image {}, sequence {seq_id}", id.img_id),
        None => format!("Mapillary image {}", id.img_id),
    }
}

/// The creator of the picture and its licence.
pub fn rights_text(rights: &Rights) -> String {
    match &rights.creator {
        Some(creator) => format!("{creator}, {LICENCE}"),
        None => LICENCE.into(),
    }
}

/// Whether a text has the format of [`rights_text`].
pub fn is_rights_text(words: &str) -> bool {
    words == LICENCE || words.strip_suffix(LICENCE).is_some_and(|start| start.ends_with(", "))
}

/// Whether a rights text names this creator.
pub fn is_rights_of(words: &str, creator: &str) -> bool {
    words.strip_prefix(creator).is_some_and(|rest| rest.strip_prefix(", ") == Some(LICENCE))
}
