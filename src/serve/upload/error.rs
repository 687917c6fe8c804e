//! Why uploaded bytes were refused, in the error format of the service's upload host.

use std::io;

use serde_json::json;

use crate::serve::answer::{Answer, JSON};

/// Why uploaded bytes were refused.
#[derive(Debug, thiserror::Error)]
pub enum UploadFault {
    #[error("the token is not valid")]
    NotAuthorized,
    #[error(
        "a name of letters, digits, '.', '_' and '-' is wanted that ends in .jpg, .json or .zip"
    )]
    Name,
    #[error("the header Offset is wanted: how many bytes came before")]
    NoOffset,
    #[error("{held} bytes are held, and the offset says {given}")]
    Offset { held: u64, given: u64 },
    #[error("the file is complete with {held} bytes, and more came")]
    Complete { held: u64 },
    #[error("a file may have {most} bytes here")]
    TooLarge { most: u64 },
    #[error("the file is empty")]
    Empty,
    #[error("{0}")]
    Room(String),
    #[error("the client went away")]
    Gone,
    #[error("the disk does not take it: {0}")]
    Disk(#[from] io::Error),
}

impl UploadFault {
    fn status(&self) -> u16 {
        match self {
            UploadFault::NotAuthorized => 401,
            UploadFault::Offset { .. } => 412,
            UploadFault::TooLarge { .. } => 413,
            UploadFault::Room(_) => 507,
            UploadFault::Disk(_) => 500,
            _ => 400,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            UploadFault::NotAuthorized => "NotAuthorizedError",
            UploadFault::Name => "InvalidNameError",
            UploadFault::NoOffset | UploadFault::Offset { .. } => "OffsetInvalidError",
            UploadFault::Complete { .. } => "FileCompleteError",
            UploadFault::TooLarge { .. } => "FileTooLargeError",
            UploadFault::Empty => "FileEmptyError",
            UploadFault::Room(_) => "InsufficientStorageError",
            UploadFault::Gone => "PartialRequestError",
            UploadFault::Disk(_) => "InternalError",
        }
    }

    pub fn answer(&self) -> Answer {
        let retriable =
            matches!(self, UploadFault::Offset { .. } | UploadFault::Gone | UploadFault::Disk(_));
        let info =
            json!({"retriable": retriable, "type": self.kind(), "message": self.to_string()});
        Answer::new(self.status(), JSON, json!({"debug_info": info}).to_string())
    }
}
