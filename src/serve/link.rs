//! Links to pictures, signed and good for a while, as the service's own are.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::constant_time::is_same;
use super::route::Query;
use crate::value::quality::Quality;

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
    pub fn link(&self, origin: &str, id: &str, quality: Quality, now: SystemTime) -> String {
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
            "{origin}/m1/v/t6/An{opaque}?{box_}ccb=10-5&oh=00_{signature}&oe={expiry_s:X}&_nc_sid=201bca"
        )
    }

    /// The picture that a link means, or why it is refused, in the words of the service's hosts.
    pub fn check(
        &self,
        opaque: &str,
        query: &Query,
        now: SystemTime,
    ) -> Result<(String, Quality), &'static str> {
        let mismatch = "URL signature mismatch";
        let (id, quality) = named(opaque).ok_or("Bad URL hash")?;
        let expiry_s = query.get("oe").and_then(|oe| u64::from_str_radix(oe, 16).ok());
        let expiry_s = expiry_s.ok_or(mismatch)?;
        let signature = query.get("oh").and_then(|oh| oh.strip_prefix("00_"));
        let right = self.sign(&opaque[2..], quality, expiry_s);
        if !signature.is_some_and(|signature| is_same(&right, signature)) {
            return Err(mismatch);
        }
        if since_1970_s(now) >= expiry_s {
            return Err("URL signature expired");
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

    fn status(result: Result<(String, Quality), &str>) -> u16 {
        result.map_or(403, |_| 200)
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
}
