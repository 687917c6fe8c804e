//! The classes of responses.

/// How often a failed request may be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryPolicy {
    /// Up to `--retries`.
    Many,
    /// Twice, for refusals without a reason, which the service sometimes takes back.
    Twice,
}

/// The class of a response. Texts give the reason, for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseClass {
    Ok,
    /// The object does not exist, or is no longer visible to anybody.
    Gone(String),
    /// A tile answered 404: most such tiles are empty, but some with content were seen to answer so once.
    MaybeEmpty,
    /// Retry after a short wait.
    Again(RetryPolicy, String),
    /// All promised bytes arrived, but the content is incomplete: retry, although the service is up.
    Broken(String),
    /// The requests are too fast: retry after at least this many units of `--retry-wait`.
    Throttled(u32, String),
    /// The result is larger than the service returns at once.
    TooMuch(String),
    BadToken(String),
    BadRequest(String),
    /// The object with this id does not have the requested fields.
    WrongType(String),
    /// The URL of a picture is no longer valid.
    Expired(String),
    /// The host answers only at https.
    NeedsHttps(String),
}

impl ResponseClass {
    /// Whether the service, or the network on the way to it, failed. Any other response shows that it is up.
    pub fn is_outage(&self) -> bool {
        matches!(self, ResponseClass::Again(..) | ResponseClass::Throttled(..))
    }

    /// Why it is not a valid answer, as text.
    pub fn reason(&self) -> &str {
        match self {
            ResponseClass::Gone(reason)
            | ResponseClass::Again(_, reason)
            | ResponseClass::Broken(reason)
            | ResponseClass::Throttled(_, reason)
            | ResponseClass::TooMuch(reason)
            | ResponseClass::BadToken(reason)
            | ResponseClass::BadRequest(reason)
            | ResponseClass::WrongType(reason)
            | ResponseClass::Expired(reason)
            | ResponseClass::NeedsHttps(reason) => reason,
            ResponseClass::Ok | ResponseClass::MaybeEmpty => "no answer",
        }
    }
}
