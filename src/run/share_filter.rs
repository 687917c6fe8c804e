//! Of the rows of an input those of one share, as engines give them to many processes that read the same input.

use crate::photo::group_key::Share;
use crate::row::Row;
use crate::row::row_format::ReadError;
use crate::value::human_format::counted;

/// Leaves out what other processes work on, and counts it.
pub struct ShareFilter {
    share: Share,
    others: u64,
}

impl ShareFilter {
    pub fn new(share: Share) -> ShareFilter {
        ShareFilter { share, others: 0 }
    }

    /// Whether the row is for this process. A line that is no row is named by one of them.
    pub fn takes(&mut self, row: &Result<Row, ReadError>) -> bool {
        let is_ours = match row {
            Ok(row) => self.share.has(row),
            Err(ReadError::Row { line, .. }) => self.share.has_line(*line),
            Err(ReadError::Input(_)) => true,
        };
        self.others += u64::from(!is_ours);
        is_ours
    }

    /// What was left out.
    pub fn note(&self) -> Option<String> {
        let are = if self.others == 1 { "is" } else { "are" };
        let rows = || counted(self.others, "rows");
        let what = || format!("{} {are} not of share {}", rows(), self.share.number);
        (self.others > 0).then(what)
    }
}
