//! `/finish_upload`: turns received files into a sequence of the archive.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Duration;

use serde_json::{Value, json};

use crate::disk::{atomic_file, free_space, open};
use crate::serve::Site;
use crate::serve::answer::{Answer, Refusal};
use crate::serve::index::Index;
use crate::threads::{Stop, Work, ordered};

use super::Uploads;
use super::accounts::User;
use super::non_file_body::SMALL_BODY;
use super::picture::Picture;
use super::publish::Sequence;
use super::session::Session;

/// The maximum number of pictures in a sequence; mapillary_tools splits at 1,000.
const MOST_PICTURES: usize = 10_000;

/// The response waits this long for the pictures to be served: a large archive takes longer, and the client need not
/// wait.
const SERVED_WITHIN: Duration = Duration::from_secs(2);

/// The number of pictures read and synced to disk at once: disks write many as fast as one.
const READ_AT_ONCE: usize = 8;

/// Finishes the upload of a handle; returns its cluster, which is the same for repeated requests.
pub fn finish(site: &Site, index: &Index, user: &User, body: &[u8]) -> Result<Answer, Refusal> {
    let Some(uploads) = &site.uploads else { return Err(Refusal::no_such_object("finish_upload")) };
    let request: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal::parameter(format!("Invalid JSON: {error}")))?;
    let handle = request["file_handle"].as_str().unwrap_or_default();
    let session = Session::from_handle(&user.username, handle)
        .ok_or_else(|| Refusal::parameter("file_handle is not a handle of this user"))?;
    let organization = organization(&request["organization_id"])?;
    let alone = uploads.publishing.lock().unwrap_or_else(PoisonError::into_inner);
    let known = session.cluster(&uploads.staging);
    let cluster = match open::text(&known) {
        Ok(cluster) => cluster,
        Err(_) => {
            let files = files(uploads, user, &session, request["file_type"].as_str())?;
            let cluster = take(uploads, index, user, organization.as_deref(), &files)?;
            atomic_file::write(&known, cluster.as_bytes())?;
            site.log(|| {
                format!("uploaded: {} pictures of {} as {cluster}", files.len(), user.username)
            });
            cluster
        }
    };
    // The next sequence need not wait for the index of this one.
    drop(alone);
    site.bell.ring_and_wait(SERVED_WITHIN);
    Ok(Answer::json(json!({"cluster_id": cluster}).to_string()))
}

/// Ids are numbers, even where clients send them as strings.
fn organization(value: &Value) -> Result<Option<String>, Refusal> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let is_id = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { Ok(Some(text)) } else { Err(Refusal::parameter("organization_id is not an id")) }
}

/// The picture files that a complete upload consists of.
fn files(
    uploads: &Uploads,
    user: &User,
    session: &Session,
    kind: Option<&str>,
) -> Result<Vec<PathBuf>, Refusal> {
    let held = session.held(&uploads.staging)?;
    if !held.is_complete {
        return Err(Refusal::parameter("file_handle: no such file has come, or not all of it"));
    }
    let file = session.complete(&uploads.staging);
    match kind {
        Some("mly_bundle_manifest") => of_manifest(uploads, user, &file),
        Some("zip") => of_zip(uploads, session, &file),
        Some(other) => Err(Refusal::parameter(format!(
            "file_type '{other}' is not taken here, but mly_bundle_manifest and zip"
        ))),
        None => Err(Refusal::parameter("The parameter file_type is required")),
    }
}

/// The maximum length of a manifest with that many handles.
const MANIFEST_BYTES: u64 = (MOST_PICTURES * 128 + SMALL_BODY) as u64;

fn of_manifest(uploads: &Uploads, user: &User, file: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let mut text = String::new();
    let opened = open::file(file)?;
    let read = opened.take(MANIFEST_BYTES).read_to_string(&mut text);
    let manifest: Option<Value> = read.ok().and_then(|_| serde_json::from_str(&text).ok());
    let manifest = manifest.ok_or_else(|| Refusal::parameter("the manifest is no JSON"))?;
    let handles = manifest["image_handles"].as_array().filter(|handles| !handles.is_empty());
    let handles =
        handles.ok_or_else(|| Refusal::parameter("the manifest names no image_handles"))?;
    too_many(handles.len())?;
    let mut files = Vec::new();
    for (at, handle) in handles.iter().enumerate() {
        let session = Session::from_handle(&user.username, handle.as_str().unwrap_or_default())
            .filter(|session| session.held(&uploads.staging).is_ok_and(|held| held.is_complete));
        let session = session.ok_or_else(|| {
            Refusal::parameter(format!("image_handles: no file has come for handle {}", at + 1))
        })?;
        files.push(session.complete(&uploads.staging));
    }
    Ok(files)
}

fn too_many(pictures: usize) -> Result<(), Refusal> {
    if pictures <= MOST_PICTURES {
        return Ok(());
    }
    Err(Refusal::parameter(format!(
        "{pictures} pictures are more than the {MOST_PICTURES} of a sequence"
    )))
}

/// Unpacks a ZIP beside it: `0.jpg`, `1.jpg`, ... in its order, ignoring the names and folders in it.
fn of_zip(uploads: &Uploads, session: &Session, file: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let wrong =
        |why: &dyn std::fmt::Display| Refusal::parameter(format!("the ZIP cannot be read: {why}"));
    let mut archive = zip::ZipArchive::new(open::file(file)?).map_err(|error| wrong(&error))?;
    too_many(archive.len())?;
    let mut files = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(|error| wrong(&error))?;
        if member.is_dir() {
            continue;
        }
        free_space::check(&uploads.staging, member.size(), uploads.limits.min_free_bytes)
            .map_err(|why| Refusal::new(507, 1, why.to_string()))?;
        let path = uploads.staging.join(format!("{}-{at}.file", session.key()));
        let mut into = atomic_file::Replacement::create(&path)?;
        let most = uploads.limits.most_bytes;
        let copied =
            io::copy(&mut member.take(most + 1), &mut into).map_err(|error| wrong(&error))?;
        if copied > most {
            return Err(wrong(&format!("a picture has more than {most} bytes")));
        }
        into.finish(Some(copied), false)?;
        files.push(path);
    }
    if files.is_empty() { Err(wrong(&"it is empty")) } else { Ok(files) }
}

/// Reads the pictures and adds them to the archive; if one is refused, none is added.
fn take(
    uploads: &Uploads,
    index: &Index,
    user: &User,
    organization: Option<&str>,
    files: &[PathBuf],
) -> Result<String, Refusal> {
    let read = |(at, file): (usize, &PathBuf)| {
        Picture::read(file).map_err(|why| {
            Refusal::parameter(format!("picture {} of {} is not taken: {why}", at + 1, files.len()))
        })
    };
    let work = Work { jobs: READ_AT_ONCE, stop: Stop::default() };
    let pictures = ordered::each(&work, files.iter().enumerate(), read, Refusal::interrupted)?;
    let sequence = Sequence { user, organization, pictures: &pictures };
    let is_taken = |id: &str| Ok(index.find(id)?.is_some());
    sequence.publish(&uploads.inbox, &uploads.staging, is_taken)?;
    Ok(sequence.cluster())
}
