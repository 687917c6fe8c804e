//! Filters the input to the rows of one share, when an engine gives the same input to several processes.

use crate::photo::group_key::Share;
use crate::row::Row;
use crate::row::row_format::ReadError;
use crate::value::human_format::counted;

/// Drops the rows of other processes, and counts them.
pub struct ShareFilter {
    share: Share,
    others: u64,
}

impl ShareFilter {
    pub fn new(share: Share) -> ShareFilter {
        ShareFilter { share, others: 0 }
    }

    /// Whether the row is for this process. A line that is not a row is reported by one process only.
    pub fn takes(&mut self, row: &Result<Row, ReadError>) -> bool {
        let is_ours = match row {
            Ok(row) => self.share.has(row),
            Err(ReadError::Row { line, .. }) => self.share.has_line(*line),
            Err(ReadError::Input(_)) => true,
        };
        self.others += u64::from(!is_ours);
        is_ours
    }

    /// The message about the dropped rows.
    pub fn note(&self) -> Option<String> {
        let are = if self.others == 1 { "is" } else { "are" };
        let rows = || counted(self.others, "rows");
        let what = || format!("{} {are} not of share {}", rows(), self.share.number);
        (self.others > 0).then(what)
    }
}
