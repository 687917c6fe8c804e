//! Flags for the limits of a sequence, with the defaults of mapillary_tools.

use clap::Args;

use crate::photo::description::checks::Limits;

/// Limits of a sequence.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitFlags {
    /// Photos within M metres of the previous one, and turned by less than --duplicate-angle, are duplicates; -1
    /// disables this.
    #[arg(long, value_name = "M", default_value_t = Limits::default().duplicate_distance_m, allow_hyphen_values = true)]
    duplicate_distance: f64,
    /// Maximum difference in direction between duplicates, in degrees.
    #[arg(long, value_name = "DEG", default_value_t = Limits::default().duplicate_angle_deg)]
    duplicate_angle: f64,
    /// Maximum mean speed of a sequence.
    #[arg(long, value_name = "KMH", default_value_t = Limits::default().max_speed_kmh)]
    max_speed: f64,
    /// Maximum number of images in a sequence.
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_images)]
    max_images: usize,
    /// Accept positions that jump back and forth.
    #[arg(long)]
    allow_zigzag: bool,
}

impl LimitFlags {
    pub fn limits(&self) -> Limits {
        Limits {
            duplicate_distance_m: self.duplicate_distance,
            duplicate_angle_deg: self.duplicate_angle,
            max_speed_kmh: self.max_speed,
            zigzag: !self.allow_zigzag,
            max_images: self.max_images,
            ..Limits::default()
        }
    }
}
