//! The limits of a sequence.

/// The limits of a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// A photo at most this far from the previous one, and turned by at most this angle, is its duplicate.
    pub duplicate_distance_m: f64,
    pub duplicate_angle_deg: f64,
    pub max_speed_kmh: f64,
    pub zigzag: bool,
    pub max_images: usize,
    pub max_bytes: u64,
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            duplicate_distance_m: 0.1,
            duplicate_angle_deg: 5.0,
            max_speed_kmh: 400.0,
            zigzag: true,
            max_images: 1000,
            max_bytes: 110 << 30,
            max_pixels: 6_000_000_000,
        }
    }
}
