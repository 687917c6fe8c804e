//! The other half of the service: users log in, files come in parts, and what is finished is in the archive.
//!
//! A file is taken under `.mapillary-pipes/uploads` of the inbox, and a sequence gets its folder in the inbox by one
//! rename, pictures and rows together, so that a kill at any moment leaves all of it or nothing.

pub mod accounts;
mod fault;
mod finish;
mod picture;
mod publish;
mod receive;
mod session;
mod sweep;

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::Method;
use hyper::body::{Body, Bytes};
use serde_json::{Value, json};

use super::Site;
use super::answer::{Answer, Refusal};
use super::call::Call;
use super::route::{Endpoint, Query};
use crate::disk::{NOTES, atomic_file, open};
use accounts::User;
use fault::UploadFault;
use session::Session;

/// The folder of the inbox in an archive.
pub const INBOX: &str = "uploads";

/// The rows of one sequence, in its folder.
pub const ROWS: &str = "uploaded.jsonl";

/// What may come, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of one file.
    pub most_bytes: u64,
    /// The disk keeps so much.
    pub min_free_bytes: u64,
}

impl Default for Limits {
    /// A 360 degree picture of 100 megapixels has 50 MB.
    fn default() -> Limits {
        Limits { most_bytes: 1_000_000_000, min_free_bytes: 1_000_000_000 }
    }
}

/// What is on its way into the archive.
#[derive(Debug)]
pub struct Uploads {
    inbox: PathBuf,
    staging: PathBuf,
    limits: Limits,
    /// What tokens of users are signed with: another one in another inbox, so that clients do not take its files, which
    /// they remember by the token, for files of this one.
    salt: String,
    /// Sessions that a request is about, by their keys.
    busy: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// One sequence is published after the other.
    publishing: Mutex<()>,
}

impl Uploads {
    /// Makes the folders, and takes away what an earlier run left and nobody will ask for.
    pub fn open(inbox: &Path, limits: Limits) -> io::Result<Uploads> {
        let staging = inbox.join(NOTES).join(INBOX);
        std::fs::create_dir_all(&staging)?;
        sweep::sweep(&staging)?;
        Ok(Uploads {
            salt: salt(&staging.join("salt"))?,
            inbox: inbox.to_path_buf(),
            staging,
            limits,
            busy: Mutex::default(),
            publishing: Mutex::default(),
        })
    }

    pub fn salt(&self) -> &str {
        &self.salt
    }

    /// What lets only one request at a time be about a session.
    fn lock_of(&self, session: &Session) -> Arc<tokio::sync::Mutex<()>> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that nobody waits for are forgotten.
        busy.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(busy.entry(session.key().to_owned()).or_default())
    }
}

/// What is in the file, or something that nobody can guess, which is there from then on.
fn salt(path: &Path) -> io::Result<String> {
    match open::text(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // The keys of hash maps come from the system's own source of chance.
            let part = || format!("{:016x}", RandomState::new().build_hasher().finish());
            let salt = format!("{}{}", part(), part());
            atomic_file::write(path, salt.as_bytes())?;
            Ok(salt)
        }
        read => read,
    }
}

/// Bodies of requests that are no files.
const SMALL_BODY: usize = 64 * 1024;

/// A client that sends nothing for so long has gone.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// Whether a request is for this half, whatever its method.
pub fn is_upload(call: &Call) -> bool {
    matches!(
        call.endpoint,
        Endpoint::Login
            | Endpoint::Token
            | Endpoint::Connect
            | Endpoint::Logging
            | Endpoint::FinishUpload
            | Endpoint::Upload(_)
    )
}

