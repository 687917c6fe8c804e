//! Pictures: a signed URL streamed into the caller's sink, counted against the length promised, and looked through
//! for the end that a whole picture has. What was cut on its way goes on where it was cut, if the host lets it.

use std::io::{Read, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use reqwest::Url;
use reqwest::blocking::Response;

use super::classify::{Endpoint, Tries, Verdict, classify, kind_of_picture};
use super::client::Client;
use super::clock::Clock;
use super::error::{Error, Kind};
use super::http::{Meta, PIECE_BYTES, explain_io};
use super::request::Ask;
use super::request::Request;
use super::resume::Resume;
use super::throughput_floor::Floor;
use super::watch::Ticket;
use crate::format::completeness::Whole;
use crate::format::picture::Kind as Format;

/// The largest picture: the service takes up to some 100 megapixels, and no JPEG of one is near this.
const MOST_PICTURE_BYTES: u64 = 1 << 30;
/// What of a body the verdict needs.
const HEAD_BYTES: usize = 4096;
/// A URL with less time left may expire in the queue.
const FRESH: Duration = Duration::from_secs(600);

/// A picture that is on its way, over several tries if need be.
struct Coming<W> {
    sink: W,
    whole: Whole,
    bytes: u64,
    /// The length of all of it, where it was promised.
    length: Option<u64>,
    /// By what the host knows this very picture again.
    mark: Option<String>,
}

impl Client {
    /// Streams the picture, JPEG or WebP, into a sink that `start` opens anew for each try that begins anew; gives the
    /// sink that holds it whole, and the bytes written.
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
        let mut coming = None;
        let ask = Ask::new(Request::Picture, place, 0);
        let verdict = self.repeat(&ask, |ticket| {
            let opened = self.http.open(ask.url.as_str(), rest_of(&coming).as_ref());
            let (meta, response) = match opened {
                Ok(opened) => opened,
                Err(reason) => return Ok(again(Meta::default(), reason)),
            };
            let mut body = Body { response, floor: self.http.floor(), ticket, clock: self.clock() };
            let first = match begin(&mut coming, &meta, &mut body, &mut buffer, &mut start)? {
                Ok(first) => first,
                Err(verdict) => return Ok((meta, verdict)),
            };
            let Some(picture) = &mut coming else { return Ok(again(meta, "no picture".into())) };
            let (first, cut) = first;
            picture.take(&buffer[..first])?;
            self.counts.received(first as u64);
            let verdict = match cut {
                Some(reason) => Verdict::Again(Tries::Many, reason),
                None => self.copy(&ask, &mut body, &mut buffer, first, picture)?,
            };
            if let Verdict::Broken(_) = verdict {
                coming = None;
            }
            Ok((meta, verdict))
        })?;
        match (coming, &verdict) {
            (Some(picture), Verdict::Ok) => Ok((picture.sink, picture.bytes)),
            _ => {
                let host = ask.url.host_str().unwrap_or_default();
                Err(self.error(&format!("'{host}{}'", ask.url.path()), &verdict))
            }
        }
    }

    /// Takes what comes after the first `n` bytes. An error ends the run or the row.
    fn copy<W: Write>(
        &self,
        ask: &Ask,
        from: &mut Body<'_>,
        buffer: &mut [u8],
        mut n: usize,
        picture: &mut Coming<W>,
    ) -> Result<Verdict, Error> {
        let host = ask.url.host_str().unwrap_or_default();
        loop {
            self.take(&self.bytes_pace, ask.kind, n as f64, host)?;
            if self.bytes_pace.per_s().is_some() {
                // That was our own wait, not the host's.
                from.ticket.restart(self.clock().now());
            }
            n = match from.read(buffer) {
                Ok(0) => return Ok(picture.verdict()),
                Ok(n) => n,
                Err(reason) => return Ok(Verdict::Again(Tries::Many, reason)),
            };
            picture.take(&buffer[..n])?;
            self.counts.received(n as u64);
        }
    }
}

/// A body as it comes, which must not drip.
struct Body<'a> {
    response: Response,
    floor: Floor,
    ticket: &'a Ticket<'a>,
    clock: &'a dyn Clock,
}

impl Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, String> {
        let start = Instant::now();
        let n = self.response.read(buffer).map_err(|error| explain_io(&error))?;
        // The end is no byte, and not too slow.
        if n > 0 {
            self.floor.came(n, start.elapsed())?;
            self.ticket.heard(self.clock.now(), n);
        }
        Ok(n)
    }
}

