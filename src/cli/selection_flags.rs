//! Flags that select pictures by area, time and kind. An area file is read when the selection is built, not while flags
//! are parsed.

use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::disk::open;
use crate::format::geojson_areas;
use crate::query::known;
use crate::query::select::Select;
use crate::shape::FatalError;
use crate::value::area::Area;
use crate::value::bbox::BBox;
use crate::value::instant::{format_instant, parse_instant_ms};

use super::Session;

/// Where, when, and whether all around.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectionFlags {
    /// Only within this box, in degrees; may be repeated.
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    pub bbox: Vec<BBox>,
    /// Only within the polygons of this GeoJSON file.
    #[arg(long, value_name = "FILE")]
    pub area: Vec<PathBuf>,
    /// Only captured at or after this date (UTC) or RFC 3339 time.
    #[arg(long, value_name = "TIME", value_parser = parse_instant_ms)]
    pub since: Option<i64>,
    /// Only captured before this date (UTC) or RFC 3339 time.
    #[arg(long, value_name = "TIME", value_parser = parse_instant_ms)]
    pub until: Option<i64>,
    /// Only 360 degree pictures.
    #[arg(long)]
    pub pano: bool,
    /// Only pictures that are not 360 degrees.
    #[arg(long, conflicts_with = "pano")]
    pub flat: bool,
}

/// What was fetched before.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct KnownFlags {
    /// Skip the pictures of FILE: rows, ids one a line, or a folder of pictures or tars; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub known: Vec<PathBuf>,
}

impl SelectionFlags {
    pub fn select(&self) -> Result<Select, FatalError> {
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since >= until
        {
            let [since, until] = [since, until].map(|ms| format_instant(ms).unwrap_or_default());
            return Err(FatalError(format!(
                "--since {since} is not before --until {until}: nothing is captured in between"
            )));
        }
        Ok(Select {
            since_ms: self.since,
            until_ms: self.until,
            pano: self.pano(),
            cameras: Vec::new(),
            area: self.area()?,
        })
    }

    pub fn pano(&self) -> Option<bool> {
        (self.pano || self.flat).then_some(self.pano)
    }

    /// The area, empty if none is given.
    fn area(&self) -> Result<Area, FatalError> {
        let mut area = Area::default();
        self.bbox.iter().for_each(|&bbox| area.add_box(bbox));
        for path in &self.area {
            let wrong = |what: &dyn std::fmt::Display| {
                FatalError(format!("cannot read '{}': {what}", path.display()))
            };
            let text =
                open::named(path).and_then(io::read_to_string).map_err(|error| wrong(&error))?;
            area.add(geojson_areas::read_area(&text).map_err(|what| wrong(&what))?);
        }
        Ok(area)
    }
}

impl KnownFlags {
    /// Reads the ids of the pictures that were fetched before.
    pub fn read(&self, session: &Session) -> Result<known::KnownIds, FatalError> {
        known::KnownIds::read(&self.known, |words| session.say(words))
    }
}
