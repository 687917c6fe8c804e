//! The walk over the coverage tiles of an area: which tiles are requested, and what in them matches.

mod zoom_pruning;

use std::collections::HashSet;
use std::sync::Arc;

use crate::format::mvt::{self, Layer};
use crate::row::{Field, Row, WrongValue};
use crate::service::Client;
use crate::value::area::{Area, BBox, Overlap};
use crate::value::geo::Position;
use crate::value::human_format::counted;
use crate::value::tile::{Tile, count_covering, covering};

use super::Query;
use super::coverage_tile::{self, TileFeature, ZOOM};
use super::creator_pages::{NOBODY, first_of};
use super::empty_result;
use super::service_errors::{dropped, unread};
use crate::shape::{Diagnostics, End, Error, FatalError, Outcome, Places};

/// The walk over the tiles of an area.
pub struct TileSearch {
    client: Arc<Client>,
    query: Query,
    /// Tiles of zoom 14 in the area.
    tiles: u64,
}

/// The matches in a tile.
#[derive(Default)]
pub struct TileResult {
    pub images: Vec<TileFeature>,
    pub lines: Vec<TileFeature>,
    /// Tiles to request next.
    pub next: Vec<String>,
    /// Why the list is incomplete: features of this tile cannot be read, or, once per walk, the area cannot be proven
    /// complete.
    pub doubt: Option<Outcome>,
}

const THINNED: &str = "the area is large: it is thinned from low zooms, where lone pictures can be missed; \
                       --thorough asks every tile";

impl TileSearch {
    /// Looks up the ids of named users.
    pub fn new(client: Arc<Client>, mut query: Query) -> Result<TileSearch, FatalError> {
        for user in query.users.drain(..) {
            query.creators.push(creator_id(&client, &user)?);
        }
        let tiles = count_covering(&query.select.area, ZOOM);
        Ok(TileSearch { client, query, tiles })
    }

    /// The initial tiles, as nodes of a walk.
    pub fn start(&self) -> Places {
        let tiles = covering(self.query.select.area.clone(), self.first_zoom());
        Box::new(tiles.map(|tile| tile.to_string()))
    }

    /// The number of initial tiles.
    pub fn starts(&self) -> u64 {
        match self.first_zoom() {
            ZOOM => self.tiles,
            zoom => count_covering(&self.query.select.area, zoom),
        }
    }

    /// The message of a dry run about the tiles.
    pub fn plan(&self) -> String {
        let tiles = counted(self.tiles, "tiles");
        if self.zooms().is_none() {
            return format!("would request {tiles} of zoom 14");
        }
        format!(
            "would request tiles of lower zooms first, which tell which of the {tiles} of zoom 14 to request; --thorough \
             requests all of them"
        )
    }

    /// Reports why nothing was found.
    pub fn nothing(&self, notes: &dyn Diagnostics) {
        empty_result::explain(&self.client, &self.query, notes);
    }

    /// The matches in a tile of zoom 14; in a tile of a lower zoom, the tiles to request next.
    pub fn step(&self, place: &str, notes: &dyn Diagnostics) -> Result<TileResult, Error> {
        let tile: Tile = place.parse().map_err(|_| format!("'{place}' is not a tile"))?;
        let bytes = self.bytes(tile, notes)?;
        let layers = mvt::read(&bytes).map_err(|wrong| format!("tile {place}: {wrong}"))?;
        if tile.z() == ZOOM {
            return self.look(&layers, tile, notes);
        }
        notes.once(THINNED);
        let unproven =
            || Outcome::Ended(Row::from_cells(&[(Field::Path, "area")]), End::Incomplete);
        let doubt = (self.first() == Some(tile)).then(unproven);
        Ok(TileResult { doubt, ..self.below(&layers, tile) })
    }

    fn bytes(&self, tile: Tile, notes: &dyn Diagnostics) -> Result<Vec<u8>, Error> {
        let bytes = coverage_tile::tile(&self.client, tile)?;
        notes.count("tiles", 1);
        self.query.select.area.note().iter().for_each(|note| notes.once(note));
        Ok(bytes)
    }

    /// All pictures of a tile of zoom 14, whether they match or not, and how many of its features cannot be read.
    pub fn every_image(
        &self,
        tile: Tile,
        notes: &dyn Diagnostics,
    ) -> Result<(Vec<TileFeature>, u64), Error> {
        let bytes = self.bytes(tile, notes)?;
        let layers = mvt::read(&bytes).map_err(|wrong| format!("tile {tile}: {wrong}"))?;
        let (images, odd, again) = each_once(coverage_tile::images(&layers, tile), Field::ImgId);
        dropped(odd, again, notes);
        is_readable(tile, &images, odd)?;
        Ok((images, odd))
    }

