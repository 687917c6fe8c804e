//! How sequences are sent, and to which service.

use std::path::PathBuf;

use super::upload_hours::Window;
use crate::threads::Work;

/// How all sequences are sent.
#[derive(Debug, Clone)]
pub struct How {
    /// For things of this user and this host; see `Journal`.
    pub journal: PathBuf,
    pub history: PathBuf,
    /// How many photos at once, and when to leave off.
    pub work: Work,
    /// Send again what was sent.
    pub force: bool,
    pub between: Option<Window>,
    /// The id of the organization that it is sent for, and of the user who sends it.
    pub organization: Option<String>,
    pub user_id: Option<String>,
    pub to: Destination,
}

/// The service that pictures go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    Mapillary,
    Panoramax,
}
