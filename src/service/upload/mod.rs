//! Uploads to the service: resumable sessions, finishing an upload, and the user's account.

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
