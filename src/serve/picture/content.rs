//! The source of a picture response: its file, or a version scaled down from a larger one.

use std::fs::File;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use hyper::HeaderMap;
use hyper::body::Bytes;

use crate::archive::packed;
use crate::disk::cached_io;
use crate::disk::positioned_io::read_at;
use crate::format::picture::PictureFormat;
use crate::format::thumbnail;
use crate::value::quality::Quality;

use super::super::Site;
use super::super::answer::Answer;
use super::super::byte_cache::ByteCache;
use super::super::conditional::{self, header};
use super::super::index::HeldPicture;
use super::super::index::tar_version::TarVersion;
use super::super::payload::Payload;
use super::super::picture_scan;
use super::range::bytes_of;

/// Pictures of sizes that the archive does not have, scaled down from larger ones.
pub type MadeCache = ByteCache<(String, Quality, String)>;

/// No picture of a camera is larger; a larger one is not scaled down.
const MOST_BYTES: u64 = 1 << 28;

/// Enough bytes to recognize the format of a picture.
const HEAD_BYTES: usize = 12;

/// The source of a picture response.
pub(super) struct Content {
    pub(super) body: Body,
    pub(super) content_type: &'static str,
    pub(super) modified: SystemTime,
    /// The value for the ETag: it differs for different bytes.
    pub(super) mark: String,
}

pub(super) enum Body {
    Memory(Bytes),
    File { file: File, start: u64, len: u64 },
}

/// Why there is no scaled picture.
#[derive(Debug, thiserror::Error)]
pub(super) enum MadeError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Thumbnail(#[from] thumbnail::Error),
    /// It was moved or its tar was replaced since the index was made, which will be made anew within seconds.
    #[error("the archive has changed, and is being read again")]
    Moved,
}

impl Content {
    /// A regular file, or a range of one: the one that the index has seen.
    pub(super) fn open(site: &Site, held: &HeldPicture, id: &str) -> Result<Content, MadeError> {
        let file = site.open(&held.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => MadeError::Moved,
            _ => error.into(),
        })?;
        let facts = file.metadata()?;
        if held.version.is_some_and(|version| version != TarVersion::new(&facts)) {
            check_member(&file, held, id)?;
        }
        let (start, len) = held.part.unwrap_or((0, facts.len()));
        let mut head = [0; HEAD_BYTES];
        let head = &mut head[..HEAD_BYTES.min(len as usize)];
        // Linked folders, and paths in rows that the user names, may lead to other files: only pictures are served.
        if cached_io::read_at(&file, head, start)? < head.len()
            || PictureFormat::detect(head).is_none()
        {
            return Err(io::Error::other("the file does not begin like a picture").into());
        }
        let modified = facts.modified().unwrap_or(UNIX_EPOCH);
        let mark = format!("{:x}-{start:x}-{len:x}", since_1970_ns(modified));
        let body = Body::File { file, start, len };
        Ok(Content { body, content_type: held.content_type, modified, mark })
    }

    /// A picture scaled down from a larger one; the larger one itself, if it is not wider.
    pub(super) fn made(
        site: &Site,
        held: &HeldPicture,
        id: &str,
        quality: Quality,
    ) -> Result<Content, MadeError> {
        let content = Content::open(site, held, id)?;
        let (Some(width), Body::File { file, start, len }) = (width_of(quality), &content.body)
        else {
            return Ok(content);
        };
        let key = (id.to_owned(), quality, content.mark.clone());
        let small = match site.made.get(&key) {
            Some(small) => small,
            None => {
                cached_io::ask()?;
                let source = read(file, *start, *len)?;
                let small = thumbnail::of_width(&source, width)?;
                // Empty bytes mean: it is narrow enough already.
                let small = Bytes::from(small.unwrap_or_default());
                site.made.put(key, small.clone());
                small
            }
        };
        if small.is_empty() {
            return Ok(content);
        }
        let mark = format!("{}-{quality}", content.mark);
        Ok(Content { body: Body::Memory(small), content_type: "image/jpeg", mark, ..content })
    }

    pub(super) fn len(&self) -> u64 {
        match &self.body {
            Body::Memory(bytes) => bytes.len() as u64,
            Body::File { len, .. } => *len,
        }
    }

    pub(super) fn answer(self, headers: &HeaderMap) -> io::Result<Answer> {
        let tag = format!("\"{}\"", self.mark);
        let date = httpdate::fmt_http_date(self.modified);
        let head = |status, body| {
            Answer { status, headers: Vec::new(), body }
                .with("content-type", self.content_type)
                .with("last-modified", &*date)
                .with("cache-control", "max-age=1209600, no-transform")
                .with("accept-ranges", "bytes")
                .with("etag", &*tag)
        };
        let nothing = || Payload::bytes(Bytes::new());
        if conditional::is_unchanged(headers, &tag, Some(self.modified)) {
            return Ok(head(304, nothing()));
        }
        let len = self.len();
        let known = header(headers, "if-range");
        let is_fresh = known.is_none_or(|known| known == tag || known == date);
        let range = header(headers, "range").filter(|_| is_fresh);
        Ok(match range.and_then(|range| bytes_of(range, len)) {
            None => head(200, self.body.part(0, len)?),
            Some(None) => head(416, nothing()).with("content-range", format!("bytes */{len}")),
            Some(Some((first, last))) => head(206, self.body.part(first, last - first + 1)?)
                .with("content-range", format!("bytes {first}-{last}/{len}")),
        })
    }
}

impl Body {
    fn part(self, first: u64, length: u64) -> io::Result<Payload> {
        match self {
            Body::Memory(bytes) => {
                Ok(Payload::bytes(bytes.slice(first as usize..(first + length) as usize)))
            }
            Body::File { file, start, .. } => Payload::file(file, start + first, length),
        }
    }
}

/// Checks that the member at this place of a tar that was changed or replaced is still a picture of this image: another
/// program may have appended to it.
fn check_member(tar: &File, held: &HeldPicture, id: &str) -> Result<(), MadeError> {
    cached_io::ask()?;
    let name = held.part.map(|part| packed::name_at(tar, part)).transpose()?.flatten();
    if name.is_some_and(|name| picture_scan::is_of(&name, id)) {
        Ok(())
    } else {
        Err(MadeError::Moved)
    }
}

fn width_of(quality: Quality) -> Option<u16> {
    match quality {
        Quality::W256 => Some(256),
        Quality::W1024 => Some(1024),
        Quality::W2048 => Some(2048),
        Quality::Original => None,
    }
}

fn read(file: &File, start: u64, len: u64) -> io::Result<Vec<u8>> {
    if len > MOST_BYTES {
        return Err(io::Error::other("it is too large to be made smaller"));
    }
    let mut bytes = vec![0; len as usize];
    if read_at(file, &mut bytes, start)? == bytes.len() {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

pub(super) fn since_1970_ns(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}
