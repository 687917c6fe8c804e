//! What an answer of the service means: decided by the body's `code`, then `is_transient`, then the status.
//!
//! Pure: no socket, no clock. How long to wait and how often is `retry`'s business.

use std::collections::BTreeMap;

use serde_json::{Value, value::RawValue};

use crate::format::picture::Kind;

/// What kind of answer is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    Graph,
    Tile,
    Picture,
    /// The APIs of archive.org, which know nothing of the Graph's errors.
    InternetArchive,
}

/// What of an answer's head bears on its meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// Lower case, without parameters; absent when the service sent none.
    pub content_type: Option<String>,
    pub redirect: Option<Redirect>,
}

/// Where an answer sends us.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redirect {
    /// The URL without its query.
    pub to: String,
    /// From http to https of the same host: the endpoint is written wrong.
    pub wants_https: bool,
}

/// How often a failure may be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tries {
    /// As often as `--retries` says.
    Many,
    /// Twice, for refusals without a reason, which the service takes back now and then.
    Twice,
}

/// What to make of an answer. Texts give the reason, for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    /// The object is not there, or is no longer shown to anybody.
    Gone(String),
    /// A tile answered 404: most are empty, but full ones were seen to answer so once.
    MaybeEmpty,
    /// Ask again after a short while.
    Again(Tries, String),
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

impl Verdict {
    /// Whether the service, or the way to it, is what failed. Whatever else it says, it is there.
    pub fn is_outage(&self) -> bool {
        matches!(self, Verdict::Again(..) | Verdict::Throttled(..))
    }

    /// Why it is no answer, in words.
    pub fn reason(&self) -> &str {
        match self {
            Verdict::Gone(reason)
            | Verdict::Again(_, reason)
            | Verdict::Broken(reason)
            | Verdict::Throttled(_, reason)
            | Verdict::TooMuch(reason)
            | Verdict::BadToken(reason)
            | Verdict::BadRequest(reason)
            | Verdict::WrongType(reason)
            | Verdict::Expired(reason)
            | Verdict::NeedsHttps(reason) => reason,
            Verdict::Ok | Verdict::MaybeEmpty => "no answer",
        }
    }
}

/// Units to wait after "application request limit reached": its window is a minute.
const UNITS_LIMIT: u32 = 60;
/// Units to wait after a 429 that does not say how long.
const UNITS_429: u32 = 30;
/// Units to wait after the redirect to the login page, by which the tile host bars an address for minutes.
const UNITS_LOGIN: u32 = 300;
/// Bytes of an unreadable answer that a message shows.
const SHOWN_BYTES: usize = 80;

/// Judges an answer by its head and its body (for pictures: the first bytes of the body are enough).
pub fn classify(endpoint: Endpoint, head: &Head, body: &[u8]) -> Verdict {
    if endpoint != Endpoint::InternetArchive
        && let Some(verdict) = envelope(body).and_then(|error| by_envelope(head.status, &error))
    {
        return verdict;
    }
    match head.status {
        200..=299 => by_body(endpoint, head, body),
        300..=399 => by_redirect(endpoint, head),
        status => by_status(endpoint, status, reason(status, body)),
    }
}

