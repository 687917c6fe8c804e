//! A picture that is on its way, over several tries if need be.

use std::io::Write;

use crate::format::completeness::Whole;
use crate::format::picture::PictureFormat as Format;

use super::super::classify::{Endpoint, ResponseClass, RetryPolicy, classify, kind_of_picture};
use super::super::error::{Error, ErrorKind};
use super::super::http::Meta;
use super::super::resume::Resume;
use super::{Body, read_head};

/// The largest picture: the service takes up to some 100 megapixels, and no JPEG of one is near this.
const MOST_PICTURE_BYTES: u64 = 1 << 30;

/// A picture that is on its way, over several tries if need be.
pub(super) struct IncomingPicture<W> {
    pub(super) sink: W,
    whole: Whole,
    pub(super) bytes: u64,
    /// The length of all of it, where it was promised.
    length: Option<u64>,
    /// By what the host knows this very picture again.
    mark: Option<String>,
}

impl<W: Write> IncomingPicture<W> {
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
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
    pub(super) fn verdict(&self) -> ResponseClass {
        match self.length {
            Some(length) if length != self.bytes => ResponseClass::Again(
                RetryPolicy::Many,
                format!("{} of {length} bytes came", self.bytes),
            ),
            _ => match self.whole.fault() {
                Some(fault) => ResponseClass::Broken(format!("what came is not whole: {fault}")),
                None => ResponseClass::Ok,
            },
        }
    }
}

/// What to ask for instead of all of it, when a part is there that the host would know again.
pub(super) fn rest_of<W>(coming: &Option<IncomingPicture<W>>) -> Option<Resume> {
    let picture = coming.as_ref()?;
    let is_part = picture.bytes > 0 && picture.length.is_none_or(|length| picture.bytes < length);
    let mark = picture.mark.clone().filter(|_| is_part)?;
    Some(Resume { bytes: picture.bytes, length: picture.length, mark })
}

/// Goes on with the picture that is coming, or begins it anew: the bytes that are in the buffer already, and why no
/// more came; or what the answer is instead.
pub(super) fn begin<W: Write>(
    coming: &mut Option<IncomingPicture<W>>,
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
        return Ok(Err(ResponseClass::Again(RetryPolicy::Many, reason)));
    }
    let (first, cut) = read_head(body, buffer);
    let verdict = classify(Endpoint::Picture, &meta.head, &buffer[..first]);
    let (ResponseClass::Ok, Some(format)) = (&verdict, kind_of_picture(&buffer[..first])) else {
        return Ok(Err(match cut {
            Some(reason) if verdict.is_outage() => ResponseClass::Again(RetryPolicy::Many, reason),
            _ => verdict,
        }));
    };
    // What came before goes first: both have one place.
    *coming = None;
    *coming = Some(IncomingPicture {
        sink: start(format).map_err(|e| unwritten(&e))?,
        whole: Whole::default(),
        bytes: 0,
        length: meta.length,
        mark: meta.part.mark.clone(),
    });
    Ok(Ok((first, cut)))
}

fn unwritten(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Write(error.kind()), format!("cannot write the picture: {error}"))
}
