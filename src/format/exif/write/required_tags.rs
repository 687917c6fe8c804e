//! Tags that new directories must have.

use super::Edit;
use crate::format::exif::Dir;
use crate::format::exif::tags;
use crate::format::exif::tree::Tree;
use crate::format::exif::value::Value;

/// The tags that the directories created by these edits must have. `size` is the pixel dimensions of a JPEG;
/// `None` means that the block is not in a JPEG.
pub(super) fn required(tree: &Tree, edits: &[Edit], size: Option<(u32, u32)>) -> Vec<Edit> {
    let sets = |dir| edits.iter().any(|edit| edit.tag.dir == dir && edit.value.is_some());
    let lacks = |dir| tree.directory(dir).is_none();
    let is_new = lacks(Dir::Main) && edits.iter().any(|edit| edit.value.is_some());
    let mut required = size.map_or_else(Vec::new, mandatory);
    if size.is_none() {
        // An Exif directory without its version is invalid (Exif 2.32, 4.6.5).
        let version = Value::Undefined(b"0232".to_vec());
        required.push(Edit { tag: tags::EXIF_VERSION, value: Some(version) });
    }
    let (is_block, is_exif) = (is_new && size.is_some(), lacks(Dir::Exif) && sets(Dir::Exif));
    required.retain(|edit| is_block || is_exif && edit.tag.dir == Dir::Exif);
    required
}

/// The tags that the standard requires in every JPEG (Exif 2.32, 4.6.8, tables 17 and 18), with its values for
/// unknown.
fn mandatory((width, height): (u32, u32)) -> Vec<Edit> {
    let set = |tag, value| Edit { tag, value: Some(value) };
    vec![
        set(tags::X_RESOLUTION, Value::Rational(vec![(72, 1)])),
        set(tags::Y_RESOLUTION, Value::Rational(vec![(72, 1)])),
        set(tags::RESOLUTION_UNIT, Value::Short(2)),
        set(tags::YCBCR_POSITIONING, Value::Short(1)),
        set(tags::EXIF_VERSION, Value::Undefined(b"0232".to_vec())),
        set(tags::COMPONENTS_CONFIGURATION, Value::Undefined(vec![1, 2, 3, 0])),
        set(tags::FLASHPIX_VERSION, Value::Undefined(b"0100".to_vec())),
        // Uncalibrated: not known to be sRGB.
        set(tags::COLOR_SPACE, Value::Short(0xFFFF)),
        set(tags::PIXEL_X_DIMENSION, Value::Long(width)),
        set(tags::PIXEL_Y_DIMENSION, Value::Long(height)),
    ]
}
