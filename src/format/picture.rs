//! A picture file of any known format: what it says about itself, and the same file with other words in it.

use std::io::{Read, Seek};

use super::{
    Malformed, container,
    container::{Layout, Piece},
    exif, heif, jpeg, png,
    source::{MAX_BLOCK, Source, Unread, Window},
    webp, xmp,
};

/// The formats, found by their first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    WebP,
    Png,
    Heif,
    /// TIFF, and RAW files that are built like one.
    Tiff,
}

impl Kind {
    /// From the first 12 bytes of a file.
    pub fn of(start: &[u8]) -> Option<Kind> {
        match start {
            [0xFF, 0xD8, 0xFF, ..] => Some(Kind::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Kind::WebP),
            _ if start.starts_with(png::SIGNATURE) => Some(Kind::Png),
            _ if heif::is_heif(start) => Some(Kind::Heif),
            _ => exif::tree::header(start).map(|_| Kind::Tiff),
        }
    }

    /// Whether metadata can be written into such files; the others take a sidecar.
    pub fn is_written(self) -> bool {
        matches!(self, Kind::Jpeg | Kind::WebP)
    }
}

/// What a file says about its picture. `faults` tell what could not be read;
/// the rest holds in spite of them. Places in EXIF and XMP faults count from
/// the start of their block.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Width and height of the stored pixels, in no way turned.
    pub size: Option<(u32, u32)>,
    pub exif: exif::Facts,
    pub xmp: xmp::Packet,
    pub faults: Vec<Malformed>,
}

/// A picture file that was opened: its head has been read.
#[derive(Debug)]
pub struct Picture<R> {
    pub kind: Kind,
    source: Window<R>,
    container: Container,
}

#[derive(Debug)]
enum Container {
    Jpeg(jpeg::Head),
    WebP(webp::Chunks),
    ReadOnly(Layout),
}

impl<R: Read + Seek> Picture<R> {
    /// Reads the head of a file: 64 KB, and more only where metadata lies deeper.
    ///
    /// # Errors
    /// A file that cannot be read, or of no known format.
    pub fn open(from: R) -> Result<Self, Unread> {
        let mut source = Window::open(from)?;
        let kind = Kind::of(source.at(0, 12)?)
            .ok_or_else(|| Unread::malformed(0, "no picture of a known format"))?;
        let container = match kind {
            Kind::Jpeg => Container::Jpeg(jpeg::read(&mut source)?),
            Kind::WebP => Container::WebP(webp::read(&mut source)?),
            Kind::Png => Container::ReadOnly(png::read(&mut source)?),
            Kind::Heif => Container::ReadOnly(heif::read(&mut source)?),
            Kind::Tiff => Container::ReadOnly(tiff(&mut source)?),
        };
        Ok(Picture { kind, source, container })
    }

    /// Width and height of the stored pixels, in no way turned.
    pub fn size(&self) -> Option<(u32, u32)> {
        self.layout().size
    }

    /// Reads what the file says. Broken metadata is no error, see [`Facts`].
    pub fn facts(&mut self) -> Result<Facts, Unread> {
        let layout = self.layout().clone();
        let mut facts = Facts { size: layout.size, faults: layout.faults, ..Facts::default() };
        let read = match (self.kind, &layout.exif) {
            (Kind::Tiff, _) => Some(exif::read(&mut self.source)),
            (_, Some(range)) => {
                let mut block = self.source.at(range.start, block_len(range))?;
                Some(exif::read(&mut block))
            }
            _ => None,
        };
        match read {
            None => {}
            Some(Ok(exif)) => facts.exif = exif,
            Some(Err(error)) => facts.faults.push(error.into_malformed()?),
        }
        if let Some(range) = &layout.xmp {
            facts.xmp = xmp::read(self.source.at(range.start, block_len(range))?);
            self.read_on(&mut facts.xmp)?;
        }
        let (exif, xmp) = (&facts.exif.faults, &facts.xmp.faults);
        facts.faults.extend(exif.iter().chain(xmp).cloned());
        Ok(facts)
    }

    /// Reads what found no room in the first segment of a JPEG's XMP.
    fn read_on(&mut self, packet: &mut xmp::Packet) -> Result<(), Unread> {
        let guid = packet.text(xmp::NOTE, "HasExtendedXMP").map(String::from);
        if let (Container::Jpeg(head), Some(guid)) = (&self.container, guid) {
            match head.extended(&mut self.source, &guid)? {
                Ok(bytes) => packet.append(xmp::read(&bytes)),
                Err(fault) => packet.faults.extend(fault),
            }
        }
        Ok(())
    }