impl<W: Write> Coming<W> {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.sink.write_all(bytes).map_err(|e| unwritten(&e))?;
        self.whole.push(bytes);
        self.bytes += bytes.len() as u64;
        if self.bytes > MOST_PICTURE_BYTES {
            Err(Error::row(format!("the picture is longer than {MOST_PICTURE_BYTES} bytes")))
        } else {
            Ok(())
        }
    }

    /// What is to be made of a body that has ended.
    fn verdict(&self) -> Verdict {
        match self.length {
            Some(length) if length != self.bytes => {
                Verdict::Again(Tries::Many, format!("{} of {length} bytes came", self.bytes))
            }
            _ => match self.whole.fault() {
                Some(fault) => Verdict::Broken(format!("what came is not whole: {fault}")),
                None => Verdict::Ok,
            },
        }
    }
}

/// What to ask for instead of all of it, when a part is there that the host would know again.
fn rest_of<W>(coming: &Option<Coming<W>>) -> Option<Resume> {
    let picture = coming.as_ref()?;
    let is_part = picture.bytes > 0 && picture.length.is_none_or(|length| picture.bytes < length);
    let mark = picture.mark.clone().filter(|_| is_part)?;
    Some(Resume { bytes: picture.bytes, length: picture.length, mark })
}

/// Goes on with the picture that is coming, or begins it anew: the bytes that are in the buffer already, and why no
/// more came; or what the answer is instead.
fn begin<W: Write>(
    coming: &mut Option<Coming<W>>,
    meta: &Meta,
    body: &mut Body<'_>,
    buffer: &mut [u8],
    start: &mut impl FnMut(Format) -> std::io::Result<W>,
) -> Result<Result<(usize, Option<String>), Verdict>, Error> {
    if matches!(meta.head.status, 206 | 416) {
        if meta.head.status == 206 && rest_of(coming).is_some_and(|rest| rest.fits(&meta.part)) {
            return Ok(Ok((0, None)));
        }
        // Another picture by now, or a host that cannot do this: all of it, from its beginning.
        *coming = None;
        let reason = format!("HTTP {}: not the rest of the picture", meta.head.status);
        return Ok(Err(Verdict::Again(Tries::Many, reason)));
    }
    let (first, cut) = read_head(body, buffer);
    let verdict = classify(Endpoint::Picture, &meta.head, &buffer[..first]);
    let (Verdict::Ok, Some(format)) = (&verdict, kind_of_picture(&buffer[..first])) else {
        return Ok(Err(match cut {
            Some(reason) if verdict.is_outage() => Verdict::Again(Tries::Many, reason),
            _ => verdict,
        }));
    };
    // What came before goes first: both have one place.
    *coming = None;
    *coming = Some(Coming {
        sink: start(format).map_err(|e| unwritten(&e))?,
        whole: Whole::default(),
        bytes: 0,
        length: meta.length,
        mark: meta.part.mark.clone(),
    });
    Ok(Ok((first, cut)))
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

/// Fills the buffer up to what a verdict needs, since the first read may give a single byte; and says why it ended
/// sooner.
fn read_head(from: &mut Body<'_>, buffer: &mut [u8]) -> (usize, Option<String>) {
    let mut filled = 0;
    while filled < HEAD_BYTES {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(reason) => return (filled, Some(reason)),
        }
    }
    (filled, None)
}

fn again(meta: Meta, reason: String) -> (Meta, Verdict) {
    (meta, Verdict::Again(Tries::Many, reason))
}

