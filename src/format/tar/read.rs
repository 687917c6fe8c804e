//! Reads the headers of a tar, of any maker: ustar, pax, and GNU's long names.
//! Bodies are stepped over.

use super::{BLOCK, Member, checksum, field};
use crate::format::Malformed;
use crate::format::source::{Source, Unread};

/// An archive of ten years of pictures has some millions; a loop needs an end.
const MAX_MEMBERS: usize = 20_000_000;

/// Long names and pax records of real tars have some hundred bytes.
const MAX_RECORDS: u64 = 1 << 20;

/// A file in a tar, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub member: Member,
    /// Where what belongs to it begins: its first header, long names included.
    pub header_at: u64,
    /// Where its body begins.
    pub body_at: u64,
}

/// Why reading went no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// At the two empty blocks that end a tar, or where a whole file ends without them.
    End(u64),
    /// At something that is wrong.
    Fault(Malformed),
}

/// The files of a tar in their order, as far as it can be read; folders and
/// links are passed over.
///
/// # Errors
/// Only of the source itself.
pub fn read(source: &mut impl Source) -> std::io::Result<(Vec<Entry>, Stopped)> {
    let mut entries = Vec::new();
    let mut at = 0;
    while entries.len() < MAX_MEMBERS {
        match next(source, at) {
            Ok(Step::File(entry, next_at)) => {
                entries.push(entry);
                at = next_at;
            }
            Ok(Step::Other(next_at)) => at = next_at,
            Ok(Step::End) => return Ok((entries, Stopped::End(at))),
            Err(unread) => return Ok((entries, Stopped::Fault(unread.into_malformed()?))),
        }
    }
    let fault = Malformed::at_byte(at as usize, format!("more than {MAX_MEMBERS} files"));
    Ok((entries, Stopped::Fault(fault)))
}

/// A number in a header: octal digits, or the binary form that GNU tar uses
/// for what they cannot hold.
pub fn number(bytes: &[u8]) -> Option<i64> {
    if let [first @ (0x80 | 0xff), rest @ ..] = bytes {
        let start = if *first == 0xff { -1 } else { 0 };
        return rest.iter().try_fold(start, |sum: i64, &byte| {
            sum.checked_mul(256).map(|shifted| shifted | i64::from(byte))
        });
    }
    let text = std::str::from_utf8(bytes).ok()?.trim_matches(['\0', ' ']);
    if text.is_empty() { Some(0) } else { i64::from_str_radix(text, 8).ok() }
}

enum Step {
    File(Entry, u64),
    Other(u64),
    End,
}

/// What records before a header say instead of it.
#[derive(Default)]
struct Instead {
    name: Option<String>,
    size: Option<u64>,
}

/// The next member from here, with the long names before it.
fn next(source: &mut impl Source, header_at: u64) -> Result<Step, Unread> {
    let mut at = header_at;
    let mut instead = Instead::default();
    // Each kind of record stands at most once before a header, and not empty.
    for _ in 0..8 {
        let Some(block) = block(source, at)? else {
            return match at == header_at {
                true => Ok(Step::End),
                false => Err(Unread::malformed(at, "a long name without its file")),
            };
        };
        let kind = block[field::KIND];
        let stated = size(&block, at)?;
        let body_at = at + BLOCK;
        let after = |size: u64| body_at.checked_add(size)?.checked_next_multiple_of(BLOCK);
        let too_long = || Unread::malformed(at, format!("a length of {stated} bytes"));
        match kind {
            b'x' | b'L' => {
                take_records(source, body_at, stated, kind, &mut instead)?;
                at = after(stated).ok_or_else(too_long)?;
            }
            // Global records and long link names say nothing that is needed here.
            b'g' | b'K' => at = after(stated).ok_or_else(too_long)?,
            b'0' | b'\0' | b'7' => {
                let size = instead.size.unwrap_or(stated);
                let next_at = after(size).ok_or_else(too_long)?;
                if body_at + size > source.size() {
                    return Err(Unread::malformed(source.size(), "a member is cut short"));
                }
                let modified_s = number(&block[field::MTIME]).unwrap_or(0);
                let name = match instead.name {
                    Some(name) => name,
                    None => name(&block, at)?,
                };
                let member = Member { name, size, modified_s };
                return Ok(Step::File(Entry { member, header_at, body_at }, next_at));
            }
            // Links and folders have no body, whatever their size says (as
            // GNU tar reads them); other kinds have one.
            b'1'..=b'6' => return Ok(Step::Other(body_at)),
            _ => return Ok(Step::Other(after(stated).ok_or_else(too_long)?)),
        }
    }
    Err(Unread::malformed(at, "one long name after another"))
}

/// The header at this place; none at the end.
fn block(source: &mut impl Source, at: u64) -> Result<Option<[u8; BLOCK as usize]>, Unread> {
    let bytes = source.at(at, BLOCK as usize)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let Ok(block) = <[u8; BLOCK as usize]>::try_from(bytes) else {
        return Err(Unread::malformed(at + bytes.len() as u64, "a header is cut short"));
    };
    if block.iter().all(|&byte| byte == 0) {
        return Ok(None);
    }
    let stated = number(&block[field::CHECKSUM]);
    if stated != Some(checksum(&block) as i64) {
        return Err(Unread::malformed(at, "a header whose sum is wrong"));
    }
    Ok(Some(block))
}

