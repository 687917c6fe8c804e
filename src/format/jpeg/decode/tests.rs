//! Tests with small JPEG files in every sampling and order of scans. They are drawn here, so that their content
//! is known without a decoder.

use super::{Pixels, Stored, Undecoded, decode, decode_stored, preview};

const WIDTH: usize = 125;
const HEIGHT: usize = 93;
/// The value of each component in the four quarters: upper left and right, lower left and right.
const QUARTERS: [[u8; 4]; 4] =
    [[60, 200, 120, 160], [90, 128, 170, 100], [160, 90, 128, 110], [255, 0, 255, 0]];

/// How a file is stored.
#[derive(Debug, Clone)]
struct Form {
    /// The horizontal and vertical sampling factors of each component.
    sampling: Vec<(usize, usize)>,
    /// The components of each scan.
    scans: Vec<Vec<usize>>,
    /// MCUs between restart markers; 0 for none.
    restart: usize,
}

fn form(sampling: &[(usize, usize)], scans: &[&[usize]], restart: usize) -> Form {
    let scans = scans.iter().map(|scan| scan.to_vec()).collect();
    Form { sampling: sampling.to_vec(), scans, restart }
}

/// Writes bits, highest first; a byte 0xFF is followed by 0 (T.81, F.1.2.3).
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for at in (0..count).rev() {
            self.held = self.held << 1 | value >> at & 1;
            self.count += 1;
            if self.count == 8 {
                let byte = self.held as u8;
                self.bytes.extend([byte, 0].iter().take(if byte == 0xFF { 2 } else { 1 }));
                (self.held, self.count) = (0, 0);
            }
        }
    }

    fn fill(&mut self) {
        while self.count > 0 {
            self.put(1, 1);
        }
    }
}

impl Form {
    fn most(&self) -> (usize, usize) {
        let most =
            |side: fn(&(usize, usize)) -> usize| self.sampling.iter().map(side).max().unwrap();
        (most(|factors| factors.0), most(|factors| factors.1))
    }

    /// Writes blocks that consist of one value each, so that they have only a DC coefficient. The DC table has
    /// twelve codes of four bits; the AC code 0 ends a block.
    fn draw(&self) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        let mut segment = |marker, payload: &[u8]| {
            bytes.extend([0xFF, marker, 0, payload.len() as u8 + 2]);
            bytes.extend(payload);
        };
        segment(0xDB, &[&[0][..], &[1; 64]].concat());
        segment(0xC4, &[&[0x00, 0, 0, 0, 12][..], &[0; 12], &(0..12).collect::<Vec<_>>()].concat());
        segment(0xC4, &[&[0x10, 1][..], &[0; 15], &[0]].concat());
        let mut frame = vec![8, 0, HEIGHT as u8, 0, WIDTH as u8, self.sampling.len() as u8];
        for (id, (h, v)) in self.sampling.iter().enumerate() {
            frame.extend([id as u8 + 1, (h << 4 | v) as u8, 0]);
        }
        segment(0xC0, &frame);
        segment(0xDD, &[0, self.restart as u8]);
        for scan in &self.scans {
            let mut header = vec![scan.len() as u8];
            header.extend(scan.iter().flat_map(|id| [*id as u8 + 1, 0]));
            bytes.extend([0xFF, 0xDA, 0, header.len() as u8 + 5]);
            bytes.extend([&header[..], &[0, 63, 0]].concat());
            bytes.extend(self.draw_scan(scan));
        }
        [bytes, vec![0xFF, 0xD9]].concat()
    }

    fn draw_scan(&self, scan: &[usize]) -> Vec<u8> {
        let (across, down) = self.most();
        // A scan of one component stores its blocks row by row, and only those that it needs (T.81, A.2.2).
        let units = |(h, v): (usize, usize)| {
            ((WIDTH * h).div_ceil(across * 8), (HEIGHT * v).div_ceil(down * 8))
        };
        let (columns, rows) = match scan {
            [only] => units(self.sampling[*only]),
            _ => (WIDTH.div_ceil(8 * across), HEIGHT.div_ceil(8 * down)),
        };
        let (mut bits, mut last) = (Bits::default(), [0; 4]);
        for unit in 0..columns * rows {
            if self.restart > 0 && unit > 0 && unit % self.restart == 0 {
                bits.fill();
                bits.bytes.extend([0xFF, 0xD0 + (unit / self.restart - 1) as u8 % 8]);
                last = [0; 4];
            }
            for &component in scan {
                let (h, v) = if scan.len() == 1 { (1, 1) } else { self.sampling[component] };
                for block in 0..h * v {
                    let (x, y) = (unit % columns * h + block % h, unit / columns * v + block / h);
                    let value = i32::from(self.value(component, x, y));
                    // The DC coefficient of a block of one value is eight times that value (T.81, A.3.3).
                    let dc = (value - 128) * 8;
                    put_dc(&mut bits, dc - last[component]);
                    last[component] = dc;
                    bits.put(0, 1);
                }
            }
        }
        bits.fill();
        bits.bytes
    }

    /// The value of the block in this column and row of its component.
    fn value(&self, component: usize, x: usize, y: usize) -> u8 {
        let (across, down) = self.most();
        let (h, v) = self.sampling[component];
        let (x, y) = ((8 * x + 4) * across / h, (8 * y + 4) * down / v);
        QUARTERS[component]
            [usize::from(x >= WIDTH.div_ceil(2)) + 2 * usize::from(y >= HEIGHT.div_ceil(2))]
    }
}

