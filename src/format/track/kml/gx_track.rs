//! A `gx:Track`, which lists first all times and then all positions, or a position beside each time.

use super::super::point::Time;
use super::coordinates::{Coordinates, byte, point};
use crate::format::parsed_track::Recording;
use crate::value::track::Fix;

const NO_PLACE: &str = "times of a track without a place left out";
const NO_TIME: &str = "places of a track without a time left out";
pub const UNEVEN: &str = "tracks left out that have another number of times than of places";

/// Times and positions, each with its byte offset.
#[derive(Default)]
pub struct GxTrack {
    pub whens: Vec<(Time, usize)>,
    pub coordinates: Vec<(Coordinates, usize)>,
    /// Whether the heights are none of the sea level.
    pub is_above_ground: bool,
    /// Whether the file ends within the track, which then lacks its last places.
    pub is_cut: bool,
    /// The number of pairs before the first damaged place: a lost element shifts all that follow.
    certain: Option<usize>,
}

impl GxTrack {
    pub fn new(is_above_ground: bool) -> GxTrack {
        GxTrack { is_above_ground, ..GxTrack::default() }
    }

    /// Some elements are lost, times if there are no positions yet, otherwise either.
    pub fn damaged(&mut self) {
        let paired = match self.coordinates.len() {
            0 => self.whens.len(),
            places => places.min(self.whens.len()),
        };
        self.certain = Some(self.certain.map_or(paired, |certain| certain.min(paired)));
    }

    /// The fixes. Either of a time and its position may be blank if the receiver had none, but both must be there: of a
    /// list that lacks an element, nothing says which one.
    pub fn segment(&self, recording: &mut Recording) -> Vec<Fix> {
        let (whens, coordinates) = (self.whens.len(), self.coordinates.len());
        let both = whens.min(coordinates);
        let pairs = match (self.certain, self.beside_each_other()) {
            (Some(certain), _) => in_order(certain.min(both)),
            (None, Some(pairs)) => pairs,
            (None, None) if whens == coordinates || self.is_cut => in_order(both),
            (None, None) => {
                let first = self.whens.iter().map(|when| when.1);
                let first = first.chain(self.coordinates.iter().map(|place| place.1)).min();
                recording.remark(UNEVEN, byte(first.unwrap_or_default()));
                return Vec::new();
            }
        };
        self.remark_alone(&pairs, recording);
        let mut segment = Vec::new();
        for (when, place) in pairs {
            let ((time, at), (place, _)) = (self.whens[when], self.coordinates[place]);
            let mut point = point(at, place, self.is_above_ground, recording);
            point.time = time;
            segment.extend(point.into_fix(recording));
        }
        segment
    }

    /// Counts what has no partner; `pairs` are in rising order.
    fn remark_alone(&self, pairs: &[(usize, usize)], recording: &mut Recording) {
        for (number, (_, at)) in self.whens.iter().enumerate() {
            if pairs.binary_search_by_key(&number, |pair| pair.0).is_err() {
                recording.remark(NO_PLACE, byte(*at));
            }
        }
        for (number, (_, at)) in self.coordinates.iter().enumerate() {
            if pairs.binary_search_by_key(&number, |pair| pair.1).is_err() {
                recording.remark(NO_TIME, byte(*at));
            }
        }
    }

    /// The pairs, if the elements of each are next to each other in the file, so that one that is missing shifts no
    /// other. `None` if they are lists, or if it is uncertain whether the time or the position of a pair comes first.
    fn beside_each_other(&self) -> Option<Vec<(usize, usize)>> {
        let elements = self.elements();
        let times_first = elements.windows(2).filter_map(|pair| match pair {
            [(_, Element::Time(when)), (_, Element::Place(place))] => Some((*when, *place)),
            _ => None,
        });
        let places_first = elements.windows(2).filter_map(|pair| match pair {
            [(_, Element::Place(place)), (_, Element::Time(when))] => Some((*when, *place)),
            _ => None,
        });
        let (mut most, mut other): (Vec<_>, Vec<_>) =
            (times_first.collect(), places_first.collect());
        if most.len() < other.len() {
            std::mem::swap(&mut most, &mut other);
        }
        let alone = elements.len() - 2 * most.len();
        (most.len() > other.len() && most.len() > alone).then_some(most)
    }

    /// Times and positions in the order of the file.
    fn elements(&self) -> Vec<(usize, Element)> {
        let whens = (0..).zip(&self.whens).map(|(number, (_, at))| (*at, Element::Time(number)));
        let places =
            (0..).zip(&self.coordinates).map(|(number, (_, at))| (*at, Element::Place(number)));
        let mut elements: Vec<_> = whens.chain(places).collect();
        elements.sort_unstable_by_key(|(at, _)| *at);
        elements
    }
}

/// The number of a time or of a position.
enum Element {
    Time(usize),
    Place(usize),
}

/// The first ones of either list.
fn in_order(number: usize) -> Vec<(usize, usize)> {
    (0..number).map(|at| (at, at)).collect()
}
