//! A picture file of any known format: reads its metadata, and writes the file with new metadata.

mod picture_format;

use std::io::{Read, Seek};

pub use picture_format::PictureFormat;

use super::{
    Malformed, exif, heif, jpeg, metadata_container,
    metadata_container::{Layout, Piece},
    png,
    source::{MAX_BLOCK, Source, Unread, Window},
    webp, xmp,
};

/// The metadata of a picture file. `faults` lists what could not be read; the rest is valid. Offsets in EXIF
/// and XMP faults count from the start of their block.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PictureFacts {
    /// Width and height of the stored pixels, before any rotation.
    pub size: Option<(u32, u32)>,
    pub exif: exif::ExifFacts,
    pub xmp: xmp::Packet,
    pub faults: Vec<Malformed>,
}

/// An opened picture file, whose header has been read.
#[derive(Debug)]
pub struct Picture<R> {
    pub kind: PictureFormat,
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
    /// Reads the start of a file: 64 KB, and more only if metadata is further back.
    ///
    /// # Errors
    /// A file that cannot be read, or has an unknown format.
    pub fn open(from: R) -> Result<Self, Unread> {
        let mut source = Window::open(from)?;
        let kind = PictureFormat::detect(source.at(0, 12)?)
            .ok_or_else(|| Unread::malformed(0, "no picture of a known format"))?;
        let container = match kind {
            PictureFormat::Jpeg => Container::Jpeg(jpeg::read(&mut source)?),
            PictureFormat::WebP => Container::WebP(webp::read(&mut source)?),
            PictureFormat::Png => Container::ReadOnly(png::read(&mut source)?),
            PictureFormat::Heif => Container::ReadOnly(heif::read(&mut source)?),
            PictureFormat::Tiff => Container::ReadOnly(tiff(&mut source)?),
        };
        Ok(Picture { kind, source, container })
    }

    /// Width and height of the stored pixels, before any rotation.
    pub fn size(&self) -> Option<(u32, u32)> {
        self.layout().size
    }

    /// Reads the metadata of the file. Broken metadata is not an error, see [`PictureFacts`].
    pub fn facts(&mut self) -> Result<PictureFacts, Unread> {
        let layout = self.layout().clone();
        let mut facts =
            PictureFacts { size: layout.size, faults: layout.faults, ..PictureFacts::default() };
        let read = match (self.kind, &layout.exif) {
            (PictureFormat::Tiff, _) => Some(exif::read(&mut self.source)),
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

    /// Reads the XMP that did not fit into the first segment of a JPEG.
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

    /// The thumbnail JPEG in the EXIF, if there is one.
    ///
    /// # Errors
    /// A source that cannot be read, or invalid EXIF.
    pub fn thumbnail(&mut self) -> Result<Option<Vec<u8>>, Unread> {
        match (self.kind, self.layout().exif.clone()) {
            (PictureFormat::Tiff, _) => exif::thumbnail::read(&mut self.source),
            (_, Some(range)) => {
                exif::thumbnail::read(&mut self.source.at(range.start, block_len(&range))?)
            }
            _ => Ok(None),
        }
    }

    /// The new file as pieces, or `None` if the file already has these values. Everything else stays bit for
    /// bit.
    ///
    /// # Errors
    /// Metadata that is broken or does not fit, or a read-only format: then the file should not be changed.
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
        let size = layout.size.filter(|_| self.kind == PictureFormat::Jpeg);
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
        Ok(Some(metadata_container::pieces(splices, self.source.size())))
    }

    fn layout(&self) -> &Layout {
        match &self.container {
            Container::Jpeg(head) => &head.layout,
            Container::WebP(chunks) => &chunks.layout,
            Container::ReadOnly(layout) => layout,
        }
    }

    /// The bytes of a block, if it is complete.
    fn block(&mut self, range: Option<std::ops::Range<u64>>) -> Result<Option<Vec<u8>>, Unread> {
        let Some(range) = range else { return Ok(None) };
        let bytes = self.source.at(range.start, block_len(&range))?;
        if bytes.len() as u64 == range.end - range.start {
            Ok(Some(bytes.to_vec()))
        } else {
            Err(Unread::malformed(range.start, "incomplete metadata is not changed"))
        }
    }
}

fn block_len(range: &std::ops::Range<u64>) -> usize {
    (range.end - range.start).min(MAX_BLOCK) as usize
}

/// A whole TIFF file is one EXIF block.
fn tiff(source: &mut impl Source) -> Result<Layout, Unread> {
    let tree = exif::tree::read(source)?;
    let size = exif::image_dimensions::read(source, &tree)?;
    let xmp = tree.entry(exif::tags::XMP).filter(|entry| entry.is_far());
    let xmp = xmp.map(|entry| entry.value_at..entry.value_at.saturating_add(entry.len));
    Ok(Layout { size, exif: Some(0..source.size()), xmp, faults: Vec::new() })
}

#[cfg(test)]
mod tests;
