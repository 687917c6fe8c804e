//! Detects the type of a file by its first bytes: a tar, a gzipped tar, which is decompressed while it is read, or one
//! that another program has to unpack first.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;

use crate::disk::open;
use crate::format::tar::{self, BLOCK};

/// Fewer calls than with the usual 8 KB, and still within the L2 cache.
const BUFFER: usize = 256 << 10;

/// The bytes already read, followed by the rest.
pub type Looked = Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>;

/// The detected type of a stream.
pub enum TarKind {
    Tar(Looked),
    /// The decompressed tar.
    GzipTar(Looked),
    /// Not read here: the format, and the program that converts it to a tar.
    Other(&'static str, &'static str),
    /// No archive.
    None(Looked),
}

/// Formats that other programs put tars into, by their first bytes, with the program that unpacks them.
const OTHERS: [(&[u8], &str, &str); 8] = [
    (b"BZh", "compressed with bzip2", "bzip2 -dc"),
    (b"\xfd7zXZ\0", "compressed with xz", "xz -dc"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "zstd -dc"),
    (b"\x04\x22\x4d\x18", "compressed with lz4", "lz4 -dc"),
    (b"LZIP", "compressed with lzip", "lzip -dc"),
    (b"\x1f\x9d", "compressed with compress", "gzip -dc"),
    (b"PK\x03\x04", "a zip archive", "bsdtar -cf - @"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "bsdtar -cf - @"),
];

/// File name extensions of compressed tars.
const ENDINGS: [&str; 14] = [
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tar.zst",
    ".tzst",
    ".tar.lz4",
    ".tar.lzma",
    ".tlz",
    ".tar.lz",
    ".tar.z",
];

/// Examines the start of a stream. It reads no more than it needs: rows arrive in a pipe as they are made, and must not
/// be held up here.
pub fn look(from: impl Read + Send + 'static) -> io::Result<TarKind> {
    let mut from: Box<dyn Read + Send> = Box::new(from);
    let mut start = Vec::new();
    while start.len() < BLOCK as usize && may_be_archive(&start) {
        let mut part = [0; BLOCK as usize];
        let len = from.read(&mut part[..BLOCK as usize - start.len()])?;
        start.extend_from_slice(&part[..len]);
        if len == 0 {
            break;
        }
    }
    if let Some((_, what, program)) = OTHERS.iter().find(|(magic, ..)| start.starts_with(magic)) {
        return Ok(TarKind::Other(what, program));
    }
    let is_gzip = start.starts_with(b"\x1f\x8b");
    let is_tar = tar::is_start(&start);
    let looked = Cursor::new(start).chain(from);
    match (is_gzip, is_tar) {
        (true, _) => look_inside(looked),
        (false, true) => Ok(TarKind::Tar(looked)),
        (false, false) => Ok(TarKind::None(looked)),
    }
}

/// The type of a file.
pub fn detect(path: &Path) -> io::Result<TarKind> {
    look(open::file(path)?)
}

/// Whether the name is that of a compressed tar.
pub fn is_compressed_tar(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    !name.starts_with('.') && ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Why a file is not read, with advice.
pub fn advice(path: &Path, what: &str, program: &str) -> String {
    let name = path.display();
    let blank = if program.ends_with('@') { "" } else { " " };
    format!("it is {what}, which is not read: pipe in what \"{program}{blank}'{name}'\" gives")
}

/// The message about a compressed tar where offsets in it are needed.
pub fn unread(path: &Path) -> String {
    let name = path.display();
    format!("'{name}' is compressed, and its pictures are not known here: unpack it first")
}

/// A row has a line end before any zero, a tar a zero before any line end.
fn may_be_archive(start: &[u8]) -> bool {
    let first = start.iter().find(|byte| matches!(byte, 0 | b'\n' | b'\r'));
    first.is_none_or(|&byte| byte == 0) || start.starts_with(b"\x1f\x8b")
}

fn look_inside(packed: Looked) -> io::Result<TarKind> {
    let mut from = Gunzip::new(packed);
    let mut start = Vec::new();
    // Data broken at its very start is not a tar, and reading it reports the error.
    let read = from.by_ref().take(BLOCK).read_to_end(&mut start);
    let from: Box<dyn Read + Send> = match read {
        Ok(_) => Box::new(from),
        Err(error) => Box::new(Broken(Some(error))),
    };
    let is_tar = tar::is_start(&start);
    let looked = Cursor::new(start).chain(from);
    Ok(if is_tar { TarKind::GzipTar(looked) } else { TarKind::None(looked) })
}

/// Gzip with one or more members; trailing zeros are ignored.
struct Gunzip<R: Read> {
    part: Option<GzDecoder<BufReader<R>>>,
}

impl<R: Read> Gunzip<R> {
    fn new(from: R) -> Self {
        Gunzip { part: Some(GzDecoder::new(BufReader::with_capacity(BUFFER, from))) }
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(part) = &mut self.part {
            let len = part.read(buffer)?;
            if len > 0 || buffer.is_empty() {
                return Ok(len);
            }
            let Some(mut rest) = self.part.take().map(GzDecoder::into_inner) else { break };
            match next_byte(&mut rest)? {
                None => {}
                Some(0x1f) => self.part = Some(GzDecoder::new(rest)),
                Some(_) => return Err(io::Error::other("the data after its end is not gzip")),
            }
        }
        Ok(0)
    }
}

/// The first byte that is not zero.
fn next_byte(from: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        let zeros = buffer.iter().take_while(|byte| **byte == 0).count();
        let byte = buffer.get(zeros).copied();
        from.consume(zeros);
        if byte.is_some() {
            return Ok(byte);
        }
    }
}

/// A reader that returns its error when it is reached.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests;
