//! The thumbnails of a page.

use std::path::Path;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::disk::open;
use crate::format::picture::Picture;
use crate::row::{Field, Row};
use crate::shape::Diagnostics;

/// The maximum size of all thumbnails of a page: browsers get slow beyond this.
const MAX_BYTES: usize = 24 << 20;

/// Thumbnails in Base64, and their size before encoding.
#[derive(Default)]
pub struct Thumbnails {
    pub list: Vec<String>,
    bytes: usize,
}

impl Thumbnails {
    /// Adds the thumbnail of the row's picture and returns its number, from 1, or 0 if there is none or the page is
    /// full.
    pub fn add(&mut self, row: &Row, notes: &dyn Diagnostics) -> u32 {
        let Some(bytes) = row.get(Field::Path).and_then(|path| thumbnail(Path::new(path))) else {
            return 0;
        };
        if self.bytes + bytes.len() > MAX_BYTES {
            notes.once("the page is full of thumbnails: further pictures are read from disk when they are chosen");
            return 0;
        }
        self.bytes += bytes.len();
        self.list.push(BASE64_STANDARD.encode(bytes));
        self.list.len() as u32
    }
}

/// A picture that cannot be read has no thumbnail, which is not an error of its row.
fn thumbnail(path: &Path) -> Option<Vec<u8>> {
    Picture::open(open::file(path).ok()?).ok()?.thumbnail().ok()?
}
