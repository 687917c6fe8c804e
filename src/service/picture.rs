//! Pictures: a signed URL streamed into the caller's sink, counted against the length promised, and looked through
//! for the end that a whole picture has. What was cut on its way goes on where it was cut, if the host lets it.

use std::io::{Read, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use reqwest::Url;
use reqwest::blocking::Response;

use super::classify::{Endpoint, ResponseClass, Tries, classify, kind_of_picture};
use super::client::Client;
use super::clock::Clock;
use super::error::{Error, ErrorKind};
use super::http::{Meta, PIECE_BYTES};
use super::no_answer::NoAnswer;
use super::request::Ask;
use super::request::Request;
use super::resume::Resume;
use super::slow_response::Ticket;
use super::throughput_floor::Floor;
use crate::format::completeness::Whole;
use crate::format::picture::PictureFormat as Format;

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
    /// A URL that is no longer good is `ErrorKind::Expired`, a sink that fails is `ErrorKind::Write`. No token is sent.
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
                Err(reason) => return Ok(again(Meta::default(), reason.to_string())),
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
                Some(reason) => ResponseClass::Again(Tries::Many, reason),
                None => self.copy(&ask, &mut body, &mut buffer, first, picture)?,
            };
            if let ResponseClass::Broken(_) = verdict {
                coming = None;
            }
            Ok((meta, verdict))
        })?;
        match (coming, &verdict) {
            (Some(picture), ResponseClass::Ok) => Ok((picture.sink, picture.bytes)),
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
    ) -> Result<ResponseClass, Error> {
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
                Err(reason) => return Ok(ResponseClass::Again(Tries::Many, reason.to_string())),
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
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, NoAnswer> {
        let start = Instant::now();
        let n = self.response.read(buffer).map_err(|error| NoAnswer::of_read(&error))?;
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
    fn verdict(&self) -> ResponseClass {
        match self.length {
            Some(length) if length != self.bytes => {
                ResponseClass::Again(Tries::Many, format!("{} of {length} bytes came", self.bytes))
            }
            _ => match self.whole.fault() {
                Some(fault) => ResponseClass::Broken(format!("what came is not whole: {fault}")),
                None => ResponseClass::Ok,
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
) -> Result<Result<(usize, Option<String>), ResponseClass>, Error> {
    if matches!(meta.head.status, 206 | 416) {
        if meta.head.status == 206 && rest_of(coming).is_some_and(|rest| rest.fits(&meta.part)) {
            return Ok(Ok((0, None)));
        }
        // Another picture by now, or a host that cannot do this: all of it, from its beginning.
        *coming = None;
        let reason = format!("HTTP {}: not the rest of the picture", meta.head.status);
        return Ok(Err(ResponseClass::Again(Tries::Many, reason)));
    }
    let (first, cut) = read_head(body, buffer);
    let verdict = classify(Endpoint::Picture, &meta.head, &buffer[..first]);
    let (ResponseClass::Ok, Some(format)) = (&verdict, kind_of_picture(&buffer[..first])) else {
        return Ok(Err(match cut {
            Some(reason) if verdict.is_outage() => ResponseClass::Again(Tries::Many, reason),
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
            Err(reason) => return (filled, Some(reason.to_string())),
        }
    }
    (filled, None)
}

fn again(meta: Meta, reason: String) -> (Meta, ResponseClass) {
    (meta, ResponseClass::Again(Tries::Many, reason))
}

fn unwritten(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Write(error.kind()), format!("cannot write the picture: {error}"))
}

#[cfg(test)]
mod tests;
