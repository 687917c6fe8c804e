//! The manifest of a sequence: a file that lists its photos for the service, and the key that it is sent under.

use serde_json::json;

use super::md5::Md5;
use super::outgoing_photo::Photo;

/// A manifest.
#[derive(Debug, PartialEq, Eq)]
pub struct Manifest {
    pub key: String,
    pub text: String,
}

impl Manifest {
    /// The same photos for the same organization have a manifest with the same key, so that a run after a kill uses
    /// it again; a sequence that is sent again on purpose has a `salt` and so a different key.
    pub fn new(
        photos: &[Photo],
        organization: Option<&str>,
        refusals: u64,
        salt: Option<u128>,
    ) -> Manifest {
        let handles: Vec<&str> = photos.iter().map(|photo| photo.handle.as_str()).collect();
        let text =
            json!({"image_handles": handles, "upload_type": "images", "version": "1"}).to_string();
        let mut md5 = Md5::default();
        md5.add(text.as_bytes());
        md5.add(organization.unwrap_or_default().as_bytes());
        // A refused manifest is not used again; another one for the same photos may be accepted (mapillary_tools
        // #598).
        if refusals > 0 {
            md5.add(&refusals.to_le_bytes());
        }
        if let Some(salt) = salt {
            md5.add(&salt.to_le_bytes());
        }
        Manifest { key: format!("uuid_{}.json", md5.text()), text }
    }
}

#[cfg(test)]
mod tests;