fn size(block: &[u8], at: u64) -> Result<u64, Unread> {
    let size = number(&block[field::SIZE]).and_then(|size| u64::try_from(size).ok());
    size.ok_or_else(|| Unread::malformed(at + field::SIZE.start as u64, "a size that is no number"))
}

fn name(block: &[u8], at: u64) -> Result<String, Unread> {
    let text = |range: std::ops::Range<usize>| {
        let bytes = &block[range];
        &bytes[..memchr::memchr(0, bytes).unwrap_or(bytes.len())]
    };
    // Old and GNU headers keep other things where ustar has the prefix.
    let is_ustar = block[field::MAGIC].starts_with(b"ustar\0");
    let prefix = if is_ustar { text(field::PREFIX) } else { b"" };
    let name = match prefix {
        b"" => text(field::NAME).to_vec(),
        prefix => [prefix, b"/", text(field::NAME)].concat(),
    };
    String::from_utf8(name).map_err(|_| Unread::malformed(at, "a name that is not UTF-8"))
}

fn take_records(
    source: &mut impl Source,
    at: u64,
    len: u64,
    kind: u8,
    instead: &mut Instead,
) -> Result<(), Unread> {
    if len > MAX_RECORDS {
        return Err(Unread::malformed(at, format!("a long name of {len} bytes")));
    }
    let bytes = source.at(at, len as usize)?;
    let wrong = |what: &str| Unread::malformed(at, what);
    if bytes.len() as u64 != len {
        return Err(wrong("a long name is cut short"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("a name that is not UTF-8"))?;
    if kind == b'L' {
        instead.name = Some(text.trim_end_matches('\0').to_string());
        return Ok(());
    }
    let mut rest = text;
    while !rest.is_empty() {
        let (key, value, after) = pax_record(rest).ok_or_else(|| wrong("a broken pax record"))?;
        match key {
            "path" => instead.name = Some(value.to_string()),
            "size" => {
                instead.size = Some(value.parse().map_err(|_| wrong("a broken pax size"))?);
            }
            _ => {}
        }
        rest = after;
    }
    Ok(())
}

/// `LENGTH KEY=VALUE\n`, where the length counts all of it.
fn pax_record(text: &str) -> Option<(&str, &str, &str)> {
    let (len, _) = text.split_once(' ')?;
    let record = text.get(..len.parse::<usize>().ok()?)?;
    let pair = record.get(len.len() + 1..)?.strip_suffix('\n')?;
    let (key, value) = pair.split_once('=')?;
    Some((key, value, &text[record.len()..]))
}

#[cfg(test)]
mod tests {
    use super::super::write::{end_len, header, padding_len};
    use super::*;

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

    #[test]
    fn what_was_written_is_read() {
        let bytes = sample();
        let (entries, stopped) = read(&mut &bytes[..]).unwrap();
        let found: Vec<_> =
            entries.iter().map(|entry| (entry.member.name.len(), entry.member.size)).collect();
        assert_eq!(found, [(7, 3), (245, 600), (7, 512)]);
        assert_eq!((entries[1].header_at, entries[1].body_at), (1024, 1024 + 3 * 512));
        assert_eq!(stopped, Stopped::End(4608));
        assert_eq!(entries[0].member.modified_s, 1_000_000_000);
    }

    #[test]
    fn long_names_and_folders_of_gnu_tar_are_read() {
        let mut builder = tar::Builder::new(Vec::new());
        let long = "x".repeat(180) + ".jpg";
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Directory);
        header.set_size(0);
        builder.append_data(&mut header.clone(), "folder/", &b""[..]).unwrap();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(3);
        builder.append_data(&mut header, &long, &b"abc"[..]).unwrap();
        let bytes = builder.into_inner().unwrap();
        let (entries, stopped) = read(&mut &bytes[..]).unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].member.name, long);
        assert_eq!(&bytes[entries[0].body_at as usize..][..3], b"abc");
        assert!(matches!(stopped, Stopped::End(_)));
    }

    #[test]
    fn a_tar_cut_anywhere_gives_the_members_before_the_cut() {
        let bytes = sample();
        for end in 0..=4608 {
            let (entries, stopped) = read(&mut &bytes[..end]).unwrap();
            let whole = [515, 3160, 4608].iter().filter(|&&body_end| body_end <= end).count();
            assert_eq!(entries.len(), whole, "cut at {end}");
            let between =
                matches!(end, 0 | 1024 | 3584 | 4608) || matches!(end, 515..1024 | 3160..3584);
            assert_eq!(matches!(stopped, Stopped::End(_)), between, "cut at {end}: {stopped:?}");
        }
    }

    #[test]
    fn random_changes_do_no_harm() {
        let mut random = fastrand::Rng::with_seed(7);
        let sample = sample();
        for _ in 0..20_000 {
            let mut bytes = sample.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            let _ = read(&mut &bytes[..]);
        }
    }

    #[test]
    fn binary_numbers_are_read_and_too_large_ones_refused() {
        assert_eq!(number(b"00000000017\0"), Some(15));
        assert_eq!(number(&[0x80, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]), Some(0x0200_0000));
        assert_eq!(number(&[0xff; 12]), Some(-1));
        assert_eq!(number(&[0x80, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]), None);
        assert_eq!(number(b"9"), None);
    }
}