/// The first bytes of an answer that is not what was asked for, printable.
pub fn shown(body: &[u8]) -> String {
    let cut = &body[..body.len().min(SHOWN_BYTES)];
    String::from_utf8_lossy(cut)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The format of a picture as it may come: the service has JPEG, an archive that was converted WebP.
pub fn kind_of_picture(start: &[u8]) -> Option<Kind> {
    Kind::of(start).filter(|kind| matches!(kind, Kind::Jpeg | Kind::WebP))
}

fn by_envelope(status: u16, error: &Value) -> Option<Verdict> {
    let message = error["message"].as_str().unwrap_or("no message");
    let code = number(&error["code"]);
    let text = match code {
        Some(code) => format!("HTTP {status}, code {code}: {}", shown(message.as_bytes())),
        None => format!("HTTP {status}: {}", shown(message.as_bytes())),
    };
    Some(match code {
        Some(190) => Verdict::BadToken(text),
        // 4 is the app's limit; 17, 32 and 613 are the Graph API's other limits of the same meaning.
        Some(4 | 17 | 32 | 613) => Verdict::Throttled(UNITS_LIMIT, text),
        Some(1) if message.contains("reduce the amount") => Verdict::TooMuch(text),
        Some(-2 | 1 | 2) => Verdict::Again(Tries::Many, text),
        Some(100) if number(&error["error_subcode"]) == Some(33) => Verdict::Gone(text),
        Some(803) => Verdict::Gone(text),
        Some(100) if message.contains("nonexisting field") => Verdict::WrongType(text),
        _ if error["is_transient"] == Value::Bool(true) => Verdict::Again(Tries::Many, text),
        Some(10 | 100 | 200..=299) => Verdict::BadRequest(text),
        // A 200 that carries an error is no answer, whatever its status says.
        _ if (200..300).contains(&status) => Verdict::Again(Tries::Twice, text),
        _ => return None,
    })
}

fn by_body(endpoint: Endpoint, head: &Head, body: &[u8]) -> Verdict {
    let what = || format!("the answer is not what was asked for: '{}'", shown(body));
    let is_html = head.content_type.as_deref() == Some("text/html")
        || body.trim_ascii_start().starts_with(b"<");
    match endpoint {
        // Both say 200 to what went wrong, too, with an 'error' that is text.
        Endpoint::Graph | Endpoint::InternetArchive
            if object(body).is_some_and(|o| !o.contains_key("error")) =>
        {
            Verdict::Ok
        }
        Endpoint::Graph | Endpoint::InternetArchive => Verdict::Again(Tries::Many, what()),
        // The login page itself, after a proxy followed the redirect.
        Endpoint::Tile if is_html => Verdict::Throttled(UNITS_LOGIN, what()),
        Endpoint::Tile => Verdict::Ok,
        Endpoint::Picture if kind_of_picture(body).is_some() && !is_html => Verdict::Ok,
        Endpoint::Picture => Verdict::Again(Tries::Many, what()),
    }
}

fn by_status(endpoint: Endpoint, status: u16, text: String) -> Verdict {
    match (endpoint, status) {
        (Endpoint::Picture, 403 | 404 | 410) => Verdict::Expired(text),
        (_, 429) => Verdict::Throttled(UNITS_429, text),
        (_, 408 | 500..=599) => Verdict::Again(Tries::Many, text),
        (Endpoint::Tile, 404) => Verdict::MaybeEmpty,
        (Endpoint::Tile, 401 | 403) | (Endpoint::Graph, 401) => Verdict::BadToken(text),
        _ => Verdict::Again(Tries::Twice, text),
    }
}

/// Only the tile host redirects whom it bars; elsewhere a redirect is a wrong address, or a network that wants a login.
fn by_redirect(endpoint: Endpoint, head: &Head) -> Verdict {
    let text = match &head.redirect {
        Some(redirect) => format!("HTTP {}, a redirect to '{}'", head.status, redirect.to),
        None => format!("HTTP {}, a redirect to nowhere", head.status),
    };
    match endpoint {
        _ if head.redirect.as_ref().is_some_and(|redirect| redirect.wants_https) => {
            Verdict::NeedsHttps(text)
        }
        Endpoint::Tile => Verdict::Throttled(UNITS_LOGIN, text),
        _ => Verdict::Again(Tries::Twice, text + ", which is not followed"),
    }
}

fn reason(status: u16, body: &[u8]) -> String {
    match shown(body) {
        text if text.is_empty() => format!("HTTP {status}"),
        text => format!("HTTP {status}: '{text}'"),
    }
}

fn envelope(body: &[u8]) -> Option<Value> {
    let error = object(body)?.remove("error")?;
    serde_json::from_str::<Value>(error.get()).ok().filter(Value::is_object)
}

fn object(body: &[u8]) -> Option<BTreeMap<String, Box<RawValue>>> {
    serde_json::from_slice(body).ok()
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(
        endpoint: Endpoint,
        status: u16,
        content_type: Option<&str>,
        body: &str,
    ) -> &'static str {
        let content_type = content_type.map(str::to_owned);
        let head = Head { status, content_type, redirect: None };
        match classify(endpoint, &head, body.as_bytes()) {
            Verdict::Ok => "ok",
            Verdict::Gone(_) => "gone",
            Verdict::MaybeEmpty => "maybe empty",
            Verdict::Again(Tries::Many, _) => "again",
            Verdict::Again(Tries::Twice, _) => "twice",
            Verdict::Throttled(..) => "throttled",
            Verdict::TooMuch(_) => "too much",
            Verdict::BadToken(_) => "token",
            Verdict::BadRequest(_) => "request",
            Verdict::WrongType(_) => "type",
            Verdict::Expired(_) => "expired",
            Verdict::Broken(_) => "broken",
            Verdict::NeedsHttps(_) => "https",
        }
    }

    #[test]
    fn every_answer_of_the_graph_has_its_meaning() {
        let reduce = r#"{"error":{"message":"Please reduce the amount of data you're asking for","code":1}}"#;
        let table: &[(u16, &str, &str)] = &[
            (200, r#"{"id":"1"}"#, "ok"),
            (200, r#"{"data":[]}"#, "ok"),
            (
                500,
                r#"{"error":{"message":"Invalid OAuth 2.0 Access Token","code":190,"error_data":{}}}"#,
                "token",
            ),
            (401, r#"{"error":{"message":"Failed to decode","code":190}}"#, "token"),
            (400, r#"{"error":{"message":"expired","code":190}}"#, "token"),
            (200, r#"{"error":{"message":"bad","code":"190"}}"#, "token"),
            (401, "", "token"),
            (400, r#"{"error":{"message":"no such","code":100,"error_subcode":33}}"#, "gone"),
            (400, r#"{"error":{"message":"aliases","code":803}}"#, "gone"),
            (
                400,
                r#"{"error":{"message":"Tried accessing nonexisting field (x)","code":100}}"#,
                "type",
            ),
            (400, r#"{"error":{"message":"bbox too big","code":100}}"#, "request"),
            (403, r#"{"error":{"message":"permission","code":10}}"#, "request"),
            (403, r#"{"error":{"message":"permission","code":200}}"#, "request"),
            (429, r#"{"error":{"message":"limit","code":4,"is_transient":true}}"#, "throttled"),
            (403, r#"{"error":{"message":"limit","code":4}}"#, "throttled"),
            (429, "<?xml version='1.0'?><Error/>", "throttled"),
            (302, "", "twice"),
            (500, reduce, "too much"),
            (500, r#"{"error":{"message":"An unknown error","code":1}}"#, "again"),
            (500, r#"{"error":{"message":"down","code":2,"is_transient":true}}"#, "again"),
            (400, r#"{"error":{"message":"timeout","code":-2}}"#, "again"),
            (400, r#"{"error":{"message":"odd","code":77,"is_transient":true}}"#, "again"),
            (400, r#"{"error":{"message":"odd","code":77}}"#, "twice"),
            (500, r#"{"error":{"message":"odd","code":77}}"#, "again"),
            (200, r#"{"error":{"message":"odd"}}"#, "twice"),
            (200, r#"{"error":"temporarily unavailable"}"#, "again"),
            (200, r#"{"error":null}"#, "again"),
            (200, r#"{"id":"1","error":"temporarily unavailable"}"#, "again"),
            (400, r#"{"error":{"message":"no code"}}"#, "twice"),
            (400, "Bad Request", "twice"),
            (404, "", "twice"),
            (403, "<html>", "twice"),
            (502, "<html>bad gateway</html>", "again"),
            (200, "<html>log in</html>", "again"),
            (200, r#"{"data":[{"id":"#, "again"),
            (200, "", "again"),
            (200, "[]", "again"),
        ];
        for (status, body, wanted) in table {
            assert_eq!(judge(Endpoint::Graph, *status, None, body), *wanted, "{status} {body}");
        }
    }

    #[test]
    fn every_answer_for_a_tile_or_a_picture_has_its_meaning() {
        use Endpoint::{Picture, Tile};
        let table: &[(Endpoint, u16, Option<&str>, &str, &str)] = &[
            (Tile, 200, None, "\x1a\x05", "ok"),
            (Tile, 200, None, "", "ok"),
            (Tile, 204, None, "", "ok"),
            (Tile, 404, None, "", "maybe empty"),
            (Tile, 302, None, "", "throttled"),
            (Tile, 200, Some("text/html"), "anything", "throttled"),
            (Tile, 200, None, "\n <html>", "throttled"),
            (Tile, 429, None, "", "throttled"),
            (Tile, 401, None, "", "token"),
            (Tile, 403, None, "", "token"),
            (Tile, 503, None, "", "again"),
            (Picture, 403, Some("text/plain"), "URL signature expired", "expired"),
            (Picture, 404, None, "", "expired"),
            (Picture, 410, None, "", "expired"),
            (Picture, 429, Some("application/xml"), "<Error/>", "throttled"),
            (Picture, 200, Some("text/html"), "<html>", "again"),
            (Picture, 200, Some("image/jpeg"), "", "again"),
            (Picture, 500, None, "", "again"),
        ];
        for (endpoint, status, content_type, body, wanted) in table {
            assert_eq!(
                judge(*endpoint, *status, *content_type, body),
                *wanted,
                "{endpoint:?} {status} {body}"
            );
        }
        let head = Head { status: 200, ..Head::default() };
        for (start, is_picture) in [
            (&b"\xff\xd8\xff\xe0"[..], true),
            (b"RIFF\x1a\0\0\0WEBPVP8 ", true),
            (b"RIFF\x1a\0\0\0WAVEfmt ", false),
            (b"\x89PNG\r\n\x1a\n", false),
        ] {
            assert_eq!(classify(Picture, &head, start) == Verdict::Ok, is_picture, "{start:?}");
        }
    }

    #[test]
    fn a_redirect_is_what_it_is_at_each_host() {
        use Endpoint::{Graph, InternetArchive, Tile};
        let judge = |endpoint, to: &str, wants_https| {
            let redirect = Some(Redirect { to: to.to_owned(), wants_https });
            classify(endpoint, &Head { status: 302, redirect, ..Head::default() }, b"")
        };
        let login = "https://www.mapillary.com/login";
        assert!(matches!(judge(Tile, login, false), Verdict::Throttled(UNITS_LOGIN, text)
            if text.contains("a redirect to 'https://www.mapillary.com/login'")));
        for endpoint in [Graph, InternetArchive] {
            assert!(matches!(judge(endpoint, login, false), Verdict::Again(Tries::Twice, text)
                if text.contains(login) && text.contains("not followed")));
        }
        for endpoint in [Graph, InternetArchive, Tile] {
            assert!(matches!(judge(endpoint, "https://h/1", true), Verdict::NeedsHttps(_)));
        }
    }

    #[test]
    fn every_answer_of_the_internet_archive_has_its_meaning() {
        let table: &[(u16, &str, &str)] = &[
            (200, "{}", "ok"),
            (200, r#"{"metadata":{}}"#, "ok"),
            (200, r#"{"error":"down for maintenance"}"#, "again"),
            (400, r#"{"error":"bad query","errorType":"RangeException"}"#, "twice"),
            (200, r#"{"metadata":"#, "again"),
            (200, "<html>", "again"),
            (200, "", "again"),
            (404, "{}", "twice"),
            (403, "", "twice"),
            (301, "", "twice"),
            (429, "", "throttled"),
            (500, r#"{"error":{"code":190}}"#, "again"),
            (503, "Slow Down", "again"),
        ];
        for (status, body, wanted) in table {
            let verdict = judge(Endpoint::InternetArchive, *status, None, body);
            assert_eq!(verdict, *wanted, "{status} {body}");
        }
    }

    #[test]
    fn an_unreadable_answer_is_shown_by_its_first_bytes_in_one_line() {
        let head = Head { status: 502, ..Head::default() };
        let body = format!("<html>\n\x1b[31m{}", "x".repeat(500));
        let Verdict::Again(_, text) = classify(Endpoint::Graph, &head, body.as_bytes()) else {
            panic!("{body}")
        };
        assert!(text.starts_with("HTTP 502: '<html>  [31mxx") && text.len() < 120, "{text}");
    }

    #[test]
    fn no_body_makes_the_judge_stumble() {
        let good = br#"{"error":{"message":"no such","code":100,"error_subcode":33,"is_transient":false}}"#;
        let mut rng = fastrand::Rng::with_seed(7);
        let head = Head { status: 400, ..Head::default() };
        for end in 0..good.len() {
            classify(Endpoint::Graph, &head, &good[..end]);
        }
        for _ in 0..5_000 {
            let mut body = good.to_vec();
            let at = rng.usize(..body.len());
            body[at] = rng.u8(..);
            classify(Endpoint::Graph, &head, &body);
        }
    }
}
