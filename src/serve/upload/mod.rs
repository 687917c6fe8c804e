//! The upload API: login, files in parts, and finished sequences, which become part of the archive.
//!
//! A file is received in `.mapillary-pipes/uploads` of the inbox. A sequence gets its folder in the inbox by one
//! rename, pictures and rows together, so that it is stored atomically, even if the server is killed.

pub mod accounts;
mod error;
mod finish;
mod inbox;
mod non_file_body;
mod picture;
mod publish;
mod receive;
mod session;
mod sweep;

use std::sync::Arc;

use hyper::Method;
use hyper::body::{Body, Bytes};
use serde_json::json;

use super::Site;
use super::answer::{Answer, Refusal};
use super::call::Call;
use super::route::Endpoint;
use accounts::User;
use error::UploadFault;
pub use inbox::{INBOX, Limits, Uploads};
pub use non_file_body::drain;
use non_file_body::small;
use session::Session;

/// The rows of one sequence, in its folder.
pub const ROWS: &str = "uploaded.jsonl";

/// Whether a request belongs to the upload API, whatever its method.
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

/// Answers a request of the upload API. `cut` is the share of its bytes after which a configured fault breaks it off.
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
        // Telemetry of clients is discarded.
        Endpoint::Logging => Ok(Answer::json(json!({"success": true}).to_string())),
        _ => {
            call.check_token(site)?;
            let user = User::uploading(site, &archive.index, call.token())?;
            finish::finish(site, &archive.index, &user, body)
        }
    }
}

/// GET returns the number of bytes stored, POST adds more.
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

/// A number with this many digits, derived from a digest; the first digit is not 0.
fn number(digest: &[u8], digits: u32) -> String {
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    let least = 10u64.pow(digits - 1);
    (least + u64::from_be_bytes(first) % (9 * least)).to_string()
}

#[cfg(test)]
mod tests;
