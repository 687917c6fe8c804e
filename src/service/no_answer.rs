//! Why there is no valid response; a retry may help.

use std::error::Error as StdError;
use std::io;

use super::tls_fault;
use super::token::redact;
use crate::format::Malformed;

/// Why a response did not arrive, or is not valid.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoAnswer {
    /// The network's own message, without secrets.
    #[error("{0}")]
    Network(String),
    /// A fault of TLS, with the address.
    #[error("the server{place} {what}")]
    Tls { place: String, what: String },
    #[error("{0} (a proxy is set in the environment)")]
    Proxy(String),
    #[error("no answer in time")]
    Timeout,
    #[error("too slow: {bytes} bytes in {seconds:.0} s")]
    TooSlow { bytes: u64, seconds: f64 },
    #[error("the answer is longer than {0} bytes")]
    TooLong(u64),
    #[error("{came} of {length} bytes came")]
    Cut { came: usize, length: u64 },
    #[error("the token cannot be sent in a header")]
    TokenNoHeader,
    #[error("the answer is no JSON: '{0}'")]
    NotJson(String),
    #[error("the answer is not what was asked for: '{0}'")]
    OtherShape(String),
    #[error("the answer has none of the ids: '{0}'")]
    NoneOfTheIds(String),
    #[error("the answer is about '{came}' and not about '{asked}'")]
    OtherId { came: String, asked: String },
    #[error("the answer has no id: '{0}'")]
    NoId(String),
    /// The message about a page that cannot be parsed.
    #[error("{0}")]
    Page(String),
    #[error("not a whole tile: {0}")]
    Tile(#[from] Malformed),
    #[error("bad gzip: {0}")]
    Gzip(String),
    #[error("it unpacks to more than {0} bytes")]
    UnpacksTooLong(u64),
}

impl NoAnswer {
    /// The innermost error: the outer ones are a library's description of what it was doing.
    pub fn of_network(error: &(dyn StdError + 'static)) -> NoAnswer {
        let mut innermost = error;
        while let Some(source) = innermost.source() {
            innermost = source;
        }
        if error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout) {
            return NoAnswer::Timeout;
        }
        if let Some(what) = tls_fault::in_words(error) {
            return NoAnswer::Tls { place: String::new(), what };
        }
        NoAnswer::Network(redact(&innermost.to_string()))
    }

    /// The reason of a failed read, from the innermost error: the outer ones only say that reading failed.
    pub fn of_read(error: &io::Error) -> NoAnswer {
        match error.get_ref() {
            Some(inner) => NoAnswer::of_network(inner),
            None => NoAnswer::Network(error.to_string()),
        }
    }

    /// Adds the address of the request, if the network failed.
    pub(super) fn at(self, place: &str) -> NoAnswer {
        match self {
            NoAnswer::Network(words) => NoAnswer::Network(words + place),
            NoAnswer::Tls { what, .. } => NoAnswer::Tls { place: place.to_owned(), what },
            other => other,
        }
    }

    /// The same error for a proxy that could not be reached, which looks as if the service were down.
    pub(super) fn by_proxy(self) -> NoAnswer {
        NoAnswer::Proxy(self.to_string())
    }
}
