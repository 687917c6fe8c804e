//! Work on photos that several tools share: reading, order, tags, tracks.

pub mod camera;
pub mod camera_key;
pub mod collection_list;
pub mod description;
pub mod order;
pub mod tag;
pub mod taken;
pub mod tar_members;
pub mod tracks;
pub mod why;
pub mod zones;
