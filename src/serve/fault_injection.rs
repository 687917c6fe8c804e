//! Configured faults: which requests get a bad response, and which one. The result depends on the seed, the request and
//! how often it was repeated, but not on timing.

mod fault_spec;
mod injector;

use crate::value::string_enum::words;

use super::route::ServiceHost;

/// A failure that really occurs at the service or on the way to it.
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
    /// Status 502 with an HTML page.
    Server,
    /// The correct response, late.
    Slow,
    /// The connection breaks within the body.
    Cut,
    /// A body whose length differs from its true or announced length.
    Length,
    /// Status 403: the signature of a picture's link has expired.
    Expired,
    /// An HTML page with status 200.
    Html,
    /// A body that is not the JSON or the tile it claims to be.
    Malformed,
    /// The connection closes without a response.
    Drop,
    /// The response stops within its body for twenty times the delay of a slow one; then the connection breaks.
    Stall,
    /// One byte in each tenth of that delay, for the same total time.
    Drip,
    /// An existing object is reported as gone.
    FalseGone,
    /// Status 200 with JSON that is not a valid response: an error, a note, nulls.
    Error200,
    /// Throttling: status 429 with Retry-After in seconds or as a date.
    RetryAfter,
    /// The correct response, with the app's quota nearly used up.
    AppUsage,
    /// A page with half of its rows and a link to the next page.
    ShortPage,
    /// The page after the first is reported as gone.
    PageGone,
    /// The link to the next page is not a URL, or is relative.
    BadNext,
    /// The link to the next page leads to this page.
    Loop,
    /// Status 412: the offset is reported as wrong.
    Offset,
    /// Throttling by the upload host: status 400 or 429 with `backoff` in milliseconds.
    Backoff,
    /// The connection breaks while the bytes of a file arrive: some are stored.
    UploadCut,
    /// The received files are not made into a sequence: status 400 or 500.
    FinishFailed,
}

use InjectedFault::*;

pub use fault_spec::Order;

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

/// The target of a request, as faults see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestTarget {
    pub surface: ServiceHost,
    /// For a paged list: whether this is a later page.
    pub page: Option<bool>,
    /// Whether the list is paged by cursors of its own.
    pub has_cursors: bool,
    /// For an upload: the step.
    pub step: Option<UploadStep>,
}

/// The requests of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadStep {
    /// The number of bytes stored.
    Offset,
    /// Bytes of a file.
    Bytes,
    Finish,
    /// Tokens, and reports of clients about themselves.
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
