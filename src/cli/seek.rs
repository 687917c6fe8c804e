//! Flags that say which pictures: where, when, of what kind, whose.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use crate::format::geojson::read_area;
use crate::stage::Fault;
use crate::stage::select::Select;
use crate::stage::survey::Quest;
use crate::value::area::Area;
use crate::value::bbox::BBox;
use crate::value::time::parse_instant_ms;

/// Where pictures are.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct Where {
    /// A box in degrees; may be repeated; west above east crosses the antimeridian.
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    pub bbox: Vec<BBox>,
    /// Polygons of a GeoJSON file, holes too; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub area: Vec<PathBuf>,
}

/// When pictures were taken, and of what kind they are.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct Which {
    /// Captured at this instant or later: a date (UTC) or RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = parse_instant_ms)]
    pub since: Option<i64>,
    /// Captured before this instant.
    #[arg(long, value_name = "TIME", value_parser = parse_instant_ms)]
    pub until: Option<i64>,
    /// Only 360 degree pictures.
    #[arg(long, conflicts_with = "flat")]
    pub pano: bool,
    /// Only pictures that are not.
    #[arg(long)]
    pub flat: bool,
}

/// Whose pictures.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct Whose {
    /// Pictures of an organization, by id; may be repeated.
    #[arg(long, value_name = "ID")]
    pub org: Vec<String>,
    /// Pictures of a user, by id; needs an area; may be repeated.
    #[arg(long, value_name = "ID")]
    pub creator: Vec<String>,
    /// Pictures of a user, by name; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub user: Vec<String>,
}

/// How a large area is searched.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct Search {
    /// Ask every tile of zoom 14, however large the area.
    #[arg(long)]
    pub thorough: bool,
    /// Thin an area of more than 5,000 tiles from this zoom on [default: 6].
    #[arg(long, value_name = "ZOOM", value_parser = clap::value_parser!(u8).range(0..=13))]
    pub min_zoom: Option<u8>,
    /// The last zoom that thins [default: 10].
    #[arg(long, value_name = "ZOOM", value_parser = clap::value_parser!(u8).range(0..=13))]
    pub max_zoom: Option<u8>,
}

impl Where {
    /// The area of all boxes and files; empty when there is none.
    pub fn area(&self) -> Result<Area, Fault> {
        let mut area = Area::default();
        self.bbox.iter().for_each(|bbox| area.add_box(*bbox));
        for path in &self.area {
            let wrong = |what: String| Fault(format!("cannot read '{}': {what}", path.display()));
            let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
            area.add(read_area(&text).map_err(wrong)?);
        }
        Ok(area)
    }
}

impl Which {
    /// What a row must be, wherever it is.
    pub fn select(&self) -> Select {
        let pano = (self.pano || self.flat).then_some(self.pano);
        Select { since_ms: self.since, until_ms: self.until, pano, ..Select::default() }
    }
}

/// What a source looks for.
pub fn quest(place: &Where, which: &Which, whose: &Whose, search: &Search) -> Result<Quest, Fault> {
    let area = place.area()?;
    if area.is_empty() && !whose.creator.is_empty() {
        return Err(Fault(
            "--creator needs --bbox or --area: the service finds users by name only (--user)"
                .into(),
        ));
    }
    let zooms = (search.min_zoom.is_some() || search.max_zoom.is_some())
        .then(|| (search.min_zoom.unwrap_or(6), search.max_zoom.unwrap_or(10)));
    Ok(Quest {
        area,
        orgs: whose.org.clone(),
        creators: whose.creator.clone(),
        users: whose.user.clone(),
        select: which.select(),
        thorough: search.thorough,
        zooms,
    })
}
