//! Work on photos that several tools share: reading, ordering, tags, tracks.

pub mod camera;
pub mod camera_key;
pub mod camera_zone;
pub mod capture_facts;
pub mod collection_manifest;
pub mod deferred_rows;
pub mod description;
pub mod group_key;
pub mod photo_index;
pub mod picture_file;
pub mod row_groups;
pub mod row_store;
pub mod silent_reporter;
pub mod sorted_groups;
pub mod sparse_column;
pub mod stated;
pub mod tag;
pub mod taken;
pub mod tar_members;
pub mod tracks;
pub mod why;
