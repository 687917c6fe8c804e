//! Replaces the metadata in the header of a JPEG, and updates what depends on its length.

use std::io;

use super::{Head, MAX_PAYLOAD, Segment, XMP, afcp, mpf, previews};
use crate::format::Malformed;
use crate::format::exif::byte_order::ByteOrder;
use crate::format::exif::{tags, tree};
use crate::format::metadata_container::Splice;
use crate::format::source::{Source, Unread};

/// The prefix of the block in its segment (Exif 2.32, 4.7.2).
const EXIF: &[u8] = b"Exif\0\0";

impl Head {
    /// The splices for a new EXIF block and a new XMP packet, each only if given. Existing ones are replaced; a
    /// new segment is inserted after JFIF's, where readers look for it (Exif 2.32, 4.5.4).
    ///
    /// # Errors
    /// A broken header, or EXIF in several segments: not changed.
    pub fn splices(
        &self,
        source: &mut impl Source,
        exif: Option<&[u8]>,
        xmp: Option<&[u8]>,
    ) -> Result<Vec<Splice>, Unread> {
        self.check(exif.is_some())?;
        let mut splices = self.replaced(exif, xmp)?;
        let growth = splices.iter().map(Splice::growth).sum();
        if growth != 0 {
            self.move_previews(source, &mut splices, growth)?;
            let index = self.follow_index(source, &splices)?;
            splices.extend(index);
            splices.extend(afcp::follow(source, growth)?);
        }
        // Stable sort: EXIF stays before XMP if both are inserted at one offset.
        splices.sort_by_key(|splice| (splice.old.start, splice.old.end));
        Ok(splices)
    }

    fn check(&self, sets_exif: bool) -> Result<(), Unread> {
        if !self.is_whole {
            let end = self.segments.last().map_or(2, Segment::end);
            let what = "a head that does not lead to pixels is not changed";
            return Err(Unread::malformed(end, what));
        }
        if self.is_split && sets_exif {
            let what = "EXIF in several segments is not changed: \
                some readers take the first, some the last";
            return Err(Unread::malformed(self.exif.map_or(0, |exif| exif.at), what));
        }
        Ok(())
    }

    fn replaced(&self, exif: Option<&[u8]>, xmp: Option<&[u8]>) -> Result<Vec<Splice>, Malformed> {
        let first = self.segments.iter().take_while(|segment| segment.marker == 0xE0).last();
        let start = first.map_or(2, Segment::end);
        let behind = self.exif.map_or(start, |exif| exif.end());
        let place = |old: Option<Segment>, start| old.map_or(start..start, |old| old.at..old.end());
        let exif = exif.map(|block| (place(self.exif, start), app1(EXIF, block)));
        let xmp = xmp.map(|packet| (place(self.xmp, behind), app1(XMP, packet)));
        let splice = |(old, new): (_, Result<_, _>)| Ok(Splice { old, new: new? });
        exif.into_iter().chain(xmp).map(splice).collect()
    }

    /// Updates the offsets in the maker note that point past the header.
    fn move_previews(
        &self,
        source: &mut impl Source,
        splices: &mut Vec<Splice>,
        growth: i64,
    ) -> io::Result<()> {
        for (at, order, place) in self.previews(source)? {
            let Ok(place) = u32::try_from(i64::from(place) + growth) else { continue };
            let new = order.put_u32(place).to_vec();
            match splices.iter_mut().find(|splice| splice.old.contains(&at)) {
                // A new block keeps everything outside the appended area at its offset.
                Some(block) => {
                    let at = (at - block.old.start) as usize;
                    if let Some(old) = block.new.get_mut(at..at + 4) {
                        old.copy_from_slice(&new);
                    }
                }
                None => splices.push(Splice { old: at..at + 4, new }),
            }
        }
        Ok(())
    }

    fn previews(&self, source: &mut impl Source) -> io::Result<Vec<(u64, ByteOrder, u32)>> {
        let (Some(range), Some(last)) = (&self.layout.exif, self.segments.last()) else {
            return Ok(Vec::new());
        };
        let mut block = source.at(range.start, (range.end - range.start) as usize)?;
        let note = tree::read(&mut block).ok().and_then(|tree| tree.entry(tags::MAKER_NOTE));
        let Some(note) = note.filter(tree::IfdEntry::is_far) else { return Ok(Vec::new()) };
        let note_at = range.start + note.value_at;
        let len = note.len.min(range.end.saturating_sub(note_at)) as usize;
        let bytes = source.at(note_at, len)?.to_vec();
        let bases = [range.start, 0, note_at];
        let places = previews::places(source, &bytes, bases, last.end())?;
        let in_file = |(at, order, place)| (note_at + at as u64, order, place);
        Ok(places.into_iter().map(in_file).collect())
    }

    /// Updates the index of further pictures in the file.
    fn follow_index(
        &self,
        source: &mut impl Source,
        splices: &[Splice],
    ) -> io::Result<Vec<Splice>> {
        let Some(segment) = self.mpf else { return Ok(Vec::new()) };
        let name = mpf::NAME.len();
        let payload = source.at(segment.payload(), segment.len)?;
        let header = segment.payload() + name as u64;
        Ok(payload.get(name..).map_or(Vec::new(), |index| mpf::follow(index, header, splices)))
    }
}

fn app1(name: &[u8], content: &[u8]) -> Result<Vec<u8>, Malformed> {
    let len = name.len() + content.len();
    if len > MAX_PAYLOAD {
        let what = format!("metadata of {len} bytes, at most {MAX_PAYLOAD} fit into a segment");
        return Err(Malformed::at_byte(MAX_PAYLOAD, what));
    }
    let size = (len as u16 + 2).to_be_bytes();
    Ok([&[0xFF, 0xE1], &size[..], name, content].concat())
}
