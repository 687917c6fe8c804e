//! Publishes a sequence to the archive by one rename: pictures and rows at once.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::accounts::User;
use super::picture::Picture;
use super::{ROWS, number};
use crate::disk::{atomic_file, open};

/// The number of attempts to find ids that the archive does not have: the first nearly always succeeds.
const TRIES: u8 = 100;

/// A sequence to be published.
pub struct Sequence<'a> {
    pub user: &'a User,
    pub organization: Option<&'a str>,
    pub pictures: &'a [Picture],
}

impl Sequence<'_> {
    /// The same for the same pictures of the same user in the same order, so that a repeated upload is stored once.
    fn digest(&self) -> [u8; 32] {
        let mut sum = Sha256::new();
        sum.update(format!("{}\n{}\n", self.user.username, self.organization.unwrap_or_default()));
        self.pictures.iter().for_each(|picture| sum.update(picture.digest));
        sum.finalize().into()
    }

    /// The number of the cluster, which is also the name of its folder: digits only.
    pub fn cluster(&self) -> String {
        number(&self.digest(), 16)
    }

    /// Publishes the sequence to the inbox, unless it is there. `is_taken` returns whether the archive already has an
    /// id.
    pub fn publish(
        &self,
        inbox: &Path,
        staging: &Path,
        is_taken: impl Fn(&str) -> io::Result<bool>,
    ) -> io::Result<()> {
        let (digest, cluster) = (self.digest(), self.cluster());
        let place = inbox.join(&cluster);
        if place.exists() {
            return Ok(());
        }
        let building = staging.join(format!("building-{cluster}"));
        match fs::remove_dir_all(&building) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir(&building)?,
        }
        let first = self.first_id(&digest, &is_taken)?;
        let mut rows = Vec::new();
        for (at, picture) in self.pictures.iter().enumerate() {
            let id = (first + at as u64).to_string();
            let file = building.join(format!("{id}.jpg"));
            link(&picture.file, &file)?;
            self.write_row(&mut rows, picture, &id, &URL_SAFE_NO_PAD.encode(&digest[..16]))?;
        }
        let mut file = atomic_file::Replacement::create(&building.join(ROWS))?;
        file.write_all(&rows)?;
        file.finish(Some(rows.len() as u64), true)?;
        atomic_file::sync_folder(&building)?;
        fs::rename(&building, &place)?;
        atomic_file::sync_folder(inbox)
    }

    /// The id of the first picture; those of the others follow it, and the archive has none of them.
    fn first_id(
        &self,
        digest: &[u8; 32],
        is_taken: impl Fn(&str) -> io::Result<bool>,
    ) -> io::Result<u64> {
        for round in 0..TRIES {
            let sum = Sha256::digest([&digest[..], &[round]].concat());
            let first: u64 = number(&sum, 17).parse().map_err(io::Error::other)?;
            let ids = first..first + self.pictures.len() as u64;
            let taken: io::Result<Vec<bool>> = ids.map(|id| is_taken(&id.to_string())).collect();
            if !taken?.contains(&true) {
                return Ok(first);
            }
        }
        Err(io::Error::other("no free ids are found"))
    }

    fn write_row(
        &self,
        rows: &mut Vec<u8>,
        picture: &Picture,
        id: &str,
        sequence: &str,
    ) -> io::Result<()> {
        let mut row = picture.fields.clone();
        row.insert("id".into(), json!(id));
        row.insert("sequence".into(), json!(sequence));
        let mut user = json!({"username": self.user.username});
        if self.user.id.bytes().all(|byte| byte.is_ascii_digit()) {
            user["id"] = json!(self.user.id);
        }
        row.insert("creator".into(), user);
        if let Some(organization) = self.organization {
            row.insert("organization".into(), json!({"id": organization}));
        }
        serde_json::to_writer(&mut *rows, &row)?;
        rows.push(b'\n');
        Ok(())
    }
}

/// Makes a hard link to bytes that are synced to disk, or a copy where hard links are not possible.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    open::file(to)?.sync_all()
}
