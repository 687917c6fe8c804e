//! Receives file bytes and writes them immediately, so that a broken connection loses only the bytes in transit.

mod growing_file;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::HeaderMap;
use hyper::body::{Body, Bytes};
use serde_json::json;

use crate::disk::{free_space, open};
use crate::serve::answer::Answer;
use crate::serve::conditional::header;

use super::Uploads;
use super::error::UploadFault;
use super::non_file_body::{BODY_TIMEOUT, drain};
use super::session::{Held, Session};
use growing_file::End;

/// The number of bytes written at once: few calls for a picture, little memory for many clients.
const CHUNK_BYTES: usize = 512 * 1024;

/// How long a request waits for another one of the same file, whose client may have gone.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// A configured cut in a file of unknown length comes within this many bytes.
const CUT_WITHIN: u64 = 64 * 1024;

/// Receives the bytes of one request. Older clients send the length of the file (X-Entity-Length) and the file in
/// several requests; without that header the file ends with the request.
pub async fn receive<B>(
    uploads: &Uploads,
    session: &Session,
    headers: &HeaderMap,
    mut body: B,
    cut: Option<f64>,
) -> Result<Answer, UploadFault>
where
    B: Body<Data = Bytes> + Unpin,
{
    let lock = uploads.lock_of(session);
    let taken = match tokio::time::timeout(LOCK_TIMEOUT, lock.lock()).await {
        Ok(_alone) => take(uploads, session, headers, &mut body, cut).await,
        Err(_) => Err(offset_fault(session.held(&uploads.staging)?, headers)),
    };
    if !matches!(taken, Ok(_) | Err(UploadFault::Gone)) {
        drain(body).await;
    }
    taken
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    header(headers, name)?.trim().parse().ok()
}

fn offset_fault(held: Held, headers: &HeaderMap) -> UploadFault {
    match number(headers, "offset") {
        Some(given) => UploadFault::Offset { held: held.bytes, given },
        None => UploadFault::NoOffset,
    }
}

async fn take<B>(
    uploads: &Uploads,
    session: &Session,
    headers: &HeaderMap,
    body: &mut B,
    cut: Option<f64>,
) -> Result<Answer, UploadFault>
where
    B: Body<Data = Bytes> + Unpin,
{
    let held = session.held(&uploads.staging)?;
    if number(headers, "offset") != Some(held.bytes) {
        return Err(offset_fault(held, headers));
    }
    let promised = number(headers, "x-entity-length");
    let to_come = number(headers, "content-length").unwrap_or_default();
    let most = uploads.limits.most_bytes;
    if promised.unwrap_or_default().max(held.bytes.saturating_add(to_come)) > most {
        return Err(UploadFault::TooLarge { most });
    }
    free_space::check(&uploads.staging, to_come, uploads.limits.min_free_bytes)
        .map_err(|why| UploadFault::Room(why.to_string()))?;
    if held.is_complete {
        return match next(body).await {
            Part::Bytes(more) if !more.is_empty() => {
                Err(UploadFault::Complete { held: held.bytes })
            }
            _ => Ok(handle(session)),
        };
    }
    let whole = promised.map_or(CUT_WITHIN.max(to_come), |whole| whole - held.bytes.min(whole));
    let cut = cut.map(|share| held.bytes + (whole as f64 * share) as u64);
    let limit = promised.unwrap_or(most);
    let bytes = append(&session.partial(&uploads.staging), held.bytes, body, limit, cut).await?;
    if promised.is_some_and(|promised| bytes < promised) {
        return Ok(Answer::json(json!({"offset": bytes}).to_string()));
    }
    if bytes == 0 {
        return Err(UploadFault::Empty);
    }
    fs::rename(session.partial(&uploads.staging), session.complete(&uploads.staging))?;
    Ok(handle(session))
}

fn handle(session: &Session) -> Answer {
    Answer::json(json!({"h": session.handle()}).to_string())
}

/// The next part of a body.
enum Part {
    Bytes(Bytes),
    End,
    /// The connection is broken, or nothing arrives.
    Broken,
}

async fn next<B: Body<Data = Bytes> + Unpin>(body: &mut B) -> Part {
    match tokio::time::timeout(BODY_TIMEOUT, body.frame()).await {
        Ok(None) => Part::End,
        Ok(Some(Ok(frame))) => frame.into_data().map_or(Part::Broken, Part::Bytes),
        Ok(Some(Err(_))) | Err(_) => Part::Broken,
    }
}

/// Appends the body to a file of `held` bytes; returns its new length.
async fn append<B>(
    path: &Path,
    held: u64,
    body: &mut B,
    limit: u64,
    cut: Option<u64>,
) -> Result<u64, UploadFault>
where
    B: Body<Data = Bytes> + Unpin,
{
    let file = Arc::new(open::append(path)?);
    let mut end = End { file, waiting: Vec::new(), waiting_bytes: 0, bytes: held };
    loop {
        match next(body).await {
            Part::Bytes(part) => end.take(part).await?,
            Part::End if cut.is_none() => {
                end.flush().await?;
                return Ok(end.bytes);
            }
            Part::End | Part::Broken => {
                end.flush().await?;
                return Err(UploadFault::Gone);
            }
        }
        if end.bytes > limit {
            // A file longer than allowed or announced could not be resumed.
            fs::remove_file(path)?;
            return Err(UploadFault::TooLarge { most: limit });
        }
        if let Some(cut) = cut.filter(|cut| end.bytes >= *cut) {
            end.flush().await?;
            end.file.set_len(cut)?;
            return Err(UploadFault::Gone);
        }
    }
}
