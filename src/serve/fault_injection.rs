//! Faults to order: which request is answered badly, and how. What happens to
//! a request depends on the seed, on what it asks and on how often that was
//! asked before, so it does not depend on timing.

mod injector;
mod order;

use crate::value::string_enum::words;

use super::route::ServiceHost;

/// A way to fail that the service, or the way to it, really has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InjectedFault {
    /// Throttling: status 429, code 4.
    AppLimit,
    /// Throttling: status 429 with an XML body.
    Xml,
    /// Throttling of tiles: a redirect to a login page.
    Login,
    /// Status 500, code 2, transient.
    Transient,
    /// Status 400, code -2: the service ran out of time.
    Timeout,
    /// Status 502 with a page of HTML.
    Server,
    /// The right answer, late.
    Slow,
    /// The connection breaks within the body.
    Cut,
    /// A body of another length than it has or than is announced.
    Length,
    /// Status 403: the signature of a picture's link is too old.
    Expired,
    /// A page of HTML with status 200.
    Html,
    /// Not the JSON, or not the tile, that it claims to be.
    Malformed,
    /// The connection closes without an answer.
    Drop,
    /// The answer stops within its body, for twenty times as long as a slow one waits; then the connection breaks.
    Stall,
    /// A byte in each tenth of that time, for as long.
    Drip,
    /// Said to be gone, and is not.
    FalseGone,
    /// Status 200 with JSON that is no answer: an error, a note, nulls.
    Error200,
    /// Throttling: status 429 that says how long, in seconds or as a date.
    RetryAfter,
    /// The right answer, and the app's quota nearly used up.
    AppUsage,
    /// A page with half of its rows, that goes on behind them.
    ShortPage,
    /// The page after the first is said to be gone.
    PageGone,
    /// The next page is no URL, or a relative one.
    BadNext,
    /// The next page is this one.
    Loop,
    /// Status 412: the offset is said to be wrong.
    Offset,
    /// Told to be slower by the host of uploads: status 400 or 429 with `backoff` in milliseconds.
    Backoff,
    /// The connection breaks while bytes of a file come: some are kept.
    UploadCut,
    /// What has come is not made a sequence: status 400 or 500.
    FinishFailed,
}

use InjectedFault::*;

pub use order::Order;

pub use injector::{AssignedFaults, FaultInjector};

words!(InjectedFault:
    AppLimit = "app-limit",
    Xml = "xml",
    Login = "login",
    Transient = "transient",
    Timeout = "timeout",
    Server = "server",
    Slow = "slow",
    Cut = "cut",
    Length = "length",
    Expired = "expired",
    Html = "html",
    Malformed = "malformed",
    Drop = "drop",
    Stall = "stall",
    Drip = "drip",
    FalseGone = "false-gone",
    Error200 = "error-200",
    RetryAfter = "retry-after",
    AppUsage = "app-usage",
    ShortPage = "short-page",
    PageGone = "page-gone",
    BadNext = "bad-next",
    Loop = "loop",
    Offset = "offset",
    Backoff = "backoff",
    UploadCut = "upload-cut",
    FinishFailed = "finish-failed",
);

/// What a request asks for, as far as faults go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestTarget {
    pub surface: ServiceHost,
    /// Of a list that comes in pages: whether this is a later one.
    pub page: Option<bool>,
    /// Whether the list goes on by cursors of its own.
    pub has_cursors: bool,
    /// Of an upload: which step this is.
    pub step: Option<UploadStep>,
}

/// The requests of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadStep {
    /// How many bytes are held.
    Offset,
    /// Bytes of a file.
    Bytes,
    Finish,
    /// Tokens, and what clients tell of themselves.
    Account,
}

impl InjectedFault {
    fn strikes(self, target: RequestTarget) -> bool {
        match self {
            AppLimit | Transient | Timeout | AppUsage => target.surface == ServiceHost::Graph,
            FalseGone => target.surface == ServiceHost::Graph && target.step.is_none(),
            Login => target.surface == ServiceHost::Tiles,
            Expired => target.surface == ServiceHost::Pictures,
            Malformed => target.surface != ServiceHost::Pictures,
            ShortPage => target.page.is_some() && target.has_cursors,
            PageGone => target.page == Some(true),
            BadNext | Loop => target.page.is_some(),
            Offset | UploadCut => target.step == Some(UploadStep::Bytes),
            Backoff => target.surface == ServiceHost::Uploads,
            FinishFailed => target.step == Some(UploadStep::Finish),
            Xml | Server | Slow | Cut | Length | Html | Drop | Stall | Drip | Error200
            | RetryAfter => true,
        }
    }
}

#[cfg(test)]
mod tests;
