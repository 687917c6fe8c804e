//! Finishes an upload: the files become a sequence.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::service::client::Client;
use crate::service::error::Error;
use crate::service::http::Post;
use crate::service::request::{Ask, Request};
use crate::service::tiles::join;

use super::account::text;
use super::content::{Content, Memory, body};
use super::send::MOST_ANSWER_BYTES;

/// The number of retries of the request that finishes an upload.
const FINISH_RETRIES: u32 = 5;

/// The type of an uploaded file, as the service names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    Manifest,
    Zip,
}

impl FileType {
    fn word(self) -> &'static str {
        match self {
            FileType::Manifest => "mly_bundle_manifest",
            FileType::Zip => "zip",
        }
    }
}

impl Client {
    /// Makes a sequence of the uploaded files; returns the cluster id. The same handle always means the same upload, so
    /// the request can be repeated if its answer was lost; a refusal (status 4xx) is final.
    pub fn finish_upload(
        &self,
        handle: &str,
        file_type: FileType,
        organization: Option<&str>,
    ) -> Result<String, Error> {
        let mut request = json!({"file_handle": handle, "file_type": file_type.word()});
        if let Some(organization) = organization {
            request["organization_id"] = Value::from(organization);
        }
        let cluster = |answer: &Value| text(&answer["cluster_id"]);
        let ask = Ask::new(Request::Upload, join(&self.graph, "/finish_upload"), MOST_ANSWER_BYTES);
        let ask = Ask { retries: Some(FINISH_RETRIES), ..ask };
        self.post_with(&ask, &request, "the end of the upload", cluster)
    }

    /// Posts JSON to the Graph, and parses its answer.
    pub(super) fn post_json<T>(
        &self,
        path: &str,
        request: &Value,
        what: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<T, Error> {
        let ask = Ask::new(Request::Upload, join(&self.graph, path), MOST_ANSWER_BYTES);
        self.post_with(&ask, request, what, read)
    }

    fn post_with<T>(
        &self,
        ask: &Ask,
        request: &Value,
        what: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<T, Error> {
        let content: Arc<dyn Content> = Arc::new(Memory(request.to_string().into()));
        let mut found = None;
        let verdict = self.repeat(ask, |ticket| {
            let post = Post {
                headers: vec![("Content-Type", "application/json".to_owned())],
                body: body(&content, 0, self.throttle()),
                timeout: self.settings.timeout,
            };
            let (meta, class, answer) = self.exchange(ask, Some(post), ticket, &read)?;
            found = answer;
            Ok((meta, class))
        })?;
        found.ok_or_else(|| self.upload_error(ask, what, &verdict))
    }
}
