//! Reads the headers of a tar, of any maker: V7, ustar, pax, star, and GNU
//! tar's long names and holes. Only forward, so that a stream will do.

use super::extended::Extended;
use super::header::{Found, Header, find};
use super::sparse::{Map, Piece};
use super::stopped::Stopped;
use super::{BLOCK, Modified};
use crate::format::source::{Source, Unread, exactly};

/// Long names and pax records of real tars have some hundred bytes, attributes
/// of files some ten thousand.
const MAX_RECORDS: u64 = 1 << 20;

/// Something in a tar, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As it stands there; what is not UTF-8 is escaped, and then the kind is
    /// [`Kind::Unread`].
    pub name: String,
    /// Bytes of the file, holes included.
    pub size: u64,
    pub modified: Option<Modified>,
    pub kind: Kind,
    /// Where what belongs to it begins: its first header, long names included.
    pub header_at: u64,
    /// Where its bytes begin.
    pub body_at: u64,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    File,
    /// A file with holes, and what stands between them.
    Sparse(Vec<Piece>),
    /// Another name of a member.
    HardLink(String),
    SymbolicLink(String),
    Folder,
    /// A device, say.
    Special(&'static str),
    /// A file that cannot be had, and why.
    Unread(String),
}

/// What comes next in a tar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Entry(Entry),
    /// Behind the end of one tar another begins here.
    Joined(u64),
    Stopped(Stopped),
}

/// The entries of a tar, one after the other.
pub struct Entries<S> {
    source: S,
    at: u64,
    /// Where the last body ends, without the zeros behind it.
    body_end: u64,
    /// Whether empty blocks have just been passed.
    is_ended: bool,
    /// What records said of the entry to come, and where they began.
    local: Option<(Extended, u64)>,
    global: Extended,
}

impl<S: Source> Entries<S> {
    pub fn new(source: S) -> Self {
        Entries::starting_at(source, 0)
    }

    /// From the place of a header.
    pub fn starting_at(source: S, at: u64) -> Self {
        let global = Extended::default();
        Entries { source, at, body_end: at, is_ended: false, local: None, global }
    }

    /// Where the bytes of bodies are to be had: those of a stream before the next step.
    pub fn source(&mut self) -> &mut S {
        &mut self.source
    }

    /// What comes next; after [`Step::Stopped`] the same again.
    ///
    /// # Errors
    /// Only of the source itself.
    pub fn step(&mut self) -> std::io::Result<Step> {
        loop {
            match self.advance() {
                Ok(Some(step)) => return Ok(step),
                Ok(None) => {}
                Err(unread) => {
                    return Ok(Step::Stopped(Stopped::FatalError(unread.into_malformed()?)));
                }
            }
        }
    }

    /// One block on, with the records behind it; none when it tells of no entry.
    fn advance(&mut self) -> Result<Option<Step>, Unread> {
        let at = self.at;
        let header = match find(&mut self.source, at)? {
            Found::Header(header) => header,
            Found::Empty if self.local.is_some() => {
                return Err(Unread::malformed(at, "a long name without its file"));
            }
            Found::Empty => {
                (self.is_ended, self.at) = (true, at + BLOCK);
                return Ok(None);
            }
            Found::Ended(rest, is_empty) => return self.ended(rest, is_empty).map(Some),
            Found::Other => return Err(Unread::malformed(at, self.why_no_header())),
        };
        if std::mem::take(&mut self.is_ended) {
            self.global = Extended::default();
            return Ok(Some(Step::Joined(at)));
        }
        match header.kind() {
            kind @ (b'x' | b'X' | b'g' | b'L' | b'K') => self.take_records(kind, &header)?,
            // The name of the whole tar.
            b'V' => self.at = after(at + BLOCK, header.size(at)?)?,
            _ => return self.entry(&header).map(|entry| Some(Step::Entry(entry))),
        }
        Ok(None)
    }

    fn ended(&self, rest: usize, is_empty: bool) -> Result<Step, Unread> {
        let end = self.at.saturating_add(rest as u64).min(self.source.size());
        let wrong = |what| Err(Unread::malformed(end, what));
        Ok(Step::Stopped(match () {
            () if self.source.size() < self.body_end => Stopped::Cut(self.source.size()),
            () if self.local.is_some() => return wrong("a long name without its file"),
            () if self.is_ended && is_empty => Stopped::End(self.at),
            () if self.is_ended => return wrong("what is behind the end of the tar is none"),
            () if end == 0 => return wrong("an empty file, which is not a tar"),
            () if !is_empty => return wrong("a header is cut short"),
            () => Stopped::Open(end),
        }))
    }

