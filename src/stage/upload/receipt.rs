//! The result of a photo's upload, as columns of its row.

use std::path::Path;

use crate::row::{Column, Field, Row};
use crate::value::provenance::Status;

use super::history::Record;
use super::outgoing_photo::Photo;
use super::uploaded_sequence::Sent;

const HANDLE: &str = "upload_handle";
const CLUSTER: &str = "cluster_id";
const BYTES: &str = "uploaded_bytes";
const MD5: &str = "uploaded_md5";
const AT: &str = "uploaded_at";
const ZIP: &str = "zip";

/// The result for one photo.
#[derive(Debug, Clone)]
pub struct Receipt {
    status: Status,
    cells: Vec<(&'static str, String)>,
}

/// The columns.
pub fn columns() -> Vec<Column> {
    let names = [HANDLE, CLUSTER, BYTES, MD5, AT, ZIP].map(Column::named);
    names.into_iter().chain([Field::Status.into()]).collect()
}

impl Receipt {
    pub fn new(photo: &Photo, cluster_id: &str, at_ms: i64) -> Receipt {
        let Photo { handle, md5, bytes } = photo;
        let cells = vec![
            (HANDLE, handle.clone()),
            (CLUSTER, cluster_id.to_owned()),
            (BYTES, bytes.to_string()),
            (MD5, md5.clone()),
            (AT, at_ms.to_string()),
        ];
        Receipt { status: Status::Done, cells }
    }

    /// For a photo that was sent before.
    pub fn kept(record: &Record) -> Receipt {
        let cluster = record.cluster_id.clone().map(|id| (CLUSTER, id));
        let at = record.uploaded_ms.map(|ms| (AT, ms.to_string()));
        Receipt { status: Status::Kept, cells: cluster.into_iter().chain(at).collect() }
    }

    pub fn planned() -> Receipt {
        Receipt { status: Status::Planned, cells: Vec::new() }
    }

    /// For a photo in a ZIP.
    pub fn packed(photo: &Photo, zip: &Path) -> Receipt {
        let cells = vec![
            (BYTES, photo.bytes.to_string()),
            (MD5, photo.md5.clone()),
            (ZIP, zip.display().to_string()),
        ];
        Receipt { status: Status::Done, cells }
    }

    pub fn fill(self, mut row: Row) -> Row {
        for (name, text) in self.cells {
            let is_number = [BYTES, AT].contains(&name);
            row.set_column(&Column::named(name), &text, is_number);
        }
        row.set(Field::Status, self.status.word());
        row
    }
}

/// The results for the photos of a sequence that was just sent.
pub fn receipts(sent: &Sent) -> Vec<Receipt> {
    let Sent { photos, cluster_id, at_ms } = sent;
    photos.iter().map(|photo| Receipt::new(photo, cluster_id, *at_ms)).collect()
}

/// The row of a photo that is not sent.
pub fn held(mut row: Row) -> Row {
    row.set(Field::Status, Status::Held.word());
    row
}

/// The message on why a sequence was not sent.
pub fn said(sequence: &str, error: &impl std::fmt::Display) -> String {
    format!("sequence '{sequence}': {error}")
}
