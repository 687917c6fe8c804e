//! Signed picture URLs with an expiry, like those of the service.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::constant_time::is_same;
use super::route::Query;
use crate::value::quality::Quality;

/// Signs links and verifies them.
#[derive(Debug)]
pub struct Signer {
    secret: String,
    life: Duration,
}

impl Signer {
    pub fn new(secret: String, life: Duration) -> Signer {
        Signer { secret, life }
    }

    /// A link to a picture, valid for the signer's lifetime from `now`.
    pub fn link(&self, origin: &str, id: &str, quality: Quality, now: SystemTime) -> String {
        let expiry_s = since_1970_s(now) + self.life.as_secs();
        // The path changes every second like the service's, so that nobody takes it for the name of a picture.
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

    /// The picture that a link means, or why it is refused, in the wording of the service's hosts.
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

/// The id and quality in the opaque part, without checking the signature.
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
mod tests;
