//! Pictures generated in code, with and without camera metadata.

use std::path::{Path, PathBuf};

use jpeg_encoder::{ColorType, Encoder};

/// Camera metadata: an EXIF block of its own, in big-endian (Motorola) order.
#[derive(Default)]
pub struct Camera<'a> {
    pub make: Option<&'a str>,
    /// `2024:05:01 12:00:00`
    pub original: Option<&'a str>,
    pub sub_second: Option<&'a str>,
    pub offset: Option<&'a str>,
    /// ModifyDate.
    pub modified: Option<&'a str>,
    /// GPSDateStamp, and hour, minute and second of GPSTimeStamp.
    pub gps: Option<(&'a str, [u32; 3])>,
    /// Whole degrees north and east.
    pub place: Option<(u32, u32)>,
    pub artist: Option<&'a str>,
    pub copyright: Option<&'a str>,
    pub maker_note: Option<&'a str>,
    pub owner: Option<&'a str>,
    pub serial: Option<&'a str>,
}

/// Writes a small JPEG, plain or with a camera's block.
pub fn jpeg(path: &Path, camera: Option<&Camera>) -> PathBuf {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 80);
    if let Some(camera) = camera {
        encoder.add_app_segment(1, &camera.segment()).unwrap();
    }
    let pixels: Vec<u8> = (0..32 * 16 * 3).map(|at| (at * 7 % 251) as u8).collect();
    encoder.encode(&pixels, 32, 16, ColorType::Rgb).unwrap();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    path.to_path_buf()
}

/// A PNG without pixels, which is enough for reading its head.
pub fn png(path: &Path) {
    let header = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x08\0\0\0\x04\x08\x02\0\0\0";
    let end = b"\0\0\0\0\0\0\0\0IEND\xae\x42\x60\x82";
    std::fs::write(path, [&header[..], &end[..]].concat()).unwrap();
}

impl Camera<'_> {
    fn segment(&self) -> Vec<u8> {
        let mut main = Vec::new();
        let mut exif = vec![(0x9000, 7, 4, b"0232".to_vec())];
        let mut gps = Vec::new();
        let ascii = |tag: u16, text: &str| {
            let bytes = [text.as_bytes(), b"\0"].concat();
            (tag, 2, bytes.len() as u32, bytes)
        };
        main.extend(self.make.map(|text| ascii(0x010F, text)));
        main.extend(self.modified.map(|text| ascii(0x0132, text)));
        main.extend(self.artist.map(|text| ascii(0x013B, text)));
        main.extend(self.copyright.map(|text| ascii(0x8298, text)));
        exif.extend(self.original.map(|text| ascii(0x9003, text)));
        exif.extend(self.offset.map(|text| ascii(0x9011, text)));
        exif.extend(self.maker_note.map(|text| {
            let bytes = text.as_bytes().to_vec();
            (0x927C, 7, bytes.len() as u32, bytes)
        }));
        exif.extend(self.sub_second.map(|text| ascii(0x9291, text)));
        exif.extend(self.owner.map(|text| ascii(0xA430, text)));
        exif.extend(self.serial.map(|text| ascii(0xA431, text)));
        if let Some((north, east)) = self.place {
            let angle =
                |deg: u32| [deg, 1, 0, 1, 0, 1].iter().flat_map(|n| n.to_be_bytes()).collect();
            gps.push(ascii(1, "N"));
            gps.push((2, 5, 3, angle(north)));
            gps.push(ascii(3, "E"));
            gps.push((4, 5, 3, angle(east)));
        }
        if let Some((day, clock)) = self.gps {
            let clock = clock.iter().flat_map(|&n| [n, 1]).flat_map(u32::to_be_bytes).collect();
            gps.push((7, 5, 3, clock));
            gps.push(ascii(0x1D, day));
        }
        let pointers = 12 * (1 + usize::from(!gps.is_empty()));
        let main_len: usize = 6 + pointers + main.iter().map(size).sum::<usize>();
        let exif_len: usize = 6 + exif.iter().map(size).sum::<usize>();
        let exif_at = 8 + main_len;
        main.push((0x8769, 4, 1, (exif_at as u32).to_be_bytes().to_vec()));
        if !gps.is_empty() {
            main.push((0x8825, 4, 1, ((exif_at + exif_len) as u32).to_be_bytes().to_vec()));
        }
        let mut block = b"Exif\0\0MM\0*\0\0\0\x08".to_vec();
        for entries in [main, exif, gps].iter().filter(|entries| !entries.is_empty()) {
            let at = block.len() - 6;
            block.extend(directory(entries, at));
        }
        block
    }
}

type Entry = (u16, u16, u32, Vec<u8>);

fn size(entry: &Entry) -> usize {
    12 + if entry.3.len() > 4 { entry.3.len() } else { 0 }
}

fn directory(entries: &[Entry], at: usize) -> Vec<u8> {
    let mut table = (entries.len() as u16).to_be_bytes().to_vec();
    let mut values = Vec::new();
    let values_at = at + 6 + 12 * entries.len();
    for (tag, kind, count, bytes) in entries {
        table.extend(tag.to_be_bytes());
        table.extend(kind.to_be_bytes());
        table.extend(count.to_be_bytes());
        if bytes.len() > 4 {
            table.extend(((values_at + values.len()) as u32).to_be_bytes());
            values.extend(bytes);
        } else {
            table.extend([&bytes[..], &[0; 4]].concat()[..4].iter());
        }
    }
    table.extend([0; 4]);
    [table, values].concat()
}
