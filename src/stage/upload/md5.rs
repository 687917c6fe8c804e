//! MD5, which mapillary_tools uses in the names of what it sends. Not used for security.

use std::io;

use md5::{Digest, Md5 as Hash};

use crate::disk::positioned_io::CHUNK;
use crate::service::upload::Content;

#[derive(Default)]
pub struct Md5(Hash);

impl Md5 {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// In lower-case hexadecimal digits.
    pub fn text(self) -> String {
        hex(&self.0.finalize())
    }

    pub fn of(content: &dyn Content) -> io::Result<String> {
        let mut md5 = Md5::default();
        let (mut buffer, mut at) = (vec![0; CHUNK], 0);
        while at < content.len() {
            let len = content.read_at(at, &mut buffer)?;
            if len == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            md5.add(&buffer[..len]);
            at += len as u64;
        }
        Ok(md5.text())
    }

    /// The digest of a sequence: of the concatenated digests of its files.
    pub fn of_sequence<'a>(digests: impl IntoIterator<Item = &'a str>) -> String {
        let mut md5 = Md5::default();
        digests.into_iter().for_each(|digest| md5.add(digest.as_bytes()));
        md5.text()
    }
}

/// A digest in lower-case hexadecimal digits.
pub fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
