//! Areas on the map, made of boxes and polygons: whether a position is inside, and whether a tile overlaps.

use geo::{BoundingRect, Intersects, Point, Polygon, Rect};

pub use super::bbox::{BBox, NoBox};
use super::{Error, antimeridian::in_one_piece, bbox::wrapped, geo::Position};

/// The relation of a box to an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    Outside,
    Partly,
    Whole,
}

/// A union of boxes and polygons: a position inside any of them is inside.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Area {
    boxes: Vec<BBox>,
    polygons: Vec<Outline>,
    /// Boxes around the polygons that were read as crossing the antimeridian.
    joined: Vec<BBox>,
}

#[derive(Debug, Clone, PartialEq)]
struct Outline {
    polygon: Polygon,
    bounds: Rect,
}

impl Area {
    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty() && self.polygons.is_empty()
    }

    pub fn add_box(&mut self, bbox: BBox) {
        self.boxes.push(bbox);
    }

    /// Adds a polygon with its holes. It may cross the antimeridian, with longitudes running beyond 180 or
    /// jumping from one side to the other. A polygon without points adds nothing.
    ///
    /// # Errors
    /// A polygon that jumps and whose inside cannot be determined.
    pub fn add_polygon(&mut self, polygon: Polygon) -> Result<(), Error> {
        let joined = in_one_piece(&polygon)?;
        let is_joined = joined.is_some();
        let polygon = joined.unwrap_or(polygon);
        if let Some(bounds) = polygon.bounding_rect() {
            let outline = Outline { polygon, bounds };
            self.joined.extend(is_joined.then(|| outline.bbox()));
            self.polygons.push(outline);
        }
        Ok(())
    }

    /// Notes on how polygons were read, to be reported.
    pub fn note(&self) -> Option<String> {
        let boxes: Vec<String> = self.joined.iter().map(|b| format!("'{}'", b.rounded())).collect();
        (!boxes.is_empty()).then(|| {
            format!(
                "the area jumps over 180 degrees and is read the short way around, within {}: \
                 cut it there if the other side is meant",
                boxes.join(" and ")
            )
        })
    }

    /// Adds all of `other` to this area.
    pub fn add(&mut self, other: Area) {
        self.boxes.extend(other.boxes);
        self.polygons.extend(other.polygons);
        self.joined.extend(other.joined);
    }

    /// Whether a position is inside. Edges are inside.
    pub fn contains(&self, place: Position) -> bool {
        self.boxes.iter().any(|bbox| bbox.contains(place))
            || self.polygons.iter().any(|outline| outline.contains(place))
    }

    /// One box around each box and polygon.
    pub fn bounds(&self) -> Vec<BBox> {
        let outlines = self.polygons.iter().map(Outline::bbox);
        self.boxes.iter().copied().chain(outlines).collect()
    }

    /// The relation of a box, such as a tile's, to the area.
    pub fn cover(&self, bbox: &BBox) -> Overlap {
        if self.boxes.iter().any(|mine| mine.covers(bbox)) {
            return Overlap::Whole;
        }
        let touched = self.boxes.iter().any(|mine| mine.intersects(bbox));
        let mut best = if touched { Overlap::Partly } else { Overlap::Outside };
        for outline in &self.polygons {
            match outline.cover(bbox) {
                Overlap::Whole => return Overlap::Whole,
                Overlap::Partly => best = Overlap::Partly,
                Overlap::Outside => {}
            }
        }
        best
    }
}

impl From<BBox> for Area {
    fn from(bbox: BBox) -> Self {
        Area { boxes: vec![bbox], ..Area::default() }
    }
}

/// A polygon across the antimeridian is stored once, so positions are also looked up 360 degrees further.
const TURNS_DEG: [f64; 3] = [0.0, 360.0, -360.0];

impl Outline {
    fn contains(&self, place: Position) -> bool {
        TURNS_DEG.iter().any(|turn| {
            let point = Point::new(place.lon_deg() + turn, place.lat_deg());
            self.bounds.intersects(&point) && self.polygon.intersects(&point)
        })
    }

    fn bbox(&self) -> BBox {
        let (low, high) = (self.bounds.min(), self.bounds.max());
        let around = high.x - low.x >= 360.0;
        let west_deg = if around { -180.0 } else { wrapped(low.x) };
        let east_deg = if around { 180.0 } else { wrapped(high.x) };
        BBox { west_deg, east_deg, south_deg: low.y, north_deg: high.y }
    }

    fn cover(&self, bbox: &BBox) -> Overlap {
        let covers = bbox.uncrossed().flat_map(|part| {
            TURNS_DEG
                .map(|turn| self.cover_rect(geo::Translate::translate(&part.rect(), turn, 0.0)))
        });
        // A box in two parts is never reported as whole, because each result is for one part only.
        covers.fold(Overlap::Outside, |best, next| match (best, next) {
            (Overlap::Outside, Overlap::Outside) => Overlap::Outside,
            (Overlap::Whole, _) | (_, Overlap::Whole) if !bbox.crosses_antimeridian() => {
                Overlap::Whole
            }
            _ => Overlap::Partly,
        })
    }

    /// If no ring crosses the rectangle, any of its corners represents all of it.
    fn cover_rect(&self, rect: Rect) -> Overlap {
        if !self.bounds.intersects(&rect) {
            return Overlap::Outside;
        }
        let mut rings = std::iter::once(self.polygon.exterior()).chain(self.polygon.interiors());
        if rings.any(|ring| ring.intersects(&rect)) {
            return Overlap::Partly;
        }
        if self.polygon.intersects(&Point::from(rect.min())) {
            Overlap::Whole
        } else {
            Overlap::Outside
        }
    }
}

#[cfg(test)]
mod tests;
