//! What a source looks for: an area, whose pictures, which of them; and the
//! tiles that it asks for that.

use std::sync::Arc;

use crate::row::{Field, Row};
use crate::service::{Client, Search};
use crate::value::area::Cover;
use crate::value::tile::{Tile, count_covering, covering};

use super::coverage::{self, Found, ZOOM};
use super::select::Select;
use super::{Fault, Notes};

/// An area of more tiles of zoom 14 than this is thinned first.
const MOST_TILES: u64 = 5_000;
/// From one zoom that is asked to the next: 256 tiles each.
const ZOOM_STEP: u8 = 4;

/// Whose pictures, where, and which.
#[derive(Debug, Clone, Default)]
pub struct Quest {
    pub orgs: Vec<String>,
    pub creators: Vec<String>,
    /// Names; in an area they are looked up, since tiles know ids only.
    pub users: Vec<String>,
    pub select: Select,
    /// Ask every tile of zoom 14 of the area, however many.
    pub thorough: bool,
    /// The zooms between which a large area is thinned.
    pub zooms: Option<(u8, u8)>,
}

/// The walk over the tiles of an area.
pub struct Survey {
    client: Arc<Client>,
    pub quest: Quest,
}

/// What a tile has of what is looked for.
#[derive(Default)]
pub struct Sight {
    pub images: Vec<Found>,
    pub lines: Vec<Found>,
    /// Tiles to ask next.
    pub next: Vec<String>,
}

impl Survey {
    /// Looks up the ids of named users.
    pub fn new(client: Arc<Client>, mut quest: Quest) -> Result<Survey, Fault> {
        for user in quest.users.drain(..) {
            quest.creators.push(creator_id(&client, &user)?);
        }
        Ok(Survey { client, quest })
    }

    /// The tiles to begin with, as places of a walk.
    pub fn start(&self) -> Vec<String> {
        let zoom = self.zooms().map_or(ZOOM, |(first, _)| first);
        covering(&self.quest.select.area, zoom).map(|tile| tile.to_string()).collect()
    }

    /// How many tiles of zoom 14 the area has, and whether it is thinned first.
    pub fn extent(&self) -> (u64, bool) {
        (count_covering(&self.quest.select.area, ZOOM), self.zooms().is_some())
    }

    /// What is at a tile; of one above zoom 14, which tiles to ask next.
    pub fn step(&self, place: &str, notes: &dyn Notes) -> Result<Result<Sight, String>, Fault> {
        let tile: Tile = match place.parse() {
            Ok(tile) => tile,
            Err(_) => return Ok(Err(format!("'{place}' is not a tile"))),
        };
        let bytes = match super::asked::place(coverage::tile(&self.client, tile))? {
            Ok(bytes) => bytes,
            Err(what) => return Ok(Err(what)),
        };
        notes.count("tiles", 1);
        let sight = match tile.z() == ZOOM {
            true => self.look(&bytes, tile),
            false => self.below(&bytes, tile),
        };
        Ok(sight.map_err(|wrong| format!("tile {place}: {wrong}")))
    }

    fn look(&self, bytes: &[u8], tile: Tile) -> Result<Sight, crate::format::Malformed> {
        let keep =
            |found: Vec<Found>| found.into_iter().filter_map(|found| self.inside(found)).collect();
        Ok(Sight {
            images: keep(coverage::images(bytes, tile)?),
            lines: keep(coverage::lines(bytes, tile)?),
            next: Vec::new(),
        })
    }

    fn below(&self, bytes: &[u8], tile: Tile) -> Result<Sight, crate::format::Malformed> {
        let last = self.zooms().map_or(ZOOM, |(_, last)| last);
        let zoom = if tile.z() + ZOOM_STEP > last { ZOOM } else { tile.z() + ZOOM_STEP };
        let filled = coverage::filled(bytes, tile, zoom)?;
        let inside = filled
            .into_iter()
            .filter(|tile| self.quest.select.area.cover(&tile.bounds()) != Cover::Outside);
        Ok(Sight { next: inside.map(|tile| tile.to_string()).collect(), ..Sight::default() })
    }

    /// The part of a feature that is looked for, if any.
    fn inside(&self, mut found: Found) -> Option<Found> {
        found.places.retain(|&place| self.quest.select.area.contains(place));
        (!found.places.is_empty() && self.quest.wants(&found.row)).then_some(found)
    }

    fn zooms(&self) -> Option<(u8, u8)> {
        let large = count_covering(&self.quest.select.area, ZOOM) > MOST_TILES;
        (large && !self.quest.thorough).then(|| self.quest.zooms.unwrap_or((6, ZOOM - ZOOM_STEP)))
    }
}

impl Quest {
    /// Whether a picture or a sequence is one of those looked for. What a tile
    /// does not tell is not held against a feature, but for whose it is.
    pub fn wants(&self, row: &Row) -> bool {
        let among = |list: &[String], field| {
            list.is_empty() || row.get(field).is_some_and(|id| list.iter().any(|one| one == id))
        };
        among(&self.orgs, Field::OrgId)
            && among(&self.creators, Field::CreatorId)
            && self
                .select
                .pano
                .is_none_or(|pano| row.flag(Field::IsPano).ok().flatten().unwrap_or(false) == pano)
            && self.select.holds_ms(row.integer(Field::CapturedAt).ok().flatten())
    }
}

/// The id of a user, from one of the user's pictures.
fn creator_id(client: &Client, user: &str) -> Result<String, Fault> {
    let search = Search {
        creator_username: Some(user.into()),
        fields: "id,creator".into(),
        limit: 1,
        ..Search::default()
    };
    let page = client.images(&search).map_err(Fault::new)?;
    let row = page.rows.first().and_then(|row| crate::row::json::parse(row.get()).ok());
    row.and_then(|row| row.get(Field::CreatorId).map(String::from)).ok_or_else(|| {
        Fault(format!("no pictures of user '{user}': check the spelling of the name"))
    })
}
