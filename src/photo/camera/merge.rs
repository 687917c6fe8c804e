//! Merges a photo with its sidecar: which one wins, and where they disagree.

use crate::disk::sidecar::Sidecar;
use crate::format::picture::PictureFacts;
use crate::format::xmp;
use crate::value::height_validity::Heights;
use crate::value::provenance::TimeBy;

use super::Camera;
use super::contradiction::Difference;

/// The data of both. Beside a raw photo, the sidecar comes first, because it is newer. A JPEG has its own XMP, and
/// its sidecar only fills gaps; that it did is reported.
pub fn join(facts: &PictureFacts, sidecar: &Sidecar, is_first: bool, heights: Heights) -> Camera {
    let name = sidecar.path.file_name().unwrap_or_default().display().to_string();
    let packet = xmp::read(&sidecar.bytes);
    let (file, beside) = (
        Camera::from_facts(facts, None, heights),
        Camera::from_facts(&PictureFacts::default(), Some(&packet), heights),
    );
    let differ = disagreement(&file, &beside, is_first, &name);
    let mut camera =
        if is_first { Camera::from_facts(facts, Some(&packet), heights) } else { file.clone() };
    let mut filled = Vec::new();
    if !is_first {
        filled = fill(&mut camera, &beside);
        // Values of the sidecar that are unreadable.
        camera.why = sentence([camera.why.take(), beside.why.clone()]);
    }
    let filled =
        (!filled.is_empty()).then(|| format!("{} from sidecar '{name}'", filled.join(", ")));
    camera.why = sentence([camera.why.take(), filled, differ]);
    camera
}

/// Joins remarks to one text.
pub fn sentence<const N: usize>(parts: [Option<String>; N]) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Takes what the photo leaves open, group by group: values of different positions are never mixed.
fn fill(camera: &mut Camera, beside: &Camera) -> Vec<&'static str> {
    let mut filled = Vec::new();
    if camera.taken_at.is_none() && camera.captured_ms.is_none() && beside.taken_at.is_some() {
        filled.push("time");
        camera.take_clock_of(beside);
    }
    if camera.position.is_none() && beside.position.is_some() {
        filled.push("position");
        camera.take_place_of(beside);
    }
    if camera.direction.is_none() && beside.direction.is_some() {
        filled.push("direction");
        camera.direction = beside.direction;
        camera.direction_by.clone_from(&beside.direction_by);
    }
    if camera.make.is_none() && camera.model.is_none() && beside.make.is_some() {
        filled.push("camera");
        camera.make.clone_from(&beside.make);
        camera.model.clone_from(&beside.model);
    }
    if camera.img_id.is_none() && beside.img_id.is_some() {
        filled.push("id");
        camera.img_id.clone_from(&beside.img_id);
        camera.creator.clone_from(&beside.creator);
    }
    // The zone of one may come from the other's position.
    if filled.iter().any(|what| matches!(*what, "time" | "position")) {
        camera.why = sentence([camera.why.take(), camera.settle()]);
    }
    camera.seq_id = camera.seq_id.take().or_else(|| beside.seq_id.clone());
    camera.is_pano |= beside.is_pano;
    filled
}

fn disagreement(file: &Camera, beside: &Camera, is_first: bool, name: &str) -> Option<String> {
    let differences = file.differences(beside).into_iter();
    let each = differences.map(|Difference { what, own, other }| {
        if is_first {
            format!("{what} {other} of sidecar '{name}' is used, the file says {own}")
        } else {
            format!("{what} {own} of the file is used, sidecar '{name}' says {other}")
        }
    });
    let all: Vec<String> = each.collect();
    (!all.is_empty()).then(|| all.join("; "))
}

impl Camera {
    fn take_clock_of(&mut self, other: &Camera) {
        self.taken_at = other.taken_at;
        self.clock = other.clock;
        self.time_by = Some(TimeBy::Sidecar);
    }

    fn take_place_of(&mut self, other: &Camera) {
        self.position = other.position;
        self.altitude_m = other.altitude_m;
        self.gps_ms = other.gps_ms;
        self.speed_kmh = other.speed_kmh;
        self.track_deg = other.track_deg;
        self.hdop = other.hdop;
        self.position_by.clone_from(&other.position_by);
        (self.gap_s, self.gap_m) = (other.gap_s, other.gap_m);
    }
}
