//! Reads request bodies that are not files, and discards unwanted ones.

use std::collections::BTreeMap;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use serde_json::Value;

use super::super::route::Query;

/// The maximum length of a body that is not a file.
pub(super) const SMALL_BODY: usize = 64 * 1024;

/// A client that sends nothing for this long has gone.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// The complete body, if it is small and arrives in time.
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

/// The maximum that is read and discarded of an unwanted body, so that the client sees the response.
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

/// The members of a JSON object, or of a form, as text.
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
