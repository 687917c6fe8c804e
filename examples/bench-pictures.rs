//! Makes pictures to measure with: `bench-pictures FOLDER COUNT URL [photos]`
//! writes COUNT JPEG files of about 300 KB and the rows that download takes.
//! They are noise, which is quick to draw, or with `photos` as large as
//! photographs and as easy to compress, for what looks at pixels.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jpeg_encoder::{ColorType, Encoder};

/// Different pictures; more would only take longer to draw.
const KINDS: u64 = 16;

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().unwrap_or_else(|| "bench".into()));
    let count = args.next().and_then(|text| text.parse().ok()).unwrap_or(2000);
    let url = args.next().unwrap_or_else(|| "http://127.0.0.1:8090".into());
    let drawn = if args.next().is_some_and(|word| word == "photos") { photo } else { noise };
    fs::create_dir_all(folder.join("pictures"))?;
    let pictures: Vec<Vec<u8>> = (0..KINDS).map(drawn).collect::<io::Result<_>>()?;
    let mut rows = io::BufWriter::new(fs::File::create(folder.join("rows.csv"))?);
    let mut urls = io::BufWriter::new(fs::File::create(folder.join("urls.curl"))?);
    writeln!(rows, "seq_id,img_id,captured_at,thumb_original_url")?;
    for at in 0..count {
        let id = 1_000_000_000_000_000u64 + at;
        write(&folder.join(format!("pictures/{id}.jpg")), &pictures[(at % KINDS) as usize])?;
        writeln!(
            rows,
            "s{},{id},{},{url}/pictures/{id}.jpg",
            at / 100,
            1_717_245_296_123 + at * 2000
        )?;
        writeln!(urls, "url = \"{url}/pictures/{id}.jpg\"\noutput = \"{id}.jpg\"")?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)
}

/// Noise does not compress: a small picture of the size of a large one.
fn noise(seed: u64) -> io::Result<Vec<u8>> {
    let (width, height) = (704u16, 520u16);
    let mut random = fastrand::Rng::with_seed(seed);
    let pixels: Vec<u8> =
        (0..usize::from(width) * usize::from(height) * 3).map(|_| random.u8(..)).collect();
    encode(&pixels, width, height)
}

/// Shapes of every size, as a street has them: noise that is drawn from one
/// point of a grid to the next, over grids from coarse to fine.
fn photo(seed: u64) -> io::Result<Vec<u8>> {
    let (width, height) = (1600u16, 1200u16);
    let mut pixels = vec![90.0; usize::from(width) * usize::from(height) * 3];
    let mut random = fastrand::Rng::with_seed(seed);
    for (step, share) in [(400, 70.0), (100, 40.0), (25, 24.0), (6, 14.0), (2, 8.0)] {
        let columns = usize::from(width) / step + 2;
        let grid: Vec<f32> = (0..columns * (usize::from(height) / step + 2) * 3)
            .map(|_| (random.f32() - 0.4) * share)
            .collect();
        // What is small differs in light rather than in colour.
        let channels = if step >= 25 { 3 } else { 1 };
        for (at, value) in pixels.iter_mut().enumerate() {
            let (x, y) = (at / 3 % usize::from(width), at / 3 / usize::from(width));
            let corner = |dx: usize, dy: usize| {
                grid[((y / step + dy) * columns + x / step + dx) * 3 + at % channels]
            };
            let (right, down) = ((x % step) as f32 / step as f32, (y % step) as f32 / step as f32);
            let upper = corner(0, 0) * (1.0 - right) + corner(1, 0) * right;
            let lower = corner(0, 1) * (1.0 - right) + corner(1, 1) * right;
            *value += upper * (1.0 - down) + lower * down;
        }
    }
    let pixels: Vec<u8> = pixels.iter().map(|&value| value as u8).collect();
    encode(&pixels, width, height)
}

fn encode(pixels: &[u8], width: u16, height: u16) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 84)
        .encode(pixels, width, height, ColorType::Rgb)
        .map_err(io::Error::other)?;
    Ok(bytes)
}