fn put_dc(bits: &mut Bits, difference: i32) {
    let len = 32 - difference.unsigned_abs().leading_zeros();
    bits.put(len, 4);
    let value = if difference < 0 { difference - 1 } else { difference };
    bits.put(value as u32 & ((1 << len) - 1), len);
}

/// The colour in the middle of a quarter (JFIF 1.02, conversion to RGB).
fn shown(quarter: usize, components: usize) -> [f64; 3] {
    let part = |component: usize| f64::from(QUARTERS[component][quarter]);
    if components == 1 {
        return [part(0); 3];
    }
    let (y, cb, cr) = (part(0), part(1) - 128.0, part(2) - 128.0);
    [y + 1.402 * cr, y - 0.344_14 * cb - 0.714_14 * cr, y + 1.772 * cb]
}

#[track_caller]
fn assert_shows(pixels: &Pixels, components: usize, form: &dyn std::fmt::Debug) {
    assert_eq!((pixels.width, pixels.height), (WIDTH, HEIGHT), "{form:?}");
    for quarter in 0..4 {
        let (x, y) =
            (WIDTH / 4 + WIDTH / 2 * (quarter % 2), HEIGHT / 4 + HEIGHT / 2 * (quarter / 2));
        let pixel = &pixels.rgb[3 * (y * WIDTH + x)..][..3];
        let wanted = shown(quarter, components);
        let is_near = |(a, b): (&u8, f64)| (f64::from(*a) - b.clamp(0.0, 255.0)).abs() < 3.0;
        assert!(
            pixel.iter().zip(wanted).all(is_near),
            "{form:?} at {x}, {y}: {pixel:?}, not {wanted:?}"
        );
    }
}

const SCANS: [&[&[usize]]; 6] = [
    &[&[0, 1, 2]],
    &[&[0], &[1], &[2]],
    &[&[2], &[0], &[1]],
    &[&[0], &[1, 2]],
    &[&[0, 1], &[2]],
    &[&[1], &[0, 2]],
];

#[test]
fn every_sampling_in_every_order_of_scans_shows_the_right_colors() {
    let luma = [(1, 1), (2, 1), (1, 2), (2, 2), (4, 1), (1, 4), (4, 2), (2, 4), (3, 1), (1, 3)];
    let usual = luma.map(|luma| [luma, (1, 1), (1, 1)]);
    let odd = [
        [(1, 1), (2, 2), (2, 2)],
        [(1, 1), (2, 1), (2, 1)],
        [(1, 1), (1, 2), (1, 2)],
        [(2, 2), (2, 1), (1, 2)],
        [(2, 2), (1, 2), (2, 2)],
        [(2, 1), (1, 2), (1, 1)],
        [(2, 1), (2, 1), (2, 1)],
    ];
    for sampling in usual.iter().chain(&odd) {
        for scans in SCANS {
            for restart in [0, 1, 5] {
                let form = form(sampling, scans, restart);
                let pixels =
                    decode(&form.draw()).unwrap_or_else(|error| panic!("{form:?}: {error}"));
                assert_shows(&pixels, 3, &form);
            }
        }
    }
    for sampling in [(1, 1), (2, 2), (4, 1)] {
        let form = form(&[sampling], &[&[0]], 3);
        assert_shows(&decode(&form.draw()).unwrap(), 1, &form);
    }
}

#[test]
fn luma_and_chroma_of_each_two_by_two_come_as_they_are_stored_and_all_else_as_colours() {
    let usual = [(2, 2), (1, 1), (1, 1)];
    for scans in SCANS {
        for restart in [0, 5] {
            let stored = decode_stored(&form(&usual, scans, restart).draw()).unwrap();
            let Stored::Planes(planes) = stored else { panic!("no planes: {scans:?}") };
            assert_eq!((planes.width, planes.height), (WIDTH, HEIGHT));
            let all = [(&planes.luma, 1), (&planes.chroma[0], 2), (&planes.chroma[1], 2)];
            for (component, (plane, step)) in all.into_iter().enumerate() {
                assert_eq!(plane.samples.len(), plane.stride * HEIGHT.div_ceil(step));
                for (quarter, &wanted) in QUARTERS[component].iter().enumerate() {
                    let x = (WIDTH / 4 + WIDTH / 2 * (quarter % 2)) / step;
                    let y = (HEIGHT / 4 + HEIGHT / 2 * (quarter / 2)) / step;
                    let found = plane.samples[y * plane.stride + x];
                    assert!(found.abs_diff(wanted) < 3, "{component}, {quarter}: {found}");
                }
            }
        }
    }
    for sampling in [[(1, 1); 3], [(2, 1), (1, 1), (1, 1)], [(2, 2), (2, 1), (1, 2)]] {
        let bytes = form(&sampling, SCANS[0], 0).draw();
        assert_eq!(decode_stored(&bytes), decode(&bytes).map(Stored::Pixels));
    }
    let gray = form(&[(1, 1)], &[&[0]], 0).draw();
    assert_eq!(decode_stored(&gray), decode(&gray).map(Stored::Pixels));
}

