//! The upload history, in the files and format of mapillary_tools, so that neither program sends what the other has
//! sent.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::disk::atomic_file::{self, Replacement};
use crate::disk::open;
use crate::disk::{Action, PathError};

use super::Error;

/// The record of an uploaded sequence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    pub cluster_id: Option<String>,
    pub uploaded_ms: Option<i64>,
}

/// A sequence that was just uploaded.
pub struct New<'a> {
    pub sequence_md5: &'a str,
    pub sequence: &'a str,
    pub cluster_id: &'a str,
    pub file_type: &'a str,
    pub images: usize,
    pub bytes: u64,
    pub started_ms: i64,
    pub ended_ms: i64,
    pub user_id: Option<&'a str>,
    pub organization: Option<&'a str>,
    /// Elements of a description file.
    pub items: Vec<String>,
}

/// The folder of the history.
#[derive(Debug, Clone)]
pub struct History {
    folder: PathBuf,
}

impl History {
    pub fn new(folder: &Path) -> History {
        History { folder: folder.to_owned() }
    }

    /// The record of a sequence; `None` if it was not uploaded, or if its file cannot be read.
    pub fn find(&self, sequence_md5: &str) -> Option<Record> {
        let text = open::read(self.path(sequence_md5)?).ok()?;
        let record: Value = serde_json::from_slice(&text).ok()?;
        let summary = record.as_object()?.get("summary").unwrap_or(&Value::Null);
        let cluster_id = match &summary["cluster_id"] {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        };
        let uploaded_ms = summary["upload_end_time"].as_f64().map(|s| (s * 1000.0) as i64);
        Some(Record { cluster_id, uploaded_ms })
    }

    /// Records a sequence, on disk before anything else reports it as done.
    pub fn add(&self, new: &New) -> Result<(), Error> {
        let Some(path) = self.path(new.sequence_md5) else { return Ok(()) };
        let s = |ms: i64| ms as f64 / 1000.0;
        let mut record = json!({
            "params": {
                "import_path": null,
                "organization_key": new.organization,
                "user_key": new.user_id,
                "version": concat!("mapillary-pipes ", env!("CARGO_PKG_VERSION")),
                "run_at": s(new.started_ms),
            },
            "summary": {
                "sequence_md5sum": new.sequence_md5,
                "sequence_uuid": new.sequence,
                "file_type": new.file_type,
                "sequence_image_count": new.images,
                "entity_size": new.bytes,
                "upload_start_time": s(new.started_ms),
                "upload_end_time": s(new.ended_ms),
                "upload_total_time": s(new.ended_ms - new.started_ms),
                "cluster_id": new.cluster_id,
            },
        });
        let items: Vec<Value> =
            new.items.iter().filter_map(|item| serde_json::from_str(item).ok()).collect();
        if !items.is_empty() {
            record["descs"] = items.into();
        }
        let wrong = |error| Error::Journal(PathError::new(Action::KeepJournal, &path, error));
        let mut file = Replacement::create(&path).map_err(wrong)?;
        file.write_all(record.to_string().as_bytes())
            .and_then(|()| file.finish(None, true))
            .map_err(wrong)?;
        let folder = path.parent().unwrap_or(&self.folder);
        atomic_file::sync_folder(folder).map_err(wrong)
    }

    fn path(&self, md5: &str) -> Option<PathBuf> {
        let is_digest = md5.len() >= 4 && md5.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_digest.then(|| self.folder.join(&md5[..2]).join(format!("{}.json", &md5[2..])))
    }
}

#[cfg(test)]
mod tests;
