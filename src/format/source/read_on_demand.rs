//! A file of which only the requested ranges are read.

use std::io::{self, Read, Seek, SeekFrom};

use super::{HEAD, Source};

/// The size of the first read: what most files have before their pixels.
const START: usize = 16 * 1024;

/// A distant range is read together with the bytes that follow, because the next few values are usually nearby.
const FAR: usize = 4 * 1024;

/// A file seen through its start, which is kept, and one other range at a time.
#[derive(Debug)]
pub struct Window<R> {
    from: R,
    size: u64,
    head: Vec<u8>,
    far: Vec<u8>,
    far_at: u64,
}

impl<R: Read + Seek> Window<R> {
    /// Reads the start: one call for the bytes, and one more for the size of longer files.
    pub fn open(from: R) -> io::Result<Self> {
        let mut window = Window { from, size: 0, head: Vec::new(), far: Vec::new(), far_at: 0 };
        window.fill_head(START)?;
        window.size = if window.head.len() < START {
            window.head.len() as u64
        } else {
            window.from.seek(SeekFrom::End(0))?
        };
        Ok(window)
    }

    /// Extends the start by reading on, from where the file is positioned. A buffer of the final size is filled
    /// with one call, where a growing one would take several.
    fn fill_head(&mut self, end: usize) -> io::Result<()> {
        let mut filled = self.head.len();
        self.head.resize(end, 0);
        while filled < end {
            match self.from.read(&mut self.head[filled..]) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.head.truncate(filled);
                    return Err(error);
                }
            }
        }
        self.head.truncate(filled);
        Ok(())
    }
}

impl<R: Read + Seek> Source for Window<R> {
    fn at(&mut self, at: u64, n: usize) -> io::Result<&[u8]> {
        let end = at.saturating_add(n as u64).min(self.size);
        if at >= end {
            return Ok(&[]);
        }
        let known = self.head.len() as u64;
        if end > known && end <= HEAD as u64 {
            self.from.seek(SeekFrom::Start(known))?;
            self.fill_head(HEAD.min(self.size as usize))?;
        }
        if end <= self.head.len() as u64 {
            return Ok(&self.head[at as usize..end as usize]);
        }
        if at < self.far_at || end > self.far_at + self.far.len() as u64 {
            self.far.clear();
            self.far_at = at;
            self.from.seek(SeekFrom::Start(at))?;
            // The vector grows by the bytes read, not by the number requested.
            let wanted = (end - at).max(FAR as u64);
            self.from.by_ref().take(wanted).read_to_end(&mut self.far)?;
        }
        let start = (at - self.far_at) as usize;
        let end = ((end - self.far_at) as usize).min(self.far.len());
        Ok(&self.far[start.min(end)..end])
    }

    fn size(&self) -> u64 {
        self.size
    }
}