    fn why_no_header(&self) -> &'static str {
        match (self.at, self.is_ended) {
            (0, _) => "it is not a tar",
            (_, true) => "what is behind the end of the tar is none",
            (_, false) => "a header whose sum is wrong",
        }
    }

    fn take_records(&mut self, kind: u8, header: &Header) -> Result<(), Unread> {
        let (at, len) = (self.at, header.size(self.at)?);
        if len > MAX_RECORDS {
            return Err(Unread::malformed(at, format!("a long name of {len} bytes")));
        }
        let bytes = exactly(&mut self.source, at + BLOCK, len as usize, "a long name")?;
        let local = || (self.global.clone(), at);
        match kind {
            b'g' => self.global.take(bytes),
            b'x' | b'X' => self.local.get_or_insert_with(local).0.take(bytes),
            kind => {
                let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
                let (extended, _) = self.local.get_or_insert_with(local);
                let place = if kind == b'L' { &mut extended.name } else { &mut extended.link };
                *place = Some(bytes[..end].to_vec());
            }
        }
        self.at = after(at + BLOCK, len)?;
        Ok(())
    }

    fn entry(&mut self, header: &Header) -> Result<Entry, Unread> {
        let at = self.at;
        let (extended, header_at) = self.local.take().unwrap_or_else(|| (self.global.clone(), at));
        let stored = extended.size.map_or_else(|| header.size(at), Ok)?;
        let told = extended.sparse.name.as_ref().or(extended.name.as_ref());
        let name = told.cloned().unwrap_or_else(|| header.name());
        let modified = extended.modified.or_else(|| header.modified());
        let body_at = at + BLOCK;
        let (kind, size) = (Kind::File, 0);
        let mut entry = Entry { name: String::new(), size, modified, kind, header_at, body_at };
        let mut body = (body_at, stored);
        match header.kind() {
            // So old tars wrote folders.
            b'0' | b'\0' | b'7' if name.ends_with(b"/") => entry.kind = Kind::Folder,
            b'0' | b'\0' | b'7' => self.file(&mut entry, &extended, stored)?,
            b'S' => {
                let map = Map::of_header(&mut self.source, header, at, stored)?;
                body.0 = map.at;
                entry.take_map(map);
            }
            // As pax may write it, with the bytes once more.
            b'1' if stored > 0 && self.has_body_at(body_at)? => {
                self.file(&mut entry, &extended, stored)?;
            }
            // Links and folders have no body, whatever their size says (as
            // libarchive and Python read them).
            kind @ b'1'..=b'6' => {
                body.1 = 0;
                let link = extended.link.clone().unwrap_or_else(|| header.link());
                entry.kind = without_body(kind, &link);
            }
            b'D' => entry.kind = Kind::Folder,
            b'M' => entry.kind = Kind::Unread("it begins in another volume".to_string()),
            kind => {
                let kind = kind.escape_ascii();
                entry.kind = Kind::Unread(format!("it is of a kind that is not known ('{kind}')"));
            }
        }
        entry.take_name(&name);
        if let Some(fault) = extended.fault {
            entry.kind = Kind::Unread(fault);
        }
        self.pass(&mut entry, body)?;
        Ok(entry)
    }

    fn file(&mut self, entry: &mut Entry, extended: &Extended, stored: u64) -> Result<(), Unread> {
        entry.size = stored;
        if extended.sparse.is_sparse() {
            let told = extended.sparse.clone();
            entry.take_map(told.map(&mut self.source, entry.body_at, stored)?);
        }
        Ok(())
    }

    /// A hard link that tells a size may have a body, or only seem so.
    fn has_body_at(&mut self, at: u64) -> Result<bool, Unread> {
        Ok(matches!(find(&mut self.source, at)?, Found::Other))
    }

    /// Goes on behind the body of an entry, as far as there is one.
    fn pass(&mut self, entry: &mut Entry, (from, stored): (u64, u64)) -> Result<(), Unread> {
        self.at = after(from, stored)?;
        self.body_end = from + stored;
        if self.body_end > self.source.size() {
            let end = self.source.size();
            entry.kind = Kind::Unread(format!("it is cut short: the tar ends at byte {end}"));
        }
        Ok(())
    }
}

