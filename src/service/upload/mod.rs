//! Sending to the service: bytes in sessions that can go on where they were cut, what ends an upload, and who one is.

pub mod account;
mod classify;
pub mod content;
mod finish;
pub mod organization;
pub mod panoramax;
mod send;

pub use account::{Login, User};
pub use content::{Content, Memory};
pub use finish::FileType;
pub use send::Sent;

#[cfg(test)]
mod tests;
