//! Work on photos that several tools share: reading, order, tags, tracks.

pub mod camera;
pub mod order;
pub mod tag;
pub mod tar_members;
pub mod tracks;
pub mod zones;
