//! Sending to the service: bytes in sessions that can go on where they were cut, what ends an upload, and who one is.

pub mod account;
mod classify;
pub mod content;
pub mod organization;
pub mod panoramax;
mod send;

pub use account::{Login, User};
pub use content::{Content, Memory};
pub use send::{FileType, Sent};

#[cfg(test)]
mod tests;
