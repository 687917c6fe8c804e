//! Files in a packing: gzip, ZIP and KMZ, one in another too. Limits keep what unpacks without end from filling memory.

use std::io::{Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use zip::ZipArchive;

use super::kind::HEAD;

/// How much is unpacked.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of all members together.
    pub bytes: u64,
    /// Members of an archive.
    pub members: usize,
    /// Packings in one another.
    pub depth: usize,
}

impl Default for Limits {
    /// A Timeline of ten years has 1 GB; a KMZ in a ZIP that was sent as gzip is three deep.
    fn default() -> Self {
        Limits { bytes: 2 << 30, members: 20_000, depth: 3 }
    }
}

/// A file that stood in a packing.
pub struct Member {
    /// Its path in the archive, by way of all that it is packed in; none for what was gzip alone or not packed.
    pub name: Option<String>,
    pub bytes: Vec<u8>,
    /// A gzip file ended early; what was there is there.
    pub is_cut: bool,
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Members that `wants` did not take by their beginning.
    pub left_out: u64,
    /// The first of them, and what it looks like.
    pub first: Option<(String, String)>,
}

/// Tells of each file that is wanted by its beginning, unpacked.
///
/// # Errors
/// What is damaged, locked by a password, or goes beyond the limits; what `take` says.
pub fn unpack(
    bytes: Vec<u8>,
    limits: Limits,
    wants: &dyn Fn(&[u8]) -> bool,
    take: &mut dyn FnMut(Member) -> Result<(), String>,
) -> Result<Unpacked, String> {
    let mut unpacking =
        Unpacking { limits, left: limits.bytes, wants, take, unpacked: Unpacked::default() };
    unpacking.any(Member { name: None, bytes, is_cut: false }, 0)?;
    Ok(unpacking.unpacked)
}

/// Whether the bytes are packed.
pub fn is_packed(bytes: &[u8]) -> bool {
    is_gzip(bytes) || is_zip(bytes)
}

fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08")
}

/// A local header, or the end of an archive without members.
fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

struct Unpacking<'a> {
    limits: Limits,
    left: u64,
    wants: &'a dyn Fn(&[u8]) -> bool,
    take: &'a mut dyn FnMut(Member) -> Result<(), String>,
    unpacked: Unpacked,
}

