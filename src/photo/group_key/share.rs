//! The share of the rows for one of several processes.

use std::fmt;
use std::str::FromStr;

use super::RowKey;
use crate::row::Row;

/// A share of the rows: number n, from 1, of a total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub number: ShareNumber,
    pub key: RowKey,
}

/// The number of a share, and how many shares there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareNumber {
    pub number: u32,
    pub of: u32,
}

/// A text that is not a share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a share such as 1/8: the first of eight is 1, the last is 8")]
pub struct ShareError(String);

impl FromStr for ShareNumber {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<ShareNumber, ShareError> {
        let numbers = text.split_once('/').map(|(number, of)| (number.parse(), of.parse()));
        match numbers {
            Some((Ok(number), Ok(of))) if (1..=of).contains(&number) => {
                Ok(ShareNumber { number, of })
            }
            _ => Err(ShareError(text.into())),
        }
    }
}

impl fmt::Display for ShareNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl Share {
    /// Whether the row is in this share.
    pub fn has(&self, row: &Row) -> bool {
        self.key.share_of(row, self.number.of) == self.number.number
    }

    /// Whether a line that is not a row is in this share, so that only one process reports it.
    pub fn has_line(&self, line: u64) -> bool {
        line % u64::from(self.number.of) == u64::from(self.number.number - 1)
    }
}
