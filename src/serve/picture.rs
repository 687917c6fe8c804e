//! Pictures under links that are signed and expire, as the service's own are.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::answer::{Answer, Payload};
use crate::disk::open;
use crate::value::quality::Quality;

use super::picture_index::{HeldPicture, PictureIndex};
use super::route::Query;

/// Makes links and knows its own again.
#[derive(Debug)]
pub struct Signer {
    secret: String,
    life: Duration,
}

impl Signer {
    pub fn new(secret: String, life: Duration) -> Signer {
        Signer { secret, life }
    }

    /// A link to a picture, good for the signer's life from `now` on.
    pub fn link(&self, host: &str, id: &str, quality: Quality, now: SystemTime) -> String {
        let expiry_s = since_1970_s(now) + self.life.as_secs();
        // The path changes with each second, as the service's does, so that
        // nobody takes it for the name of a picture.
        let opaque = URL_SAFE_NO_PAD.encode(format!("{expiry_s:x}/{id}/{quality}"));
        let box_ = match quality {
            Quality::W256 => "stp=s256x192&",
            Quality::W1024 => "stp=s1024x768&",
            Quality::W2048 => "stp=s2048x1536&",
            Quality::Original => "",
        };
        let signature = self.sign(&opaque, quality, expiry_s);
        format!(
            "http://{host}/m1/v/t6/An{opaque}?{box_}ccb=10-5&oh=00_{signature}&oe={expiry_s:X}&_nc_sid=201bca"
        )
    }

    /// The picture that a link means, or the refusal.
    pub fn check(
        &self,
        opaque: &str,
        query: &Query,
        now: SystemTime,
    ) -> Result<(String, Quality), Answer> {
        let mismatch = || Answer::text(403, "URL signature mismatch");
        let (id, quality) = named(opaque).ok_or_else(|| Answer::text(403, "Bad URL hash"))?;
        let expiry_s = query.get("oe").and_then(|oe| u64::from_str_radix(oe, 16).ok());
        let expiry_s = expiry_s.ok_or_else(mismatch)?;
        let signature = query.get("oh").and_then(|oh| oh.strip_prefix("00_"));
        if signature != Some(&*self.sign(&opaque[2..], quality, expiry_s)) {
            return Err(mismatch());
        }
        if since_1970_s(now) >= expiry_s {
            return Err(Answer::text(403, "URL signature expired"));
        }
        Ok((id, quality))
    }

    fn sign(&self, opaque: &str, quality: Quality, expiry_s: u64) -> String {
        let text = format!("{}\n{opaque}\n{quality}\n{expiry_s:x}", self.secret);
        URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..24])
    }
}

/// The id and quality inside the opaque part, signed or not.
pub fn named(opaque: &str) -> Option<(String, Quality)> {
    let bytes = URL_SAFE_NO_PAD.decode(opaque.strip_prefix("An")?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (_, named) = text.split_once('/')?;
    let (id, quality) = named.rsplit_once('/')?;
    Some((id.to_owned(), quality.parse().ok()?))
}

/// What a request says of the part it wants.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    pub range: Option<&'a str>,
    pub if_none_match: Option<&'a str>,
    pub if_range: Option<&'a str>,
}

/// The picture itself, or the part of it that is wanted.
pub fn answer(pictures: &PictureIndex, id: &str, quality: Quality, wanted: &Wanted) -> Answer {
    let picture = pictures.picture(id, quality);
    picture
        .and_then(|held| part(held, open::file(&held.path).ok()?, wanted))
        .unwrap_or_else(|| Answer::text(404, "Content not found"))
}