impl Unpacking<'_> {
    fn any(&mut self, member: Member, depth: usize) -> Result<(), String> {
        if !is_packed(&member.bytes) {
            return (self.take)(member);
        }
        if depth == self.limits.depth {
            return Err(format!(
                "it is packed more than {depth} times: unpack it, and give what is in it"
            ));
        }
        if is_gzip(&member.bytes) { self.gzip(member, depth) } else { self.zip(member, depth) }
    }

    fn gzip(&mut self, member: Member, depth: usize) -> Result<(), String> {
        let mut bytes = Vec::new();
        let read = self.read(&mut MultiGzDecoder::new(member.bytes.as_slice()), &mut bytes)?;
        if bytes.is_empty()
            && let Err(error) = &read
        {
            return Err(format!("the gzip file cannot be read: {error}"));
        }
        self.any(Member { name: member.name, bytes, is_cut: read.is_err() }, depth + 1)
    }

    fn zip(&mut self, member: Member, depth: usize) -> Result<(), String> {
        let wrong = |error| format!("the ZIP cannot be read: {error}");
        let mut archive = ZipArchive::new(Cursor::new(member.bytes)).map_err(wrong)?;
        if archive.len() > self.limits.members {
            return Err(format!(
                "the ZIP has {} members, more than {}: unpack it, and give the tracks",
                archive.len(),
                self.limits.members
            ));
        }
        for number in 0..archive.len() {
            let mut file = match archive.by_index(number) {
                Ok(file) if file.is_file() => file,
                Ok(_) => continue,
                Err(error) => {
                    return Err(format!(
                        "member {} of the ZIP cannot be read: {error}",
                        number + 1
                    ));
                }
            };
            let inner = String::from_utf8_lossy(file.name_raw()).to_string();
            let name =
                member.name.as_ref().map_or(inner.clone(), |outer| format!("{outer}/{inner}"));
            let wrong = |error| format!("'{name}' in the ZIP cannot be read: {error}");
            let mut bytes = Vec::new();
            self.read(&mut (&mut file).take(HEAD as u64), &mut bytes)?.map_err(wrong)?;
            if !is_packed(&bytes) && !(self.wants)(&bytes) {
                self.leave_out(&name, &bytes);
                continue;
            }
            // An archive knows its members' sums: one that ends early is damaged.
            self.read(&mut file, &mut bytes)?.map_err(wrong)?;
            self.any(Member { name: Some(name), bytes, is_cut: false }, depth + 1)?;
        }
        Ok(())
    }

    fn leave_out(&mut self, name: &str, bytes: &[u8]) {
        self.unpacked.left_out += 1;
        let looks = || (name.to_string(), super::looks::looks_like(bytes));
        self.unpacked.first.get_or_insert_with(looks);
    }

    /// Reads to the end, or to the limit; the inner result is that of the reader.
    fn read(
        &mut self,
        from: &mut dyn Read,
        to: &mut Vec<u8>,
    ) -> Result<std::io::Result<()>, String> {
        let before = to.len();
        let read = from.take(self.left + 1).read_to_end(to);
        let count = (to.len() - before) as u64;
        match self.left.checked_sub(count) {
            Some(left) => self.left = left,
            None => {
                return Err(format!(
                    "it unpacks to more than {} MB: unpack it, and give the tracks",
                    self.limits.bytes >> 20
                ));
            }
        }
        Ok(read.map(|_| ()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use zip::write::SimpleFileOptions;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            out.start_file(*name, SimpleFileOptions::default()).unwrap();
            out.write_all(bytes).unwrap();
        }
        out.finish().unwrap().into_inner()
    }

    /// Names and texts, and what was left out.
    fn unpacked(bytes: &[u8], limits: Limits) -> Result<(Vec<String>, Unpacked), String> {
        let mut found = Vec::new();
        let wants = |head: &[u8]| head.starts_with(b"<");
        let unpacked = unpack(bytes.to_vec(), limits, &wants, &mut |member| {
            let cut = if member.is_cut { " cut" } else { "" };
            let text = String::from_utf8_lossy(&member.bytes).to_string();
            found.push(format!("{}{cut} {text}", member.name.unwrap_or_default()));
            Ok(())
        })?;
        Ok((found, unpacked))
    }

    #[test]
    fn packings_are_taken_off_one_after_another() {
        let kmz = zip(&[("doc.kml", b"<kml/>"), ("files/a.jpg", b"\xff\xd8\xff")]);
        let all = zip(&[("a/b.kmz", &kmz), ("c.gpx.gz", &gzip(b"<gpx/>")), ("read.me", b"hello")]);
        let (found, rest) = unpacked(&gzip(&all), Limits::default()).unwrap();
        assert_eq!(found, ["a/b.kmz/doc.kml <kml/>", "c.gpx.gz <gpx/>"]);
        assert_eq!(rest.left_out, 2);
        let (name, looks) = rest.first.unwrap();
        assert_eq!((name.as_str(), looks.as_str()), ("a/b.kmz/files/a.jpg", "a JPEG picture"));
        assert_eq!(unpacked(b"plain", Limits::default()).unwrap().0, [" plain"]);
        assert_eq!(unpacked(&zip(&[]), Limits::default()).unwrap().0.len(), 0);
    }

    #[test]
    fn what_unpacks_without_end_is_stopped() {
        let big = [b"<".to_vec(), b" ".repeat(3 << 20)].concat();
        let limits = Limits { bytes: 2 << 20, members: 3, depth: 2 };
        for bomb in [gzip(&big), zip(&[("a", &big)]), gzip(&zip(&[("a", &big)]))] {
            assert!(unpacked(&bomb, limits).unwrap_err().contains("more than 2 MB"));
        }
        let half = &big[..3 << 19];
        let twice = zip(&[("a", half), ("b", half)]);
        assert!(unpacked(&twice, limits).unwrap_err().contains("more than 2 MB"));
        let nested = gzip(&gzip(&gzip(b"<gpx/>")));
        assert!(unpacked(&nested, limits).unwrap_err().contains("packed more than 2 times"));
        let many = zip(&[("a", b"<"), ("b", b"<"), ("c", b"<"), ("d", b"<")]);
        assert!(unpacked(&many, limits).unwrap_err().contains("4 members"));
    }

    #[test]
    fn a_packing_cut_anywhere_or_changed_at_random_does_no_harm() {
        let text = b"<gpx><trk/></gpx>".repeat(20);
        for whole in [gzip(&text), zip(&[("a.gpx", &text), ("b", b"x")])] {
            for end in 0..whole.len() {
                let _ = unpacked(&whole[..end], Limits::default());
            }
            let mut random = fastrand::Rng::with_seed(7);
            for _ in 0..2_000 {
                let mut bytes = whole.clone();
                for _ in 0..random.usize(1..6) {
                    let at = random.usize(..bytes.len());
                    bytes[at] = random.u8(..);
                }
                let _ = unpacked(&bytes, Limits::default());
            }
        }
        let packed = gzip(&text);
        let (found, _) = unpacked(&packed[..packed.len() - 4], Limits::default()).unwrap();
        assert!(found[0].starts_with(" cut <gpx>"));
        let mut wrong = zip(&[("a.gpx", &text)]);
        wrong[40] ^= 0xff;
        assert!(unpacked(&wrong, Limits::default()).unwrap_err().contains("'a.gpx'"));
    }
}