    /// The small JPEG in the EXIF, if there is one.
    ///
    /// # Errors
    /// A source that cannot be read, or EXIF that is none.
    pub fn thumbnail(&mut self) -> Result<Option<Vec<u8>>, Unread> {
        match (self.kind, self.layout().exif.clone()) {
            (Kind::Tiff, _) => exif::thumbnail::read(&mut self.source),
            (_, Some(range)) => {
                exif::thumbnail::read(&mut self.source.at(range.start, block_len(&range))?)
            }
            _ => Ok(None),
        }
    }

    /// The new file as pieces, or `None` when the old one says so already.
    /// Whatever is not being set is in it bit for bit.
    ///
    /// # Errors
    /// Metadata that is broken or does not fit, or a format that is only read:
    /// the file is better left as it is.
    pub fn edit(
        &mut self,
        exif: &[exif::Edit],
        xmp: &[xmp::Edit],
    ) -> Result<Option<Vec<Piece>>, Unread> {
        let limits = match self.container {
            Container::Jpeg(_) => (jpeg::MAX_EXIF, jpeg::MAX_XMP),
            Container::WebP(_) => (MAX_BLOCK as usize, MAX_BLOCK as usize),
            Container::ReadOnly(_) => {
                return Err(Unread::malformed(0, "format is only read, not written"));
            }
        };
        let layout = self.layout().clone();
        let block = self.block(layout.exif)?;
        let size = layout.size.filter(|_| self.kind == Kind::Jpeg);
        let block = exif::edit(block.as_deref(), exif, limits.0, size)?;
        let packet = self.block(layout.xmp)?;
        let packet = if xmp.is_empty() { None } else { xmp::edit(packet.as_deref(), xmp)? };
        let packet = packet.map(|packet| {
            if packet.len() > limits.1 { xmp::without_padding(&packet) } else { packet }
        });
        if let Some(packet) = packet.as_ref().filter(|packet| packet.len() > limits.1) {
            let what = format!("XMP would have {} bytes, at most {} fit", packet.len(), limits.1);
            return Err(Unread::malformed(limits.1 as u64, what));
        }
        if block.is_none() && packet.is_none() {
            return Ok(None);
        }
        let (block, packet) = (block.as_deref(), packet.as_deref());
        let splices = match &self.container {
            Container::Jpeg(head) => head.splices(&mut self.source, block, packet)?,
            Container::WebP(chunks) => chunks.splices(block, packet)?,
            Container::ReadOnly(_) => Vec::new(),
        };
        Ok(Some(container::pieces(splices, self.source.size())))
    }

    fn layout(&self) -> &Layout {
        match &self.container {
            Container::Jpeg(head) => &head.layout,
            Container::WebP(chunks) => &chunks.layout,
            Container::ReadOnly(layout) => layout,
        }
    }

    /// The bytes of a block that is all there.
    fn block(&mut self, range: Option<std::ops::Range<u64>>) -> Result<Option<Vec<u8>>, Unread> {
        let Some(range) = range else { return Ok(None) };
        let bytes = self.source.at(range.start, block_len(&range))?;
        if bytes.len() as u64 == range.end - range.start {
            Ok(Some(bytes.to_vec()))
        } else {
            Err(Unread::malformed(range.start, "metadata that is cut short is not changed"))
        }
    }
}

fn block_len(range: &std::ops::Range<u64>) -> usize {
    (range.end - range.start).min(MAX_BLOCK) as usize
}

