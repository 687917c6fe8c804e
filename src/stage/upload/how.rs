//! The upload settings: how sequences are sent, and to which service.

use std::path::PathBuf;

use super::upload_hours::Window;
use crate::threads::Work;

/// The settings for all sequences.
#[derive(Debug, Clone)]
pub struct How {
    /// The folder for this user and host; see `Journal`.
    pub journal: PathBuf,
    pub history: PathBuf,
    /// How many photos are sent at once, and the interruption of the run.
    pub work: Work,
    /// Send sequences again that were sent before.
    pub force: bool,
    pub between: Option<Window>,
    /// The ids of the organization that the pictures are sent for, and of the user who sends them.
    pub organization: Option<String>,
    pub user_id: Option<String>,
    pub to: Destination,
}

/// The service that receives the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    Mapillary,
    Panoramax,
}
