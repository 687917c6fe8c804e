//! Flags that restrict a process to its share of the rows.

use clap::Args;

use crate::photo::group_key::{RowKey, Share, ShareNumber};
use crate::shape::FatalError;

use super::partition_scope::{self, Scope};

/// Which rows of the input are read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rows")]
pub struct ShareFlags {
    /// Process only share I of N, by a digest of the key: the same rows in every process and order.
    #[arg(long, value_name = "I/N")]
    shard: Option<ShareNumber>,
    /// Key that --shard keeps together: columns, or creator, folder, camera, ride (the sequence, else folder and
    /// camera), row [default: the tool's own key].
    #[arg(long, value_name = "LIST", value_delimiter = ',', requires = "shard")]
    shard_by: Vec<String>,
}

impl ShareFlags {
    pub(super) fn is_set(&self) -> bool {
        self.shard.is_some()
    }

    /// # Errors
    /// No key is given, and the tool has no key of its own.
    pub(super) fn share(&self, tool: &str) -> Result<Option<Share>, FatalError> {
        let Some(number) = self.shard else { return Ok(None) };
        let key = match (self.shard_by.as_slice(), partition_scope::of(tool)) {
            ([], Scope::Row) => RowKey::named(&["row"]),
            ([], Scope::Key(key)) => RowKey::named(key),
            ([], Scope::Set | Scope::NoRows) => {
                return Err(FatalError(format!(
                    "{tool} works on the whole set: --shard-by names what is never split, such as 'creator'"
                )));
            }
            (names, _) => RowKey::named(names),
        };
        Ok(Some(Share { number, key }))
    }
}
