//! What to set in one file, by group; each group is set entirely or not at all.

use crate::format::picture::PictureFacts;
use crate::format::xmp::{self, Packet, Set};
use crate::photo::camera::Camera;
use crate::shape::RowError;
use crate::value::height_validity::Heights;

use super::compare::{FileValues, TagDecision};
use super::desired_tags::Wanted;
use super::edits::{self, Edits};
use super::options::{Options, TagGroup};

/// The edits of the groups to be written.
#[derive(Debug, Default)]
pub struct Plan {
    pub edits: Edits,
    pub groups: Vec<TagGroup>,
    /// Whether the file has a different value, which is kept.
    pub held: bool,
    /// Whether nothing shows that the picture comes from the service.
    pub unshown: bool,
    /// Whether the file names a place in words beside a position that is replaced.
    pub names_old_place: bool,
}

impl Plan {
    /// # Errors
    /// If a value is needed and could not be computed.
    pub fn new(
        wanted: &Wanted,
        facts: &PictureFacts,
        sidecar: Option<&Packet>,
        options: &Options,
    ) -> Result<Plan, RowError> {
        let camera = Camera::from_facts(facts, sidecar, options.heights);
        let says = FileValues { camera: &camera, facts, sidecar };
        let mut plan = Plan::default();
        for group in TagGroup::ALL {
            match says.verdict(group, wanted, options)? {
                TagDecision::Right => {}
                TagDecision::Held => plan.held = true,
                TagDecision::Unshown => plan.unshown = true,
                TagDecision::Write => plan.add(group, wanted, facts),
            }
        }
        if options.overwrite && plan.groups.contains(&TagGroup::Position) && says.has_place() {
            plan.edits.old_place();
            let packets = [Some(&facts.xmp), sidecar];
            plan.names_old_place = packets.into_iter().flatten().any(edits::names_place);
        }
        plan.edits.raise_version(facts.exif.version.as_deref());
        let has = |packet: &Packet| packet.text(xmp::GPANO, "PoseHeadingDegrees").is_some();
        let has_heading = [Some(&facts.xmp), sidecar].into_iter().flatten().any(has);
        plan.turn_pano(wanted, &camera, has_heading);
        Ok(plan)
    }

    fn add(&mut self, group: TagGroup, wanted: &Wanted, facts: &PictureFacts) {
        let edits = &mut self.edits;
        self.groups.push(group);
        match group {
            TagGroup::Position => wanted.position.iter().for_each(|fix| edits.position(fix)),
            TagGroup::Direction => wanted.direction.iter().for_each(|turn| edits.direction(turn)),
            TagGroup::Time => wanted.time.iter().flatten().for_each(|&clock| edits.time(clock)),
            TagGroup::Camera => wanted.camera.iter().for_each(|names| edits.make_and_model(names)),
            TagGroup::Id => wanted.id.iter().for_each(|id| edits.id(id)),
            TagGroup::Rights => wanted.rights.iter().for_each(|rights| edits.rights(rights)),
            TagGroup::Pano => edits.pano(facts.size),
        }
    }

    /// Keeps a panorama's heading in step with its direction, whichever of both is new, and so a heading that the file
    /// has already. A heading has no reference, so that one from magnetic north cannot be written: the old one goes.
    fn turn_pano(&mut self, wanted: &Wanted, camera: &Camera, has_heading: bool) {
        let sets = |group| self.groups.contains(&group);
        let is_pano = camera.is_pano || sets(TagGroup::Pano);
        let heading = if sets(TagGroup::Direction) {
            wanted.direction.as_ref().map(|heading| heading.direction)
        } else {
            camera.direction.filter(|_| sets(TagGroup::Pano))
        };
        let Some(heading) = heading else { return };
        if has_heading || is_pano && !heading.magnetic {
            self.edits.pano_heading((!heading.magnetic).then_some(heading.deg));
        }
    }

    /// The XMP edits to make in addition to EXIF: properties that have no EXIF tag, and those already in the packet,
    /// which would otherwise contradict EXIF.
    pub fn beside_exif(&self, packet: &Packet) -> Vec<xmp::Edit> {
        let stands = |edit: &&xmp::Edit| packet.values(edit.namespace, edit.name).is_some();
        let twins = self.edits.twins.iter().filter(stands);
        self.edits.xmp.iter().chain(twins).cloned().collect()
    }

    /// Whether a sidecar has a different value for anything that is to be set.
    pub fn differs_from(&self, packet: &Packet) -> bool {
        self.edits.xmp.iter().chain(&self.edits.twins).any(|edit| {
            let there = packet.values(edit.namespace, edit.name);
            there.is_some_and(|there| match &edit.value {
                Some(Set::Text(text) | Set::Alt(text)) => there != [text.clone()],
                Some(Set::Seq(items) | Set::Bag(items)) => there != items,
                None => true,
            })
        })
    }

    /// Whether a file has values of its own for groups that are written to its sidecar.
    pub fn is_masked_by(&self, facts: &PictureFacts) -> bool {
        let own = Camera::from_facts(facts, None, Heights::default());
        self.groups.iter().any(|group| match group {
            TagGroup::Position => own.position.is_some(),
            TagGroup::Direction => own.direction.is_some(),
            TagGroup::Time => own.taken_at.is_some(),
            TagGroup::Camera => own.make.is_some() || own.model.is_some(),
            TagGroup::Id | TagGroup::Rights => own.img_id.is_some(),
            TagGroup::Pano => own.is_pano,
        })
    }

    /// All edits as XMP, for files in which only XMP can be written.
    pub fn alone(&self) -> Vec<xmp::Edit> {
        self.edits.xmp.iter().chain(&self.edits.twins).cloned().collect()
    }
}

#[cfg(test)]
mod tests;
