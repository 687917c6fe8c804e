//! Messages given once per run while tagging.

use super::Tagger;
use super::options::TagGroup;
use super::plan::Plan;
use crate::disk::positioned_io::Part;
use crate::format::xmp::Packet;
use crate::photo::camera::Photo;
use crate::shape::Diagnostics;

/// Reported once per run.
const HELD: &str = "another value stands in some files and was left alone: --overwrite replaces it, a date only with \
    --only time";

/// Reported once per run.
const UNSHOWN: &str = "some rows have an id and nothing else of the service (creator, link, quality, raw answer): \
    id and rights are not written there; --only id,rights writes them all the same";

/// Reported once per run.
const NAMES_OLD_PLACE: &str =
    "XMP in some files names the old place in words (city, country, location): they stay";

/// Reported once per run.
const OTHER_SIDECAR: &str =
    "sidecars beside some files say otherwise and stay as they are: --sidecar writes them";

/// Reported once per run.
const OTHER_FILE: &str = "some files themselves say otherwise than their sidecars now, and are \
    read first: without --sidecar the files are written";

pub fn named(groups: &[TagGroup]) -> String {
    let words: Vec<&str> = groups.iter().map(|group| group.word()).collect();
    if words.is_empty() { "a copy".into() } else { words.join(", ") }
}

impl Tagger {
    /// Reports what the files themselves will not show.
    pub(super) fn say(
        &self,
        plan: &Plan,
        photo: &Photo<Part>,
        packet: Option<&Packet>,
        is_written: bool,
        notes: &dyn Diagnostics,
    ) {
        // The source that is read first would differ from what is written.
        let masked = match (is_written, photo.picture.kind.is_written()) {
            (true, _) => packet.filter(|packet| plan.differs_from(packet)).map(|_| OTHER_SIDECAR),
            (false, true) => plan.is_masked_by(&photo.facts).then_some(OTHER_FILE),
            (false, false) => None,
        };
        let said =
            [(plan.held, HELD), (plan.unshown, UNSHOWN), (plan.names_old_place, NAMES_OLD_PLACE)];
        let said = said.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| words);
        said.chain(masked).for_each(|words| notes.once(words));
    }
}