    /// The query, with the ids of named users.
    pub fn query(&self) -> &Query {
        &self.query
    }

    fn look(
        &self,
        layers: &[Layer<'_>],
        tile: Tile,
        notes: &dyn Diagnostics,
    ) -> Result<TileResult, Error> {
        let keep = |found: Vec<TileFeature>| {
            found.into_iter().filter_map(|found| self.inside(found)).collect()
        };
        let (images, images_odd, images_again) =
            each_once(coverage_tile::images(layers, tile), Field::ImgId);
        let (lines, lines_odd, lines_again) =
            each_once(coverage_tile::lines(layers, tile), Field::SeqId);
        dropped(images_odd + lines_odd, images_again + lines_again, notes);
        is_readable(tile, &images, images_odd)?;
        is_readable(tile, &lines, lines_odd)?;
        Ok(TileResult {
            images: keep(images),
            lines: keep(lines),
            doubt: unread(tile_row(tile), images_odd + lines_odd),
            next: Vec::new(),
        })
    }

    /// The part of a feature that matches, if any.
    fn inside(&self, mut found: TileFeature) -> Option<TileFeature> {
        found.places.retain(|&place| may_contain(&self.query.select.area, place));
        // A value that cannot be read is named by the tool, which asks again.
        let is_wanted = self.query.wants(&found.row).unwrap_or(true);
        (!found.places.is_empty() && is_wanted).then_some(found)
    }
}

/// The side of the squares to whose corners places are rounded in a tile of zoom 14, at the equator: 360 degrees over
/// 2^14 tiles of 4,096 units. It is smaller elsewhere.
const TILE_UNIT_M: f64 = 0.6;

/// Whether a place that a tile has rounded may be in the area: of two boxes side by side, at least one lists it.
/// `get-meta` knows the real place.
pub fn may_contain(area: &Area, rounded: Position) -> bool {
    area.contains(rounded) || area.cover(&BBox::around(rounded, TILE_UNIT_M)) != Overlap::Outside
}

/// Identifies a tile in messages.
pub fn tile_row(tile: Tile) -> Row {
    Row::from_cells(&[(Field::Path, &format!("tile {tile}"))])
}

/// # Errors
/// If there are features, and none of them can be read: such a tile is not an empty one.
fn is_readable(tile: Tile, read: &[TileFeature], odd: u64) -> Result<(), Error> {
    if read.is_empty() && odd > 0 {
        return Err(
            format!("tile {tile}: none of its {} can be read", counted(odd, "features")).into()
        );
    }
    Ok(())
}

/// The features with an id and a place, each once, and the numbers of those without and of duplicates.
fn each_once(found: Vec<TileFeature>, id: Field) -> (Vec<TileFeature>, u64, u64) {
    let (all, mut odd, mut seen) = (found.len(), 0, HashSet::new());
    let is_first =
        |found: &TileFeature| match found.row.get(id).filter(|_| !found.places.is_empty()) {
            Some(id) => seen.insert(id.to_string()),
            None => {
                odd += 1;
                false
            }
        };
    let once: Vec<TileFeature> = found.into_iter().filter(is_first).collect();
    let again = (all - once.len()) as u64 - odd;
    (once, odd, again)
}

impl Query {
    /// Whether a picture or a sequence matches. One without a creator, organization or capture time does not match a
    /// filter on it; one without `is_pano` counts as no panorama.
    ///
    /// # Errors
    /// A value that a filter needs and that cannot be read.
    pub fn wants(&self, row: &Row) -> Result<bool, WrongValue> {
        let among = |list: &[String], field| {
            list.is_empty() || row.get(field).is_some_and(|id| list.iter().any(|one| one == id))
        };
        Ok(among(&self.orgs, Field::OrgId)
            && among(&self.creators, Field::CreatorId)
            && self.select.holds_pano(row)?
            && self.select.holds_time(row)?)
    }
}

/// The id of a user, from one of the user's pictures.
fn creator_id(client: &Client, user: &str) -> Result<String, FatalError> {
    let row = first_of(client, &format!("user {user}")).map_err(FatalError::new)?;
    let row = row.ok_or_else(|| FatalError(format!("user '{user}': {NOBODY}")))?;
    let id = row.get(Field::CreatorId).map(String::from);
    id.ok_or_else(|| {
        FatalError(format!(
            "the service does not give the id of user '{user}': give it with --creator"
        ))
    })
}

#[cfg(test)]
mod tests;
