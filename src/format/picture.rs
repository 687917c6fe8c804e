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
        }
        let (exif, xmp) = (&facts.exif.faults, &facts.xmp.faults);
        facts.faults.extend(exif.iter().chain(xmp).cloned());
        Ok(facts)
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
        let block = exif::edit(block.as_deref(), exif, limits.0)?;
        let packet = self.block(layout.xmp)?;
        let packet = if xmp.is_empty() { None } else { xmp::edit(packet.as_deref(), xmp)? };
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
        match bytes.len() as u64 == range.end - range.start {
            true => Ok(Some(bytes.to_vec())),
            false => Err(Unread::malformed(range.start, "metadata that is cut short is not changed")),
        }
    }
}

fn block_len(range: &std::ops::Range<u64>) -> usize {
    (range.end - range.start).min(MAX_BLOCK) as usize
}

/// A TIFF file is one EXIF block as a whole.
fn tiff(source: &mut impl Source) -> Result<Layout, Unread> {
    let tree = exif::tree::read(source)?;
    let size = exif::facts::tiff_size(source, &tree)?;
    let xmp = tree.entry(exif::tags::XMP).filter(|entry| entry.is_far());
    let xmp = xmp.map(|entry| entry.value_at..entry.value_at.saturating_add(entry.len));
    Ok(Layout { size, exif: Some(0..source.size()), xmp, faults: Vec::new() })
}