/// A TIFF file is one EXIF block as a whole.
fn tiff(source: &mut impl Source) -> Result<Layout, Unread> {
    let tree = exif::tree::read(source)?;
    let size = exif::size::read(source, &tree)?;
    let xmp = tree.entry(exif::tags::XMP).filter(|entry| entry.is_far());
    let xmp = xmp.map(|entry| entry.value_at..entry.value_at.saturating_add(entry.len));
    Ok(Layout { size, exif: Some(0..source.size()), xmp, faults: Vec::new() })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::format::exif::value::Order;
    use crate::format::exif::{gps, sample};

    const PIXELS: &[u8] =
        b"\xFF\xC0\0\x0B\x08\0\xF0\x01\x40\x01\x01\x11\0\xFF\xDA\0\x02pixels\xFF\0.\xFF\xD9";
    const TAIL: &[u8] = b"\xFF\xD8second picture\xFF\xD9";

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let len = (content.len() as u16 + 2).to_be_bytes();
        [&[0xFF, marker], &len[..], content].concat()
    }

    /// JFIF, EXIF with a maker note, an index of two pictures, pixels, the second picture.
    fn camera_file() -> Vec<u8> {
        let block = sample::camera(Order::Little).0;
        let mut file = b"\xFF\xD8".to_vec();
        file.extend(segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
        file.extend(segment(0xE1, &[b"Exif\0\0", &block[..]].concat()));
        let header = file.len() as u32 + 8;
        let second = header + 58 + PIXELS.len() as u32 - header;
        let numbers =
            [0x20_0000, header + 58 + PIXELS.len() as u32, 0, 0, 0, TAIL.len() as u32, second, 0];
        let mut index =
            b"MPF\0MM\0*\0\0\0\x08\0\x01\xB0\x02\0\x07\0\0\0\x20\0\0\0\x1A\0\0\0\0".to_vec();
        index.extend(numbers.iter().flat_map(|number: &u32| number.to_be_bytes()));
        file.extend(segment(0xE2, &index));
        [&file[..], PIXELS, TAIL].concat()
    }

    fn edits() -> Vec<exif::Edit> {
        let place = gps::Gps { lat: Some(51.5), lon: Some(-0.1), ..Default::default() };
        gps::position_edits(&place)
    }

    fn words() -> [xmp::Edit; 1] {
        let value = Some(xmp::Set::Text("equirectangular".into()));
        [xmp::Edit { namespace: xmp::GPANO, name: "ProjectionType", value }]
    }

    fn tagged(file: &[u8]) -> Option<Vec<u8>> {
        let mut picture = Picture::open(Cursor::new(file)).unwrap();
        let pieces = picture.edit(&edits(), &words()).unwrap()?;
        Some(container::joined(&pieces, file))
    }

    fn facts(file: &[u8]) -> Facts {
        Picture::open(Cursor::new(file)).unwrap().facts().unwrap()
    }

    #[test]
    fn a_camera_file_gets_a_position_and_keeps_the_rest() {
        let file = camera_file();
        let new = tagged(&file).unwrap();
        let (before, after) = (facts(&file), facts(&new));
        assert_eq!(after.faults, []);
        assert_eq!((after.size, after.exif.gps.lat), (Some((320, 240)), Some(51.5)));
        assert_eq!(after.exif.original, before.exif.original);
        assert_eq!(after.xmp.text(xmp::GPANO, "ProjectionType"), Some("equirectangular"));
        assert!(new.ends_with(&[PIXELS, TAIL].concat()));
        assert_eq!(tagged(&new), None, "twice is once");
    }

    #[test]
    fn the_index_of_pictures_follows_the_growth() {
        let new = tagged(&camera_file()).unwrap();
        let at = new.windows(4).position(|bytes| bytes == b"MPF\0").unwrap() + 4;
        let number =
            |from: usize| u32::from_be_bytes(*new[at + from..].first_chunk().unwrap()) as usize;
        assert_eq!(new.len() - TAIL.len(), number(26 + 4), "length of the first picture");
        assert!(new[at + number(26 + 16 + 8)..].starts_with(TAIL));
    }

    #[test]
    fn a_preview_behind_the_picture_is_found_by_the_maker_s_note_as_before() {
        let mut file = camera_file();
        let preview = [&b"\0\xD8\xFF\xDB"[..], &[7; 400], b"\xFF\xD9"].concat();
        let block = file.windows(4).position(|bytes| bytes == b"II*\0").unwrap();
        let place = (file.len() - block) as u32;
        let note_at = file.windows(8).position(|bytes| bytes == &sample::MAKER_NOTE[..8]).unwrap();
        let numbers = [place.to_le_bytes(), (preview.len() as u32).to_le_bytes()].concat();
        file[note_at + 4..note_at + 12].copy_from_slice(&numbers);
        file.extend(&preview);
        for words in [&words()[..], &[]] {
            let mut picture = Picture::open(Cursor::new(&file)).unwrap();
            let exif = if words.is_empty() { edits() } else { Vec::new() };
            let new = container::joined(&picture.edit(&exif, words).unwrap().unwrap(), &file);
            assert!(new.len() > file.len());
            let note = &new[note_at + 4..];
            let place = u32::from_le_bytes(*note.first_chunk().unwrap()) as usize;
            assert_eq!(new[block + place..], preview, "it lies at the end");
            assert_eq!(note[4..8], numbers[4..]);
        }
    }

    #[test]
    fn xmp_that_goes_on_in_other_segments_is_read_and_keeps_its_link() {
        const GUID: &[u8; 32] = b"0123456789ABCDEF0123456789ABCDEF";
        let rdf = |words: &str| {
            format!(
                "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description {words}/></r:RDF>"
            )
        };
        let link = format!(
            "xmlns:n='http://ns.adobe.com/xmp/note/' n:HasExtendedXMP='{}'",
            std::str::from_utf8(GUID).unwrap()
        );
        let long = rdf("xmlns:d='http://purl.org/dc/elements/1.1/' d:source='far'");
        let part = |at: usize, bytes: &[u8]| {
            let numbers = [long.len(), at].map(|number| (number as u32).to_be_bytes()).concat();
            let name = b"http://ns.adobe.com/xmp/extension/\0";
            segment(0xE1, &[&name[..], GUID, &numbers, bytes].concat())
        };
        let (one, two) = long.as_bytes().split_at(40);
        let main = [b"http://ns.adobe.com/xap/1.0/\0", rdf(&link).as_bytes()].concat();
        let parts = [segment(0xE1, &main), part(40, two), part(0, one)].concat();
        let file = [b"\xFF\xD8", &parts[..], PIXELS].concat();
        assert_eq!(facts(&file).xmp.text(xmp::DC, "source"), Some("far"));
        let new = tagged(&file).unwrap();
        assert_eq!(facts(&new).xmp.text(xmp::DC, "source"), Some("far"));
        assert_eq!(facts(&new).xmp.text(xmp::GPANO, "ProjectionType"), Some("equirectangular"));
        let half = [b"\xFF\xD8", &segment(0xE1, &main)[..], &part(40, two), PIXELS].concat();
        assert_eq!(facts(&half).xmp.text(xmp::DC, "source"), None);
        assert!(!facts(&half).faults.is_empty());
    }

    #[test]
    fn exif_that_stands_twice_is_read_once_and_not_changed() {
        let block = segment(0xE1, &[b"Exif\0\0", &sample::camera(Order::Big).0[..]].concat());
        let file = [b"\xFF\xD8", &block[..], &block, PIXELS].concat();
        let found = facts(&file);
        assert_eq!(found.exif.make.as_deref(), Some("Example"));
        assert!(found.faults.iter().any(|fault| fault.what.contains("second EXIF segment")));
        let mut picture = Picture::open(Cursor::new(&file)).unwrap();
        let why = picture.edit(&edits(), &[]).unwrap_err().to_string();
        assert!(why.contains("EXIF in several segments is not changed"), "{why}");
        assert!(picture.edit(&[], &words()).unwrap().is_some(), "XMP can be");
    }

    #[test]
    fn a_file_without_metadata_gets_a_block_of_its_own() {
        let file = [b"\xFF\xD8", PIXELS].concat();
        let new = tagged(&file).unwrap();
        let facts = facts(&new);
        assert_eq!((facts.exif.gps.lon, facts.size), (Some(-0.1), Some((320, 240))));
        assert_eq!(facts.exif.orientation, None);
        assert_eq!(tagged(&new), None);
        let webp = tagged(&webp::sample()).unwrap();
        assert_eq!(tagged(&webp), None);
    }

    #[test]
    fn a_file_cut_inside_its_exif_gives_what_is_there_and_is_not_changed() {
        let file = camera_file();
        for end in 3..file.len() {
            let Ok(mut picture) = Picture::open(Cursor::new(&file[..end])) else { continue };
            let facts = picture.facts().unwrap();
            let head_ends = file.len() - PIXELS.len() - TAIL.len();
            assert!(end >= head_ends || !facts.faults.is_empty(), "cut at {end}");
            let _ = picture.edit(&edits(), &words());
        }
        let make_ends = file.windows(8).position(|bytes| bytes == b"Example\0").unwrap() + 8;
        assert_eq!(facts(&file[..make_ends]).exif.make.as_deref(), Some("Example"));
    }

    #[test]
    fn broken_files_neither_panic_nor_lose_their_pixels() {
        let mut random = fastrand::Rng::with_seed(7);
        let file = camera_file();
        for _ in 0..10_000 {
            let mut broken = file.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(2..file.len() - TAIL.len() - PIXELS.len());
                broken[at] = random.u8(..);
            }
            let Ok(mut picture) = Picture::open(Cursor::new(&broken)) else { continue };
            let _ = picture.facts();
            if let Ok(Some(pieces)) = picture.edit(&edits(), &words()) {
                assert!(container::joined(&pieces, &broken).ends_with(&[PIXELS, TAIL].concat()));
            }
        }
    }
}
