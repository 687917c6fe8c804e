//! The drawn pictures of the town.

use std::fs;
use std::io;
use std::path::Path;

use jpeg_encoder::{ColorType, Encoder};

use super::Ride;

/// Center and radius of the sign, in pixels of a 320 by 240 picture.
pub(super) const SIGN: (f64, f64, f64) = (262.0, 96.0, 22.0);

pub(super) fn has_sign(at: u32) -> bool {
    at % 4 == 1
}

/// A street with houses and sky: enough to distinguish the pictures.
pub(super) fn draw(path: &Path, ride: &Ride, number: u32, at: u64) -> io::Result<()> {
    let (width, height) = if ride.pano { (512u16, 256u16) } else { (320, 240) };
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            pixels.extend_from_slice(&colour(
                x,
                y,
                u32::from(width),
                u32::from(height),
                number,
                at as u32,
            ));
        }
    }
    let mut bytes = Vec::new();
    let encoder = Encoder::new(&mut bytes, 85);
    encoder.encode(&pixels, width, height, ColorType::Rgb).map_err(io::Error::other)?;
    fs::write(path, bytes)
}

fn colour(x: u32, y: u32, width: u32, height: u32, ride: u32, at: u32) -> [u8; 3] {
    let far = (f64::from(x) + 0.5 - SIGN.0).hypot(f64::from(y) + 0.5 - SIGN.1) / SIGN.2;
    if width == 320 && has_sign(at) && far < 1.0 {
        return if far < 0.6 { [240, 238, 230] } else { [196, 30, 36] };
    }
    let horizon = height * 11 / 20;
    let aside = x.abs_diff(width / 2);
    if y > horizon {
        let lane = (y - horizon) * width / height;
        let line = aside < 3 && (y + at * 9) % 30 < 16;
        return if line {
            [235, 230, 210]
        } else if aside < lane {
            [92, 94, 99]
        } else {
            [104, 140, 78]
        };
    }
    let house = (x + at * 13) / 40;
    let roof = horizon - 30 - (house * 37 + ride * 23) % 70;
    if y > roof && aside > width / 9 {
        let window = (x + at * 13) % 40 / 8 % 2 == 1 && (y - roof) / 9 % 2 == 1;
        let wall = [
            (150 + house * 31 % 80) as u8,
            (110 + house * 53 % 80) as u8,
            (90 + ride * 29 % 90) as u8,
        ];
        return if window { [64, 78, 104] } else { wall };
    }
    [(120 + y / 3) as u8, (170 + y / 4) as u8, 232]
}
