//! Pictures: a signed URL streamed into the caller's sink, counted against the length promised, and looked through
//! for the end that a whole picture has.

use std::io::{Read, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Url;
use reqwest::blocking::Response;

use super::classify::{Endpoint, Tries, Verdict, classify, kind_of_picture};
use super::client::{Client, Judged, Request};
use super::error::{Error, Kind};
use super::http::{Meta, PIECE_BYTES, explain_io};
use crate::format::picture::Kind as Format;
use crate::format::whole::Whole;

/// The largest picture: the service takes up to some 100 megapixels, and no JPEG of one is near this.
const MOST_PICTURE_BYTES: u64 = 1 << 30;
/// What of a body the verdict needs.
const HEAD_BYTES: usize = 4096;
/// A URL with less time left may expire in the queue.
const FRESH: Duration = Duration::from_secs(600);

impl Client {
    /// Streams the picture, JPEG or WebP, into a sink that `start` opens anew for each try; gives the sink of the
    /// try that brought it whole, and the bytes written.
    /// A URL that is no longer good is `Kind::Expired`, a sink that fails is `Kind::Write`. No token is sent.
    pub fn picture<W: Write>(
        &self,
        url: &str,
        mut start: impl FnMut(Format) -> std::io::Result<W>,
    ) -> Result<(W, u64), Error> {
        let place = Url::parse(url).ok().filter(|u| matches!(u.scheme(), "http" | "https"));
        let place = place
            .ok_or_else(|| Error::row(format!("not a picture's URL: '{}'", self.clean(url))))?;
        let mut buffer = vec![0; PIECE_BYTES];
        let mut done = None;
        let judged = self.repeat(Request::Picture, &place, || {
            let (meta, mut response) = match self.http.open(place.as_str()) {
                Ok(opened) => opened,
                Err(reason) => return Ok(again(Meta::default(), reason)),
            };
            let first = match read_head(&mut response, &mut buffer) {
                Ok(n) => n,
                Err(reason) => return Ok(again(meta, reason)),
            };
            let verdict = classify(Endpoint::Picture, &meta.head, &buffer[..first]);
            let (Verdict::Ok, Some(format)) = (&verdict, kind_of_picture(&buffer[..first])) else {
                return Ok((meta, Judged { verdict, body: Vec::new() }));
            };
            let mut sink = start(format).map_err(|e| unwritten(&e))?;
            match self.copy(&mut response, &mut buffer, first, meta.length, &mut sink)? {
                Ok(bytes) => {
                    done = Some((sink, bytes));
                    Ok((meta, Judged { verdict, body: Vec::new() }))
                }
                Err(reason) => Ok(again(meta, reason)),
            }
        })?;
        let what = format!("'{}{}'", place.host_str().unwrap_or_default(), place.path());
        done.ok_or_else(|| self.error(&what, &judged.verdict))
    }

    /// The outer error ends the run or the row; the inner one is worth another try.
    fn copy(
        &self,
        from: &mut Response,
        buffer: &mut [u8],
        first: usize,
        promised: Option<u64>,
        sink: &mut impl Write,
    ) -> Result<Result<u64, String>, Error> {
        let (mut n, mut bytes, mut whole) = (first, 0, Whole::default());
        while n > 0 {
            sink.write_all(&buffer[..n]).map_err(|e| unwritten(&e))?;
            whole.push(&buffer[..n]);
            bytes += n as u64;
            self.counts.bytes.fetch_add(n as u64, Ordering::Relaxed);
            if !self.bytes_pace.take(n as f64, &self.stop) {
                return Err(Error::stopped());
            }
            if bytes > MOST_PICTURE_BYTES {
                return Err(Error::row(format!(
                    "the picture is longer than {MOST_PICTURE_BYTES} bytes"
                )));
            }
            n = match from.read(buffer) {
                Ok(n) => n,
                Err(e) => return Ok(Err(explain_io(&e))),
            };
        }
        Ok(match promised {
            Some(length) if length != bytes => Err(format!("{bytes} of {length} bytes came")),
            _ => match whole.fault() {
                Some(fault) => Err(format!("what came is not whole: {fault}")),
                None => Ok(bytes),
            },
        })
    }
}

/// Whether a signed URL is good for a while yet. One that tells no end is taken as good.
pub fn is_fresh(url: &str) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    expires_s(url).is_none_or(|end_s| end_s >= (now + FRESH).as_secs())
}

/// When a signed URL expires, in seconds since 1970: its parameter `oe`, in hexadecimal.
pub fn expires_s(url: &str) -> Option<u64> {
    let (_, query) = url.split_once('?')?;
    let oe = query.split('&').find_map(|p| p.strip_prefix("oe="))?;
    u64::from_str_radix(oe, 16).ok()
}

