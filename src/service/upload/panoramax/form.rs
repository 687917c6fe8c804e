//! A multipart form with one file (RFC 7578), whose bytes can be read from any offset.

use std::io;
use std::sync::Arc;

use super::super::content::Content;

/// A multipart form with one file (RFC 7578), whose bytes can be read from any offset.
pub(super) struct Form {
    pub(super) boundary: String,
    head: Vec<u8>,
    picture: Arc<dyn Content>,
    tail: Vec<u8>,
}

impl Form {
    pub(super) fn new(name: &str, picture: &Arc<dyn Content>, fields: &[(&str, String)]) -> Form {
        // 128 random bits: no picture contains it.
        let boundary = format!("form-{:032x}", fastrand::u128(..));
        let mut head = String::new();
        for (field, value) in fields {
            head += &format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
        }
        let name = name.replace('"', "%22").replace(['\r', '\n'], "_");
        head += &format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: image/jpeg\r\n\r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n").into_bytes();
        Form { boundary, head: head.into_bytes(), picture: Arc::clone(picture), tail }
    }
}

impl Content for Form {
    fn len(&self) -> u64 {
        (self.head.len() + self.tail.len()) as u64 + self.picture.len()
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let (head, picture) = (self.head.len() as u64, self.picture.len());
        let copy = |from: &[u8], at: u64, buffer: &mut [u8]| {
            let rest = from.get(at as usize..).unwrap_or_default();
            let len = rest.len().min(buffer.len());
            buffer[..len].copy_from_slice(&rest[..len]);
            len
        };
        if at < head {
            return Ok(copy(&self.head, at, buffer));
        }
        if at - head >= picture {
            return Ok(copy(&self.tail, at - head - picture, buffer));
        }
        match self.picture.read_at(at - head, buffer)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            len => Ok(len),
        }
    }
}
