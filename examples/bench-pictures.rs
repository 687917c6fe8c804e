//! Makes pictures to measure with: `bench-pictures FOLDER COUNT URL` writes
//! COUNT JPEG files of about 300 KB and the rows that download takes.

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
    fs::create_dir_all(folder.join("pictures"))?;
    let pictures: Vec<Vec<u8>> = (0..KINDS).map(noise).collect::<io::Result<_>>()?;
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
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 84)
        .encode(&pixels, width, height, ColorType::Rgb)
        .map_err(io::Error::other)?;
    Ok(bytes)
}
