//! get-images: the pictures of sequences, of an area, a user, an organization.

pub mod walk;