/// Answers a request for this half. `cut` is after which share of its bytes an ordered fault breaks it off.
pub async fn answer<B>(site: &Arc<Site>, call: &Arc<Call>, body: B, cut: Option<f64>) -> Answer
where
    B: Body<Data = Bytes> + Unpin,
{
    let Some(uploads) = &site.uploads else {
        let text = "this server takes no uploads: it was started without --allow-upload\n";
        return Answer::text(403, text);
    };
    let endpoint = call.endpoint.clone();
    if let Endpoint::Upload(name) = &endpoint {
        let taken = file(site, uploads, call, name, body, cut).await;
        return taken.unwrap_or_else(|fault| fault.answer());
    }
    let wanted = if endpoint == Endpoint::Connect { Method::GET } else { Method::POST };
    if call.method != wanted {
        return Answer::new(405, "text/plain", format!("only {wanted} is answered here\n"))
            .with("allow", wanted.as_str());
    }
    let Some(body) = small(body).await else {
        return Answer::text(413, "the body is too large, or does not come\n");
    };
    let done = {
        let (site, call) = (Arc::clone(site), Arc::clone(call));
        tokio::task::spawn_blocking(move || small_answer(&site, &call, &endpoint, &body))
    };
    match done.await {
        Ok(answer) => answer.unwrap_or_else(|refusal| refusal.answer(&call.trace())),
        Err(_) => Refusal::new(500, 1, "An unknown error occurred").answer(&call.trace()),
    }
}

fn small_answer(
    site: &Site,
    call: &Call,
    endpoint: &Endpoint,
    body: &[u8],
) -> Result<Answer, Refusal> {
    let archive = site.archive.get();
    match endpoint {
        Endpoint::Login => accounts::login(site, &archive.index, body),
        Endpoint::Token => accounts::token(site, body),
        Endpoint::Connect => accounts::connect(site, &archive.index, &call.query),
        // What clients tell of themselves is nobody's business here.
        Endpoint::Logging => Ok(Answer::json(json!({"success": true}).to_string())),
        _ => {
            call.check_token(site)?;
            let user = User::uploading(site, &archive.index, call.token())?;
            finish::finish(site, &archive.index, &user, body)
        }
    }
}

/// GET tells how many bytes are held, POST brings more.
async fn file<B>(
    site: &Arc<Site>,
    uploads: &Uploads,
    call: &Call,
    name: &str,
    body: B,
    cut: Option<f64>,
) -> Result<Answer, UploadFault>
where
    B: Body<Data = Bytes> + Unpin,
{
    call.check_token(site).map_err(|_| UploadFault::NotAuthorized)?;
    let user = User::uploading(site, &site.archive.get().index, call.token())?;
    let session = Session::named(&user.username, name).ok_or(UploadFault::Name)?;
    if call.method == Method::POST {
        return receive::receive(uploads, &session, &call.headers, body, cut).await;
    }
    let held = session.held(&uploads.staging)?;
    Ok(Answer::json(json!({"offset": held.bytes}).to_string()))
}

/// A whole body, if it is small and comes.
async fn small<B: Body<Data = Bytes> + Unpin>(mut body: B) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        match tokio::time::timeout(BODY_TIMEOUT, body.frame()).await.ok()? {
            None => return Some(bytes),
            Some(frame) => bytes.extend_from_slice(frame.ok()?.data_ref()?),
        }
        if bytes.len() > SMALL_BODY {
            return None;
        }
    }
}

/// Reads what a client still sends and nobody wants, so that it sees the answer: at most so much.
const DRAINED: u64 = 64 << 20;

pub async fn drain<B: Body<Data = Bytes> + Unpin>(mut body: B) {
    let mut left = DRAINED;
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(BODY_TIMEOUT, body.frame()).await {
        let len = frame.data_ref().map_or(0, Bytes::len) as u64;
        match left.checked_sub(len) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

/// The members of a JSON object, or of a form, as texts.
fn form(body: &[u8]) -> BTreeMap<String, String> {
    if let Ok(Value::Object(object)) = serde_json::from_slice(body) {
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        return object.into_iter().map(|(key, value)| (key, text(value))).collect();
    }
    Query::parse(&String::from_utf8_lossy(body)).into_pairs().into_iter().collect()
}

/// A number of so many digits, made of a digest; the first digit is not 0.
fn number(digest: &[u8], digits: u32) -> String {
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    let least = 10u64.pow(digits - 1);
    (least + u64::from_be_bytes(first) % (9 * least)).to_string()
}

#[cfg(test)]
mod tests;