#[test]
fn planes_are_refused_where_pixels_are() {
    let whole = form(&[(2, 2), (1, 1), (1, 1)], SCANS[0], 0).draw();
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..300 {
        let mut broken = whole.clone();
        match random.usize(..3) {
            0 => broken.truncate(random.usize(..whole.len())),
            1 => broken[random.usize(..whole.len())] = random.u8(..),
            _ => drop(broken.splice(whole.len() - 2..whole.len() - 2, [0; 9])),
        }
        assert_eq!(decode_stored(&broken).err(), decode(&broken).err());
    }
}

fn plain() -> Vec<u8> {
    form(&[(2, 2), (1, 1), (1, 1)], &[&[0, 1, 2]], 0).draw()
}

fn place(bytes: &[u8], marker: u8) -> usize {
    memchr::memmem::find(bytes, &[0xFF, marker]).unwrap()
}

/// The file with other bytes at an offset from a marker.
fn patched(marker: u8, behind: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = plain();
    let at = place(&bytes, marker) + behind;
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

#[test]
fn what_libjpeg_does_not_read_for_certain_is_not_called_damaged() {
    let with_adobe = |transform| {
        let bytes = plain();
        [&bytes[..2], b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0", &[transform], &bytes[2..]].concat()
    };
    let end = plain().len() - 2;
    let more_data = [&plain()[..end], &b"pixels of lines below"[..], b"\xFF\xD9"].concat();
    for (bytes, why) in [
        (patched(0xC0, 4, &[12]), "precision 12"),
        (patched(0xC0, 1, &[0xC3]), "SOF type 0xc3"),
        (patched(0xC0, 5, &[0, 0]), "DNL"),
        (form(&[(3, 1), (2, 1), (1, 1)], SCANS[0], 0).draw(), "ractional sampling"),
        (form(&[(1, 1); 4], &[&[0, 1, 2, 3]], 0).draw(), "CMYK"),
        (form(&[(2, 2), (1, 1), (1, 1)], &[&[0], &[1]], 0).draw(), "not all scans"),
        (with_adobe(7), "color transform code 7"),
        (more_data, "more data than pixels"),
    ] {
        match decode(&bytes) {
            Err(Undecoded::Unread(what)) => assert!(what.contains(why), "{why}: {what}"),
            other => panic!("{why}: {other:?}"),
        }
    }
    assert_shows(&decode(&with_adobe(1)).unwrap(), 3, &"Adobe's YCbCr");
    assert_shows(
        &decode(&[&plain()[..end], &[0; 50], b"\xFF\xD9"].concat()).unwrap(),
        3,
        &"padding",
    );
}

#[test]
fn pixels_that_are_missing_are_not_painted_over() {
    let bytes = plain();
    let start = place(&bytes, 0xDA) + 14;
    for end in [start + 1, bytes.len() / 2, bytes.len() - 3] {
        let cut = [&bytes[..end], b"\xFF\xD9"].concat();
        assert!(matches!(decode(&cut), Err(Undecoded::Damaged(_))), "cut at {end}");
        let pixels = preview(&cut).unwrap();
        assert_eq!(pixels.rgb.len(), 3 * WIDTH * HEIGHT);
    }
    let holed = [&bytes[..bytes.len() / 2], &bytes[bytes.len() / 2 + 9..]].concat();
    assert!(matches!(decode(&holed), Err(Undecoded::Damaged(_))));
    assert!(decode(&patched(0xC0, 5, &[0, 200])).is_err());
    // With a smaller height, pixels are left over.
    assert!(decode(&patched(0xC0, 5, &[0, 40])).is_err());
}

#[test]
fn random_changes_neither_panic_nor_crash() {
    let mut random = fastrand::Rng::with_seed(7);
    let sound = [plain(), form(&[(1, 1), (2, 2), (2, 2)], SCANS[1], 3).draw()];
    for _ in 0..500 {
        let mut broken = random.choice(&sound).unwrap().clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..broken.len());
            let any = random.u8(..);
            broken[at] = random.choice([0, 0xFF, 0xD9, 0xDA, any]).unwrap();
        }
        // Sides of 65,535 pixels would take too long.
        let head = super::super::read(&mut &broken[..]);
        let is_small = |size: (u32, u32)| size.0 * size.1 < 1 << 20;
        if head.is_ok_and(|head| head.layout.size.is_none_or(is_small)) {
            let (_, _) = (decode(&broken), preview(&broken));
        }
    }
}