impl Entry {
    fn take_map(&mut self, map: Map) {
        (self.size, self.body_at) = (map.size, map.at);
        self.kind = map.pieces.map_or_else(Kind::Unread, Kind::Sparse);
    }

    fn take_name(&mut self, bytes: &[u8]) {
        if std::str::from_utf8(bytes).is_err() && !matches!(self.kind, Kind::Folder) {
            self.kind = Kind::Unread("its name is not UTF-8".to_string());
        }
        self.name = text(bytes);
    }
}

fn without_body(kind: u8, link: &[u8]) -> Kind {
    match kind {
        b'1' => Kind::HardLink(text(link)),
        b'2' => Kind::SymbolicLink(text(link)),
        b'3' => Kind::Special("a character device"),
        b'4' => Kind::Special("a block device"),
        b'5' => Kind::Folder,
        _ => Kind::Special("a FIFO"),
    }
}

/// What is not UTF-8 is escaped, so that two names stay two.
fn text(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes);
    text.map_or_else(|_| bytes.escape_ascii().to_string(), str::to_string)
}

/// The next block behind a body.
fn after(from: u64, len: u64) -> Result<u64, Unread> {
    let end = from.checked_add(len).and_then(|end| end.checked_next_multiple_of(BLOCK));
    end.ok_or_else(|| Unread::malformed(from, format!("a length of {len} bytes")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tar::write::{end_len, header, padding_len};
    use crate::format::tar::{Member, RECORD};

    /// All entries, the places where others were joined, and why it stopped.
    fn read(bytes: &[u8]) -> (Vec<Entry>, Vec<u64>, Stopped) {
        let (mut entries, mut joined) = (Vec::new(), Vec::new());
        let mut reader = Entries::new(bytes);
        loop {
            match reader.step().unwrap() {
                Step::Entry(entry) => entries.push(entry),
                Step::Joined(at) => joined.push(at),
                Step::Stopped(stopped) => return (entries, joined, stopped),
            }
        }
    }

    fn sample() -> Vec<u8> {
        let long = format!("{}/{}.jpg", "f".repeat(120), "n".repeat(120));
        let mut bytes = Vec::new();
        for (name, body) in [("a/1.jpg", &b"one"[..]), (&long, &[1; 600]), ("b/2.jpg", &[2; 512])] {
            let member =
                Member { name: name.into(), size: body.len() as u64, modified_s: 1_000_000_000 };
            bytes.extend(header(&member).unwrap());
            bytes.extend_from_slice(body);
            bytes.resize(bytes.len() + padding_len(member.size) as usize, 0);
        }
        bytes.resize(bytes.len() + end_len(bytes.len() as u64) as usize, 0);
        bytes
    }

    /// A tar of entries of kinds, each with its name and what it links to.
    fn links(entries: &[(tar::EntryType, &str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for &(kind, name, link) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            match kind.is_file() {
                true => {
                    header.set_size(3);
                    builder.append_data(&mut header, name, &b"abc"[..]).unwrap();
                }
                false if link.is_empty() => {
                    header.set_size(0);
                    builder.append_data(&mut header, name, &b""[..]).unwrap();
                }
                false => {
                    header.set_size(0);
                    builder.append_link(&mut header, name, link).unwrap();
                }
            }
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn what_was_written_is_read() {
        let (entries, joined, stopped) = read(&sample());
        let found: Vec<_> = entries.iter().map(|entry| (entry.name.len(), entry.size)).collect();
        assert_eq!(found, [(7, 3), (245, 600), (7, 512)]);
        assert_eq!((entries[1].header_at, entries[1].body_at), (1024, 1024 + 3 * 512));
        assert_eq!((joined.len(), stopped), (0, Stopped::End(RECORD)));
        assert_eq!(entries[0].modified, Some(Modified { s: 1_000_000_000, ns: 0 }));
    }

    #[test]
    fn long_names_links_and_folders_of_gnu_tar_are_read() {
        use tar::EntryType::{Directory, Fifo, Link, Regular, Symlink};
        let long = "x".repeat(180) + ".jpg";
        let bytes = links(&[
            (Directory, "folder/", ""),
            (Regular, &long, ""),
            (Link, "again.jpg", &long),
            (Symlink, "s.jpg", "../1.jpg"),
            (Fifo, "7.jpg", ""),
        ]);
        let (entries, _, stopped) = read(&bytes);
        let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.clone()).collect();
        assert_eq!(
            kinds,
            [
                Kind::Folder,
                Kind::File,
                Kind::HardLink(long.clone()),
                Kind::SymbolicLink("../1.jpg".into()),
                Kind::Special("a FIFO"),
            ]
        );
        assert_eq!(entries[1].name, long);
        assert_eq!(&bytes[entries[1].body_at as usize..][..3], b"abc");
        assert!(matches!(stopped, Stopped::End(_)));
    }

    #[test]
    fn a_tar_cut_anywhere_gives_the_members_before_the_cut_and_says_where() {
        let bytes = sample();
        for end in 0..=4608 {
            let (entries, _, stopped) = read(&bytes[..end]);
            let whole = entries.iter().filter(|entry| entry.kind == Kind::File).count();
            let expected = [515, 3160, 4608].iter().filter(|&&body_end| body_end <= end).count();
            assert_eq!(whole, expected, "cut at {end}");
            let between = matches!(end, 515..=1024 | 3160..=3584 | 4608);
            let is_inside = matches!(stopped, Stopped::Cut(_) | Stopped::FatalError(_));
            assert_eq!(is_inside, !between, "cut at {end}: {stopped:?}");
            assert!(stopped.fault().is_some(), "cut at {end}");
        }
        // From the first empty block on nothing is missing.
        for end in 4608 + 512..=bytes.len() {
            assert_eq!(read(&bytes[..end]).2.fault(), None, "cut at {end}");
        }
    }

    #[test]
    fn a_tar_joined_to_another_is_read_on_and_what_is_none_is_said() {
        let one = sample();
        let (entries, joined, stopped) = read(&[&one[..], &one].concat());
        assert_eq!((entries.len(), joined), (6, vec![RECORD]));
        assert_eq!(stopped, Stopped::End(2 * RECORD));
        let (entries, _, stopped) = read(&[&one[..], b"<html>"].concat());
        assert!(entries.len() == 3 && stopped.fault().unwrap().contains("10246"), "{stopped:?}");
        let (entries, _, stopped) = read(&[&one[..], &[7; 1024]].concat());
        assert!(entries.len() == 3 && stopped.fault().unwrap().contains("10240"), "{stopped:?}");
        // Empty blocks where none should be, as a hole of the disk leaves them.
        let (entries, joined, _) = read(&[&one[..1024], &[0; 512], &one[1024..]].concat());
        assert_eq!((entries.len(), joined), (3, vec![1536]));
        for none in [&b""[..], b"id,lon\n", &[7; 600]] {
            assert!(read(none).2.fault().is_some(), "{none:?}");
        }
        assert_eq!(read(&[0; 10240]).2, Stopped::End(RECORD));
    }

    #[test]
    fn a_stream_gives_the_same_as_a_file() {
        let bytes = [&sample()[..], &sample()].concat();
        for end in [0, 300, 515, 1030, 2000, 4608, 10240, 12000, 20480] {
            let mut stream = Entries::new(crate::format::source::Forward::new(&bytes[..end]));
            let mut names = Vec::new();
            let stopped = loop {
                match stream.step().unwrap() {
                    // The end of a stream is not known before it has come.
                    Step::Entry(entry) => names.push(entry.name),
                    Step::Joined(_) => {}
                    Step::Stopped(stopped) => break stopped,
                }
            };
            let (entries, _, of_file) = read(&bytes[..end]);
            assert_eq!(stopped, of_file, "cut at {end}");
            assert_eq!(names.len(), entries.len(), "cut at {end}");
        }
    }

    #[test]
    fn what_a_name_or_a_record_lacks_costs_its_member_alone() {
        let mut bytes = sample();
        let sum: u64 = 0xe9 - u64::from(bytes[2]);
        bytes[2] = 0xe9;
        let stated = crate::format::tar::number(&bytes[148..156]).unwrap() as u64 + sum;
        bytes[148..155].copy_from_slice(format!("{stated:06o}\0").as_bytes());
        let (entries, _, stopped) = read(&bytes);
        assert_eq!((entries[0].name.as_str(), entries.len()), ("a/\\xe9.jpg", 3));
        assert_eq!(entries[0].kind, Kind::Unread("its name is not UTF-8".into()));
        assert!(matches!(stopped, Stopped::End(_)));
    }

    #[test]
    fn random_changes_do_no_harm() {
        let mut random = fastrand::Rng::with_seed(7);
        let sample = sample();
        for _ in 0..5_000 {
            let mut bytes = sample.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            let _ = read(&bytes);
        }
    }
}
