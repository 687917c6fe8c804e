//! Bodies of requests that are no files, and those that nobody wants.

use std::collections::BTreeMap;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use serde_json::Value;

use super::super::route::Query;

/// Bodies of requests that are no files.
pub(super) const SMALL_BODY: usize = 64 * 1024;

/// A client that sends nothing for so long has gone.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// A whole body, if it is small and comes.
pub(super) async fn small<B: Body<Data = Bytes> + Unpin>(mut body: B) -> Option<Vec<u8>> {
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
pub(super) fn form(body: &[u8]) -> BTreeMap<String, String> {
    if let Ok(Value::Object(object)) = serde_json::from_slice(body) {
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        return object.into_iter().map(|(key, value)| (key, text(value))).collect();
    }
    Query::parse(&String::from_utf8_lossy(body)).into_pairs().into_iter().collect()
}