/// Fills the buffer up to what a verdict needs: the first read may give a single byte.
fn read_head(from: &mut impl Read, buffer: &mut [u8]) -> Result<usize, String> {
    let mut filled = 0;
    while filled < HEAD_BYTES {
        match from.read(&mut buffer[filled..]).map_err(|e| explain_io(&e))? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}

fn again(meta: Meta, reason: String) -> (Meta, Judged) {
    (meta, Judged { verdict: Verdict::Again(Tries::Many, reason), body: Vec::new() })
}

fn unwritten(error: &std::io::Error) -> Error {
    Error::new(Kind::Write(error.kind()), format!("cannot write the picture: {error}"))
}

#[cfg(test)]
mod tests {
    use super::super::scripted::{Script, answer, client, raw};
    use super::*;
    use crate::service::Token;

    const JPEG: &[u8] = b"\xff\xd8\xff\xda\x00\x02 a picture \xff\xd9";

    fn fetch(client: &Client, script: &Script) -> Result<Vec<u8>, Error> {
        let url = format!("{}/p.jpg?stp=s1&oh=00_abc&oe=6A3B1C00", script.base());
        client.picture(&url, |_| Ok(Vec::new())).map(|(bytes, n)| {
            assert_eq!(n, bytes.len() as u64);
            bytes
        })
    }

    #[test]
    fn only_a_whole_picture_is_taken_and_each_try_starts_anew() {
        let mut cut = answer(200, "", JPEG);
        cut.truncate(cut.len() - 4);
        let script = Script::play(vec![
            cut,
            answer(200, "Content-Type: text/html\r\n", b"<html>log in</html>"),
            answer(200, "", b""),
            answer(503, "", b"busy"),
            answer(200, "", &JPEG[..JPEG.len() - 2]),
            answer(200, "Content-Type: image/jpeg\r\n", JPEG),
        ]);
        assert_eq!(fetch(&client(&script), &script).unwrap(), JPEG);
        assert_eq!(script.seen().len(), 6);
    }

    #[test]
    fn a_webp_is_a_picture_too_and_whole_by_the_length_that_it_says() {
        let webp = crate::format::webp::sample();
        let short = &webp[..webp.len() - 1];
        let script = Script::play(vec![answer(200, "", short), answer(200, "", &webp)]);
        let mut formats = Vec::new();
        let (bytes, _) = client(&script)
            .picture(&format!("{}/p", script.base()), |format| {
                formats.push(format);
                Ok(Vec::new())
            })
            .unwrap();
        assert_eq!((bytes, formats), (webp, vec![Format::WebP; 2]));
    }

    #[test]
    fn a_picture_that_never_comes_whole_is_tried_as_often_as_retries_say() {
        for retries in [0, 5] {
            let cut = || answer(200, "", &JPEG[..JPEG.len() - 1]);
            let script = Script::play((0..=retries).map(|_| cut()).collect());
            let (client, _) = script.client_with(|settings| settings.retries = retries);
            let error = fetch(&client, &script).unwrap_err();
            assert!(error.message.contains("the JPEG has no end"), "{error}");
            assert_eq!(script.seen().len(), retries as usize + 1);
        }
    }

    #[test]
    fn an_expired_url_is_told_apart_and_not_asked_again() {
        for status in [403, 404, 410] {
            let script = Script::play(vec![answer(status, "", b"URL signature expired")]);
            let error = fetch(&client(&script), &script).unwrap_err();
            assert_eq!(error.kind, Kind::Expired);
            assert!(
                !error.message.contains("00_abc") && error.message.contains("/p.jpg"),
                "{error}"
            );
            assert_eq!(script.seen().len(), 1);
        }
    }

    #[test]
    fn a_redirect_is_followed_and_no_token_is_sent() {
        let script =
            Script::play(vec![answer(302, "Location: /q.jpg\r\n", b""), answer(200, "", JPEG)]);
        let (client, lines) =
            script.client_with(|s| s.token = Some(Token::new("MLY|1|secret").unwrap()));
        assert_eq!(fetch(&client, &script).unwrap(), JPEG);
        assert!(
            script
                .seen()
                .iter()
                .all(|r| !r.contains("secret") && !r.to_lowercase().contains("authorization"))
        );
        assert!(lines.lock().unwrap().iter().all(|line| !line.contains("00_abc")));
        let script = Script::play(vec![answer(302, "Location: /q.jpg\r\n", b"")]);
        assert!(fetch(&super::super::scripted::client(&script), &script).is_err());
    }

    #[test]
    fn a_sink_that_fails_ends_the_picture_with_the_reason() {
        let script = Script::play(vec![answer(200, "", JPEG)]);
        let full = |_| Err::<Vec<u8>, _>(std::io::Error::from(std::io::ErrorKind::StorageFull));
        let error = client(&script).picture(&format!("{}/p.jpg", script.base()), full).unwrap_err();
        assert_eq!(error.kind, Kind::Write(std::io::ErrorKind::StorageFull));
    }

    #[test]
    fn a_dropped_connection_is_another_try() {
        let script = Script::play(vec![raw(b""), raw(b"HTTP/1.1 2"), answer(200, "", JPEG)]);
        assert_eq!(fetch(&client(&script), &script).unwrap(), JPEG);
    }

    #[test]
    fn the_expiry_of_a_url_is_read_from_its_query() {
        assert_eq!(expires_s("https://h/a?oh=1&oe=6710ABCD&x=1"), Some(0x6710_abcd));
        assert_eq!(expires_s("https://h/a?oe=zz"), None);
        assert_eq!(expires_s("https://h/a"), None);
    }
}
