//! The access token, which is never printed, and the redaction of secrets in text.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Digest;

use super::error::{Error, ErrorKind};
use crate::value::own_secrets;
use crate::value::secret_detection::{HIDDEN, without_tokens};

/// An access token. `Debug` shows only that it exists, and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String, Scheme);

/// The authentication scheme in the header.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Mapillary's.
    OAuth,
    /// Panoramax's (RFC 6750).
    Bearer,
}

impl Token {
    /// Takes the token's text, without white space or a byte order mark at its ends. From then on no message of this
    /// process shows it.
    ///
    /// # Errors
    ///
    /// If the text cannot be a token, and the service would refuse it after a request: an empty text, a token in
    /// quotes, a placeholder of an example, characters that no token has.
    pub fn new(text: &str) -> Result<Self, Error> {
        // Some editors put a byte order mark before a text.
        let text = text.trim().trim_start_matches('\u{feff}').trim();
        match fault(text) {
            None => {
                own_secrets::remember(text);
                Ok(Self(text.to_owned(), Scheme::OAuth))
            }
            Some(what) => Err(Error::new(ErrorKind::Run, format!("the token {what}"))),
        }
    }

    /// The same token, for Panoramax.
    pub fn as_bearer(self) -> Self {
        Self(self.0, Scheme::Bearer)
    }

    pub(super) fn scheme(&self) -> Scheme {
        self.1
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is the token of an application, which may read but not upload; user tokens contain no `|`.
    pub fn is_of_application(&self) -> bool {
        self.0.starts_with("MLY|")
    }

    /// The id of the application that the token belongs to.
    pub fn application_id(&self) -> Option<String> {
        let id = self.0.strip_prefix("MLY|")?.split('|').next()?;
        (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then(|| id.to_owned())
    }

    /// Identifies the token without revealing it.
    pub fn fingerprint(&self) -> String {
        sha2::Sha256::digest(self.0.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The token for a query string, where its `|` must be encoded as `%7C`.
    pub(super) fn encoded(&self) -> String {
        utf8_percent_encode(&self.0, NON_ALPHANUMERIC).to_string()
    }

    /// The text without this token, in either spelling, in case the service or a library has echoed it.
    pub fn mask(&self, text: &str) -> String {
        text.replace(&self.0, HIDDEN).replace(&self.encoded(), HIDDEN)
    }
}

/// Why a text cannot be a token, with a remedy. The text itself is not shown: it may be most of a token.
fn fault(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    let is_quoted =
        ['"', '\'', '`'].iter().any(|&quote| text.starts_with(quote) || text.ends_with(quote));
    if text.is_empty() {
        Some("is empty: copy it from mapillary.com/dashboard/developers")
    } else if is_quoted {
        Some("stands in quotes: take them away")
    } else if text.starts_with('<')
        || text.contains("...")
        || lower.contains("your") && lower.contains("token")
    {
        Some(
            "is the placeholder of an example: put your own there, from mapillary.com/dashboard/developers",
        )
    } else if !text.bytes().all(is_of_token) {
        Some(
            "holds characters that no token has: copy it again from mapillary.com/dashboard/developers",
        )
    } else {
        None
    }
}

/// The characters of RFC 6750, section 2.1, and the `|` of an application's token.
fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=|".contains(&byte)
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// The text with the value of every `access_token` hidden, and signed URLs without their query.
pub fn redact(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = url_start(rest) {
        let end = rest[start..].find(ends_url).map_or(rest.len(), |n| start + n);
        clean.push_str(&rest[..start]);
        clean.push_str(&redact_url(&rest[start..end]));
        rest = &rest[end..];
    }
    clean.push_str(rest);
    without_tokens(&clean).into_owned()
}

/// Where the first URL of any scheme begins: a proxy's may have a password, too.
fn url_start(text: &str) -> Option<usize> {
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let scheme_end = text.find("://")?;
    Some(text[..scheme_end].trim_end_matches(is_scheme).len())
}

/// A URL for a message: without its query if that has a signature, and without a user name and password.
fn redact_url(url: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let signed = query.split('&').any(|p| p.starts_with("oh=") || p.starts_with("oe="));
    let kept = if signed { path } else { url };
    let (scheme, rest) = kept.split_once("//").unwrap_or(("", kept));
    let host_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let host_start = rest[..host_end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}//{}", &rest[host_start..])
}

fn ends_url(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')' | '}')
}

#[cfg(test)]
mod tests;