fn unwritten(error: &std::io::Error) -> Error {
    Error::new(Kind::Write(error.kind()), format!("cannot write the picture: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Token;
    use crate::service::mock_server::{Script, answer, client, raw};

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
        assert!(fetch(&crate::service::mock_server::client(&script), &script).is_err());
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

    /// A picture of some length, of which the tests cut.
    fn long() -> Vec<u8> {
        let filler = vec![b'.'; 20_000];
        [&b"\xff\xd8\xff\xda\x00\x02"[..], &filler, b"\xff\xd9"].concat()
    }

    fn cut(headers: &str, body: &[u8]) -> Vec<u8> {
        let mut answer = answer(200, headers, body);
        answer.truncate(answer.len() - 5_000);
        answer
    }

    const MARK: &str = "ETag: \"a\"\r\n";

    #[test]
    fn a_picture_that_was_cut_goes_on_where_it_was_cut() {
        let body = long();
        let (all, first) = (body.len(), body.len() - 5_000);
        let range = format!("{MARK}Content-Range: bytes {first}-{}/{all}\r\n", all - 1);
        let rest = answer(206, &range, &body[first..]);
        // An outage in between changes nothing.
        let script = Script::play(vec![cut(MARK, &body), answer(503, "", b"busy"), rest]);
        let (mut begun, url) = (0, format!("{}/p.jpg", script.base()));
        let client = client(&script);
        let (came, bytes) = client
            .picture(&url, |_| {
                begun += 1;
                Ok(Vec::new())
            })
            .unwrap();
        assert_eq!((came == body, bytes, begun), (true, all as u64, 1));
        assert_eq!(client.counts().bytes(), all as u64, "nothing twice");
        let seen = script.seen();
        assert!(!seen[0].to_lowercase().contains("range"));
        for head in &seen[1..] {
            let head = head.to_lowercase();
            assert!(head.contains(&format!("\r\nrange: bytes={first}-\r\n")), "{head}");
            assert!(head.contains("\r\nif-range: \"a\"\r\n"), "{head}");
        }
    }

    #[test]
    fn a_host_that_cannot_go_on_or_has_another_picture_by_now_gives_all_of_it_anew() {
        let (body, mut other) = (long(), long());
        other[9_000] = b'!';
        let (all, first) = (body.len(), body.len() - 5_000);
        let rest = |mark: &str, from: usize| {
            let range = format!("{mark}Content-Range: bytes {from}-{}/{all}\r\n", all - 1);
            answer(206, &range, &other[from..])
        };
        let whole = || answer(200, "ETag: \"b\"\r\n", &other);
        for (first_try, second) in [
            (cut(MARK, &body), whole()),
            (cut(MARK, &body), rest("ETag: \"b\"\r\n", first)),
            (cut(MARK, &body), rest("", first)),
            (cut(MARK, &body), rest(MARK, first - 1)),
            (cut(MARK, &body), answer(416, "", b"")),
            // Without a mark the host could not tell the picture from another.
            (cut("", &body), whole()),
            (cut("ETag: W/\"a\"\r\n", &body), whole()),
        ] {
            let script = Script::play(vec![first_try, second, whole()]);
            assert_eq!(fetch(&client(&script), &script).unwrap(), other);
            assert!(script.seen().last().is_some_and(|head| {
                script.seen().len() == 2 || !head.to_lowercase().contains("range:")
            }));
        }
        // A part that nobody asked for is not a picture.
        let script = Script::play(vec![rest(MARK, 0), whole()]);
        assert_eq!(fetch(&client(&script), &script).unwrap(), other);
    }

    #[test]
    fn the_end_is_proven_of_what_was_put_together_too() {
        let mut body = long();
        let first = body.len() - 5_000;
        body.truncate(body.len() - 2);
        let range =
            format!("{MARK}Content-Range: bytes {first}-{}/{}\r\n", body.len() - 1, body.len());
        let rest = answer(206, &range, &body[first..]);
        let start = [answer(200, MARK, &body)[..].to_vec()].concat();
        let start = start[..start.len() - (body.len() - first)].to_vec();
        let script = Script::play(vec![start, rest, answer(200, "", &long())]);
        assert_eq!(fetch(&client(&script), &script).unwrap(), long());
        assert!(!script.seen()[2].to_lowercase().contains("range:"), "not the same part again");
    }

    #[test]
    fn a_picture_that_drips_gives_up_its_place() {
        // From its first byte, and after a good start.
        for at_once in [100, 4_300] {
            let pause = Duration::from_millis(5);
            let script = Script::drip(answer(200, "", &long()), at_once, pause);
            let (client, _) = script.client_with(|s| {
                // Longer than a busy machine holds up a thread.
                s.timeout = Duration::from_millis(300);
                s.retries = 0;
            });
            let error = fetch(&client, &script).unwrap_err();
            assert!(error.message.contains("too slow"), "{error}");
        }
    }

    #[test]
    fn pictures_that_are_broken_at_their_source_do_not_end_the_run() {
        let script = Script::play(vec![answer(200, "", &JPEG[..JPEG.len() - 1])]);
        let (client, _) = script.client_with(|s| (s.retries, s.max_failures) = (1, 2));
        assert!((0..5).all(|_| fetch(&client, &script).unwrap_err().kind == Kind::Row));
        let script = Script::play(vec![answer(503, "", b"busy")]);
        let (client, _) = script.client_with(|s| (s.retries, s.max_failures) = (1, 2));
        assert_eq!(fetch(&client, &script).unwrap_err().kind, Kind::Row);
        assert_eq!(fetch(&client, &script).unwrap_err().kind, Kind::Run);
    }

    #[test]
    fn the_expiry_of_a_url_is_read_from_its_query() {
        assert_eq!(expires_s("https://h/a?oh=1&oe=6710ABCD&x=1"), Some(0x6710_abcd));
        assert_eq!(expires_s("https://h/a?oe=zz"), None);
        assert_eq!(expires_s("https://h/a"), None);
    }
}
