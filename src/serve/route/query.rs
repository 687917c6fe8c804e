//! The parameters of a request.

use std::fmt::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Characters left unescaped: RFC 3986, section 2.3, and the comma of lists.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');

/// The decoded parameters of a request, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn parse(text: &str) -> Query {
        let decode = |part: &str| {
            percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let split = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Query(split.map(|(key, value)| (decode(key), decode(value))).collect())
    }

    /// The value of a parameter; `None` if it is empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        let pair = self.0.iter().find(|(name, _)| name == key)?;
        Some(pair.1.as_str()).filter(|value| !value.is_empty())
    }

    /// The items of a comma-separated parameter.
    pub fn list(&self, key: &str) -> Option<Vec<&str>> {
        Some(self.get(key)?.split(',').map(str::trim).filter(|part| !part.is_empty()).collect())
    }

    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// The parameters without the named one.
    pub fn without(&self, key: &str) -> Query {
        Query(self.0.iter().filter(|(name, _)| name != key).cloned().collect())
    }

    /// The parameters with one of them replaced and moved to the end.
    pub fn with(&self, key: &str, value: &str) -> Query {
        let Query(mut pairs) = self.without(key);
        pairs.push((key.to_owned(), value.to_owned()));
        Query(pairs)
    }

    /// The parameters as in a URL, without the named one.
    pub fn written_without(&self, left_out: &str) -> String {
        let mut text = String::new();
        for (key, value) in self.0.iter().filter(|(key, _)| key != left_out) {
            let between = if text.is_empty() { "" } else { "&" };
            let value = utf8_percent_encode(value, PLAIN);
            write!(text, "{between}{key}={value}").expect("a string takes all");
        }
        text
    }

    pub fn written(&self) -> String {
        self.written_without("")
    }
}
