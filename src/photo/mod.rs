//! Work on photos that several tools share: reading, order, tags, tracks.

pub mod camera;
pub mod camera_key;
pub mod camera_zone;
pub mod collection_manifest;
pub mod description;
pub mod order;
pub mod padded;
pub mod photo_index;
pub mod ride;
pub mod row_groups;
pub mod row_key;
pub mod row_store;
pub mod sorted_groups;
pub mod tag;
pub mod taken;
pub mod tar_members;
pub mod tracks;
pub mod unheard;
pub mod why;
