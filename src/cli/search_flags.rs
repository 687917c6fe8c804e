//! Flags of tools that search for pictures: the creator, and how a large area is searched.

use clap::Args;

use crate::query::Query;
use crate::shape::FatalError;
use crate::value::string_enum::words;
use crate::value::{self, mapillary_url, picture_id, sequence_id};

use super::possible_values::one_of;
use super::{Rows, SelectionFlags};

/// Whose pictures.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct OwnerFlags {
    /// Pictures of an organization, by id; may be repeated.
    #[arg(long, value_name = "ID")]
    pub org: Vec<String>,
    /// Pictures of a user, by id; needs an area; may be repeated.
    #[arg(long, value_name = "ID")]
    pub creator: Vec<String>,
    /// Pictures of a user, by name or by the link to the user's page; may be repeated.
    #[arg(long, value_name = "NAME", value_parser = user)]
    pub user: Vec<String>,
}

/// How a large area is searched.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct Search {
    /// Request every tile of zoom 14, however large the area.
    #[arg(long)]
    pub thorough: bool,
    /// First zoom level that selects tiles in an area of more than 5,000 tiles [default: 6].
    #[arg(long, value_name = "ZOOM", value_parser = clap::value_parser!(u8).range(0..=13))]
    pub min_zoom: Option<u8>,
    /// Last zoom level that selects tiles [default: 10].
    #[arg(long, value_name = "ZOOM", value_parser = clap::value_parser!(u8).range(0..=13))]
    pub max_zoom: Option<u8>,
}

/// The query that the flags describe.
pub fn query(
    choice: &SelectionFlags,
    whose: &OwnerFlags,
    search: &Search,
) -> Result<Query, FatalError> {
    let select = choice.select()?;
    if select.area.is_empty() && !whose.creator.is_empty() {
        return Err(FatalError(
            "--creator needs --bbox or --area: the service finds users by name only (--user)"
                .into(),
        ));
    }
    let zooms = (search.min_zoom.is_some() || search.max_zoom.is_some())
        .then(|| (search.min_zoom.unwrap_or(6), search.max_zoom.unwrap_or(10)));
    Ok(Query {
        orgs: whose.org.clone(),
        creators: whose.creator.clone(),
        users: whose.user.clone(),
        select,
        thorough: search.thorough,
        zooms,
    })
}

/// What get-images begins with instead of rows.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct Named {
    /// Pictures of this sequence; may be repeated.
    #[arg(long, value_name = "ID", allow_hyphen_values = true, value_parser = sequence)]
    pub sequence: Vec<String>,
    /// This picture, by id or link; may be repeated.
    #[arg(long, value_name = "ID", value_parser = picture)]
    pub image: Vec<String>,
    /// Stop after the first N pictures.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Print the number of pictures, and of the requests to fetch them, and stop.
    #[arg(long)]
    pub estimate: bool,
}

/// How the pictures of an area are found.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Selection")]
pub struct ViaFlags {
    /// Find the pictures of an area by coverage tiles only, or also by searches, and report what each missed.
    #[arg(long, value_name = "WAY", default_value = "tiles", conflicts_with_all = ["sequence", "image", "estimate"], value_parser = one_of::<Via>())]
    pub via: Via,
    /// Print the boxes searched, with what tiles and searches have there, instead of pictures; implies --via search.
    #[arg(long, conflicts_with_all = ["sequence", "image", "estimate", "limit"])]
    pub check: bool,
}

/// Method of finding the pictures of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Coverage tiles.
    Tiles,
    /// Searches by box beside the tiles.
    Search,
}

words!(Via: Tiles = "tiles", Search = "search");

impl ViaFlags {
    pub fn is_search(&self) -> bool {
        self.check || self.via == Via::Search
    }
}

/// Parses a user's name or a link to a user's page. Other links are refused, because they cannot be names.
fn user(text: &str) -> Result<String, NoUser> {
    match mapillary_url::user(text) {
        None if mapillary_url::picture(text).is_some() => Err(NoUser::Picture),
        None if mapillary_url::is_link(text) || text.contains("://") => Err(NoUser::Link),
        None if text.trim().is_empty() => Err(NoUser::Empty),
        named => Ok(named.unwrap_or_else(|| text.trim().to_string())),
    }
}

#[derive(Debug, thiserror::Error)]
enum NoUser {
    #[error("the link shows no user: their pages are https://www.mapillary.com/app/user/NAME")]
    Link,
    #[error("the link shows a picture, which --image takes")]
    Picture,
    #[error("it is empty")]
    Empty,
}

fn sequence(text: &str) -> Result<String, value::Error> {
    sequence_id::read(text).map(String::from)
}

fn picture(text: &str) -> Result<String, value::Error> {
    picture_id::read(text).map(String::from)
}

impl Named {
    /// Whether flags say where to look, so that no rows are needed.
    pub fn is_source(&self, whose: &OwnerFlags, choice: &SelectionFlags) -> bool {
        let areas = choice.bbox.len() + choice.area.len();
        let named = self.sequence.len() + self.image.len() + whose.user.len() + whose.org.len();
        areas + named > 0
    }

    /// Refuses a file of rows and flags about rows, for flags that say where to look: only one of them can be meant.
    pub fn check_for_no_rows(&self, rows: &Rows) -> Result<(), FatalError> {
        if let Some(flag) = rows.columns.given() {
            return Err(FatalError(format!(
                "{flag} is about rows, and here flags say where to look: each process would list everything; list once, \
                 and give each process a share of these rows, such as 'get-sequences --bbox ... | get-images --shard 1/8'"
            )));
        }
        match &rows.file {
            None => Ok(()),
            Some(file) => Err(FatalError(format!(
                "'{}' has rows, and flags say where to look: give one of them; get-meta leaves out \
                 what lies outside --bbox or --area",
                file.display()
            ))),
        }
    }

    /// Refuses flags that do not work with rows of sequences.
    pub fn check_for_rows(&self, choice: &SelectionFlags) -> Result<(), FatalError> {
        let refused = [
            (
                choice.since.is_some() || choice.until.is_some(),
                "--since and --until",
                "get-meta has them",
            ),
            (self.limit.is_some(), "--limit", "cut the rows instead"),
            (self.estimate, "--estimate", "their image_count is there already"),
        ];
        match refused.iter().find(|(asked, ..)| *asked) {
            Some((_, flag, way)) => Err(FatalError(format!(
                "{flag}: not for rows of sequences, only with --bbox, --area, --user, --org: {way}"
            ))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
