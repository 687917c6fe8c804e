//! What to make of an answer: the kinds of verdicts.

/// How often a failure may be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryPolicy {
    /// As often as `--retries` says.
    Many,
    /// Twice, for refusals without a reason, which the service takes back now and then.
    Twice,
}

/// What to make of an answer. Texts give the reason, for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseClass {
    Ok,
    /// The object is not there, or is no longer shown to anybody.
    Gone(String),
    /// A tile answered 404: most are empty, but full ones were seen to answer so once.
    MaybeEmpty,
    /// Ask again after a short while.
    Again(RetryPolicy, String),
    /// All that was promised came, and it is not whole: ask again, though the service is well.
    Broken(String),
    /// We asked too fast: ask again after at least so many units of `--retry-wait`.
    Throttled(u32, String),
    /// More than the service answers at once.
    TooMuch(String),
    BadToken(String),
    BadRequest(String),
    /// The id is of an object that has not the fields asked for.
    WrongType(String),
    /// The URL of a picture is no longer good.
    Expired(String),
    /// The host answers only at https.
    NeedsHttps(String),
}

impl ResponseClass {
    /// Whether the service, or the way to it, is what failed. Whatever else it says, it is there.
    pub fn is_outage(&self) -> bool {
        matches!(self, ResponseClass::Again(..) | ResponseClass::Throttled(..))
    }

    /// Why it is no answer, in words.
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
