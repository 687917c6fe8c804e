//! Files and folders: whole or not at all.

pub mod replace;