fn part(held: &HeldPicture, mut file: File, wanted: &Wanted) -> Option<Answer> {
    let facts = file.metadata().ok()?;
    let (start, len) = held.part.unwrap_or((0, facts.len()));
    let modified = facts.modified().unwrap_or(UNIX_EPOCH);
    let mark = format!("\"{:x}-{start:x}-{len:x}\"", since_1970_s(modified));
    let head = |status, body| Answer {
        status,
        headers: vec![
            ("content-type", held.content_type.to_owned()),
            ("last-modified", httpdate::fmt_http_date(modified)),
            ("cache-control", "max-age=1209600, no-transform".to_owned()),
            ("accept-ranges", "bytes".to_owned()),
            ("etag", mark.clone()),
        ],
        body,
    };
    let nothing = || Payload::bytes(Vec::new().into());
    if wanted.if_none_match.is_some_and(|marks| marks.contains(&mark) || marks == "*") {
        return Some(head(304, nothing()));
    }
    let fresh = wanted.if_range.is_none_or(|known| known == mark);
    Some(match wanted.range.filter(|_| fresh).and_then(|range| bytes_of(range, len)) {
        None => {
            file.seek(SeekFrom::Start(start)).ok()?;
            head(200, Payload::file(file, len))
        }
        Some(None) => head(416, nothing()).with("content-range", format!("bytes */{len}")),
        Some(Some((first, last))) => {
            file.seek(SeekFrom::Start(start + first)).ok()?;
            head(206, Payload::file(file, last - first + 1))
                .with("content-range", format!("bytes {first}-{last}/{len}"))
        }
    })
}

/// One range of RFC 9110, section 14.1.2, as first and last byte. `None` is a
/// header to be ignored, `Some(None)` a range that cannot be given.
fn bytes_of(range: &str, length: u64) -> Option<Option<(u64, u64)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let last_byte = length.checked_sub(1);
    if first.is_empty() {
        let count: u64 = last.parse().ok()?;
        return Some(
            last_byte.filter(|_| count > 0).map(|end| (length.saturating_sub(count), end)),
        );
    }
    let first: u64 = first.parse().ok()?;
    let last: u64 = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    if last < first {
        return None;
    }
    Some(last_byte.filter(|&end| first <= end).map(|end| (first, last.min(end))))
}

fn since_1970_s(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(s)
    }

    fn take_apart(link: &str) -> (String, Query) {
        let (path, query) = link.split_once('?').expect("a query");
        (path.rsplit('/').next().expect("a last part").to_owned(), Query::parse(query))
    }

    fn status(result: Result<(String, Quality), Answer>) -> u16 {
        result.map_or_else(|refused| refused.status, |_| 200)
    }

    #[test]
    fn a_link_is_good_until_it_expires() {
        let signer = Signer::new("s".into(), Duration::from_secs(60));
        let (opaque, query) = take_apart(&signer.link("h", "12", Quality::W2048, at(1000)));
        let check = |s| signer.check(&opaque, &query, at(s));
        assert_eq!(check(1059).expect("good"), ("12".to_owned(), Quality::W2048));
        assert_eq!(status(check(1060)), 403);
    }

    #[test]
    fn an_altered_link_is_refused() {
        let signer = Signer::new("s".into(), Duration::from_secs(60));
        let link = signer.link("h", "12", Quality::W256, at(1000));
        for (from, to) in
            [("oe=", "oe=F"), ("oh=00_", "oh=00_x"), ("oe=", "no="), ("oh=", "no="), ("/An", "/Ao")]
        {
            let (opaque, query) = take_apart(&link.replace(from, to));
            assert_eq!(status(signer.check(&opaque, &query, at(1000))), 403, "{from} as {to}");
        }
    }

    #[test]
    fn the_link_of_another_secret_is_refused() {
        let link =
            Signer::new("a".into(), Duration::from_secs(60)).link("h", "1", Quality::W256, at(0));
        let (opaque, query) = take_apart(&link);
        assert_eq!(
            status(Signer::new("b".into(), Duration::from_secs(60)).check(&opaque, &query, at(0))),
            403
        );
    }

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (range, part) in [
            ("bytes=0-0", Some(Some((0, 0)))),
            ("bytes=2-", Some(Some((2, 9)))),
            ("bytes=2-99", Some(Some((2, 9)))),
            ("bytes=-3", Some(Some((7, 9)))),
            ("bytes=-30", Some(Some((0, 9)))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=5-4", None),
            ("bytes=0-1,3-4", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(bytes_of(range, 10), part, "{range}");
        }
        assert_eq!(bytes_of("bytes=0-", 0), Some(None));
    }
}
