//! Whether a file's metadata identifies the picture on the service, and its creator.

use super::FileValues;
use crate::format::xmp::{self, Namespace};
use crate::photo::camera::LINK;
use crate::photo::tag::desired_tags::{Id, Rights};
use crate::photo::tag::edits;

impl FileValues<'_> {
    pub(super) fn id(&self, id: Option<&Id>) -> (bool, bool) {
        let (Some(id), camera, exif) = (id, self.camera, &self.facts.exif) else {
            return (true, false);
        };
        let right = camera.img_id.as_ref() == Some(&id.img_id)
            && (id.seq_id.is_none() || id.seq_id == camera.seq_id);
        let ours = camera.img_id.as_ref() == Some(&id.img_id);
        let other =
            |own: &Option<String>, text: &str| own.as_ref().is_some_and(|own| own != text && !ours);
        let taken = other(&exif.image_unique_id, &id.img_id)
            || other(&exif.description, &edits::description(id))
            || self.texts(xmp::DC, "description").any(|own| own != edits::description(id) && !ours)
            || self.texts(xmp::DC, "source").any(|own| !own.starts_with(LINK))
            || camera.img_id.as_ref().is_some_and(|own| *own != id.img_id);
        (right, taken)
    }

    /// Without a creator, rights are written together with a new id: a file tagged without them is left so. Rights
    /// texts of the camera or its owner are recognized by not having the format that this tool writes.
    pub(super) fn rights(&self, rights: Option<&Rights>, id: Option<&Id>) -> (bool, bool) {
        let (Some(rights), camera, exif) = (rights, self.camera, &self.facts.exif) else {
            return (true, false);
        };
        let text = edits::rights_text(rights);
        let own = exif.copyright.as_deref().or_else(|| self.texts(xmp::DC, "rights").next());
        let known = id.is_some_and(|id| camera.img_id.as_ref() == Some(&id.img_id));
        let right = match &rights.creator {
            Some(creator) => camera.creator.as_ref() == Some(creator) && own == Some(text.as_str()),
            None => own == Some(text.as_str()) || known,
        };
        (right, self.has_other_rights(rights, known))
    }

    /// Whether the file has rights texts by anyone else. If it is `known` as this very picture, an earlier run may
    /// have written different ones.
    fn has_other_rights(&self, rights: &Rights, known: bool) -> bool {
        let exif = &self.facts.exif;
        let text = edits::rights_text(rights);
        let ours = |own: &str| own == text || known && edits::is_rights_text(own);
        let words = || exif.copyright.as_deref().into_iter().chain(self.texts(xmp::DC, "rights"));
        let written = words().find(|own| ours(own));
        let is_creator = |own: &str| {
            rights.creator.as_deref() == Some(own)
                || written.is_some_and(|words| edits::is_rights_of(words, own))
        };
        words().any(|own| !ours(own))
            || exif.artist.as_deref().is_some_and(|own| !is_creator(own))
            || self.texts(xmp::DC, "creator").any(|own| !is_creator(own))
            || self.texts(xmp::RIGHTS, "WebStatement").any(|own| own != edits::LICENCE_LINK)
    }

    /// The values of a property in the packet and the sidecar.
    fn texts(&self, space: Namespace, name: &'static str) -> impl Iterator<Item = &str> {
        let packets = [Some(&self.facts.xmp), self.sidecar];
        packets.into_iter().flatten().filter_map(move |packet| packet.text(space, name))
    }
}
