//! Compares a WebP with the pixels it was made from: the last check before an original is deleted.

use super::jpeg::Pixels;

/// The side of the squares whose mean colours are compared; the last one in a row or column includes the
/// remainder. Noise may be smoothed and edges may bleed, but neither changes a mean much.
const PART: usize = 16;

/// The maximum difference of a mean, out of 255. At quality 0, for noise, stripes, squares of pure colours and
/// photos, the worst was 21; misplaced pixels differ by more in some part of any photo.
const MAX_DIFFERENCE: u64 = 48;

/// How a WebP differs from the expected pixels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    #[error("it cannot be decoded")]
    Undecoded,
    #[error("it decodes to {width} x {height} pixels")]
    Size { width: usize, height: usize },
    #[error("it decodes to other pixels")]
    Pixels,
    #[error("it decodes to other colours at {x}, {y}")]
    Colours { x: usize, y: usize },
}

/// Compares a WebP with the expected pixels. A lossless one must match in every pixel.
///
/// # Errors
/// A difference, or a WebP that cannot be decoded.
pub fn check(webp: &[u8], pixels: &Pixels, is_lossless: bool) -> Result<(), Difference> {
    let shown = webp::Decoder::new(webp).decode().ok_or(Difference::Undecoded)?;
    let size = (shown.width() as usize, shown.height() as usize);
    if size != (pixels.width, pixels.height) || shown.is_alpha() {
        return Err(Difference::Size { width: size.0, height: size.1 });
    }
    if is_lossless {
        return if shown[..] == pixels.rgb[..] { Ok(()) } else { Err(Difference::Pixels) };
    }
    let (columns, rows) = (parts(pixels.width), parts(pixels.height));
    for (row, top) in rows.iter().enumerate() {
        let bottom = rows.get(row + 1).copied().unwrap_or(pixels.height);
        let lines = 3 * pixels.width * top..3 * pixels.width * bottom;
        let lines = [&pixels.rgb[lines.clone()], &shown[lines]];
        if let Some(column) = first_that_differs(lines, pixels.width, &columns) {
            return Err(Difference::Colours { x: columns[column], y: *top });
        }
    }
    Ok(())
}

/// Where the parts of a side begin: each has at least this many pixels, if the side is long enough.
fn parts(side: usize) -> Vec<usize> {
    (0..(side / PART).max(1)).map(|part| part * PART).collect()
}

fn first_that_differs(lines: [&[u8]; 2], width: usize, columns: &[usize]) -> Option<usize> {
    let [one, other] = lines.map(|lines| sums(lines, width, columns.len()));
    let height = lines[0].len() / 3 / width.max(1);
    let differs = |(column, (one, other)): (usize, (&[u64; 3], &[u64; 3]))| {
        let end = columns.get(column + 1).copied().unwrap_or(width);
        let count = (height * (end - columns[column])) as u64;
        let far = one.iter().zip(other).any(|(a, b)| a.abs_diff(*b) > MAX_DIFFERENCE * count);
        far.then_some(column)
    };
    one.iter().zip(&other).enumerate().find_map(differs)
}

/// The sums of the three colours in each part of these lines.
fn sums(lines: &[u8], width: usize, count: usize) -> Vec<[u64; 3]> {
    let mut sums = vec![[0; 3]; count];
    for line in lines.chunks_exact(3 * width.max(1)) {
        for (at, pixels) in line.chunks(3 * PART).enumerate() {
            let sum = &mut sums[at.min(count - 1)];
            for pixel in pixels.chunks_exact(3) {
                (0..3).for_each(|color| sum[color] += u64::from(pixel[color]));
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webp_of(pixels: &Pixels, quality: f32) -> Vec<u8> {
        let encoder =
            webp::Encoder::from_rgb(&pixels.rgb, pixels.width as u32, pixels.height as u32);
        encoder.encode(quality).to_vec()
    }

    fn picture(width: usize, height: usize, color: impl FnMut(usize) -> [u8; 3]) -> Pixels {
        Pixels { width, height, rgb: (0..width * height).flat_map(color).collect() }
    }

    #[test]
    fn the_worst_quality_still_shows_the_same_picture_and_no_other() {
        let mut random = fastrand::Rng::with_seed(7);
        for (width, height) in [(1, 1), (2, 1), (7, 5), (17, 33), (100, 60)] {
            let noise = picture(width, height, |_| std::array::from_fn(|_| random.u8(..)));
            let bars = picture(width, height, |at| {
                if at % width / 9 % 2 == 0 { [255, 0, 0] } else { [0, 0, 255] }
            });
            for pixels in [noise, bars] {
                check(&webp_of(&pixels, 0.0), &pixels, false).unwrap();
                assert!(check(&webp_of(&pixels, 90.0), &pixels, true).is_err() || width < 3);
            }
        }
        let scene = |shift: usize| {
            picture(96, 64, move |at| {
                [((at % 96 + shift) * 5 % 256) as u8, (at / 96 * 4) as u8, 90]
            })
        };
        check(&webp_of(&scene(0), 80.0), &scene(0), false).unwrap();
        for other in [scene(30), picture(64, 96, |_| [0; 3]), picture(96, 64, |_| [9; 3])] {
            assert!(check(&webp_of(&scene(0), 80.0), &other, false).is_err());
        }
        assert!(check(b"no WebP", &scene(0), false).is_err());
    }
}
