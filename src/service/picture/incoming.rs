//! A picture being downloaded, possibly over several tries.

use std::io::Write;

use crate::format::completeness::Whole;
use crate::format::picture::PictureFormat as Format;

use super::super::classify::{Endpoint, ResponseClass, RetryPolicy, classify, kind_of_picture};
use super::super::error::{Error, ErrorKind};
use super::super::http::Meta;
use super::super::resume::Resume;
use super::{Body, read_head};

/// The size limit of a picture: the service accepts up to about 100 megapixels, whose JPEG is never near this.
const MOST_PICTURE_BYTES: u64 = 1 << 30;

/// A picture being downloaded, possibly over several tries.
pub(super) struct IncomingPicture<W> {
    pub(super) sink: W,
    whole: Whole,
    pub(super) bytes: u64,
    /// The total length, if it was promised.
    length: Option<u64>,
    /// The validator by which the host recognizes the same content.
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

    /// The verdict on a body that has ended.
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

/// The request for the rest of a picture, if a part was received that the host can recognize.
pub(super) fn rest_of<W>(coming: &Option<IncomingPicture<W>>) -> Option<Resume> {
    let picture = coming.as_ref()?;
    let is_part = picture.bytes > 0 && picture.length.is_none_or(|length| picture.bytes < length);
    let mark = picture.mark.clone().filter(|_| is_part)?;
    Some(Resume { bytes: picture.bytes, length: picture.length, mark })
}

/// Resumes the picture being downloaded, or starts it again. Returns the number of bytes already in the buffer, and why
/// no more came; or the verdict if the response is not a picture.
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
        // The picture has changed, or the host does not support ranges: download it again from its start.
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
    // The earlier sink is dropped first: both have the same path.
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
