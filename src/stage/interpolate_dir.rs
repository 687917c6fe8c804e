//! interpolate-dir: where each photo looks, from the places of its neighbours.

use crate::row::{Column, Field, Row};
use crate::value::direction::{By, Method, Shot, directions};
use crate::value::geo::normal_deg;

use crate::photo::order::{Group, Ride, decimal, has_compass, need, sequence_key};
use crate::photo::why::{explain, no_longer};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

/// Why a photo has no direction.
const ALONE: &str = "no other photo of its sequence is near in time and apart in space";

/// What the user chose.
#[derive(Debug, Clone)]
pub struct Choice {
    pub method: Method,
    /// Added clockwise.
    pub offset_deg: f64,
    /// A column whose value, where there is one, is the offset of its row.
    pub offset_column: Option<String>,
    pub min_distance_m: f64,
    pub gap_s: f64,
    pub overwrite: bool,
    /// Photos without a place lie between those that have one.
    pub anchors: bool,
}

/// Holds all rows until the end: a sequence may go on in any later row.
pub struct InterpolateDir {
    choice: Choice,
    offset: Option<Column>,
    ride: Ride,
}

impl InterpolateDir {
    pub fn new(choice: Choice) -> Self {
        let offset = choice.offset_column.as_deref().map(Column::named);
        InterpolateDir { choice, offset, ride: Ride::default() }
    }

    /// Spreads photos without a place between the known ones around, evenly in time.
    fn anchor(&mut self, group: &mut Group) {
        let known = |photo: usize, group: &Group| group.photos[photo].position.is_some();
        let anchors: Vec<usize> = (0..group.photos.len()).filter(|&at| known(at, group)).collect();
        for pair in anchors.windows(2) {
            let (from, to) = (group.photos[pair[0]], group.photos[pair[1]]);
            let (Some(start), Some(end)) = (from.position, to.position) else { continue };
            let gap_ms = (to.time_ms - from.time_ms).max(1) as f64;
            for photo in &mut group.photos[pair[0] + 1..pair[1]] {
                let fraction = (photo.time_ms - from.time_ms) as f64 / gap_ms;
                let place = start.along(end, fraction);
                photo.position = Some(place);
                let row = &mut self.ride.rows[photo.row];
                // The reason that it had no place is one no more.
                if row.get(Field::PositionBy) == Some("none") {
                    row.clear(Field::Why);
                }
                row.set_display(Field::Lon, decimal(place.lon_deg(), 8));
                row.set_display(Field::Lat, decimal(place.lat_deg(), 8));
                row.set(Field::PositionBy, "interpolated");
                row.set_display(Field::GapS, decimal(gap_ms / 1000.0, 3));
                row.set_display(Field::GapM, decimal(start.distance_m(end), 2));
            }
        }
    }

    fn direct(&mut self, group: &Group, notes: &dyn Diagnostics) {
        let placed = group.photos.iter().filter_map(|photo| Some((photo, photo.position?)));
        let (photos, shots): (Vec<_>, Vec<_>) = placed
            .map(|(photo, position)| (photo.row, Shot { position, time_ms: photo.time_ms }))
            .unzip();
        let Choice { method, min_distance_m, gap_s, .. } = self.choice;
        let found = directions(&shots, method, min_distance_m, gap_s);
        for (at, found) in photos.into_iter().zip(found) {
            self.set(at, found, notes);
        }
    }

    fn set(&mut self, at: usize, found: Option<(f64, By)>, notes: &dyn Diagnostics) {
        if has_compass(&self.ride.rows[at]) && !self.choice.overwrite {
            return notes.count("kept", 1);
        }
        let offset_deg = match self.offset_deg(&self.ride.rows[at]) {
            Ok(offset_deg) => offset_deg,
            Err(wrong) => return self.ride.fail(at, wrong),
        };
        let row = &mut self.ride.rows[at];
        // A photo without neighbours may know from its track where it went.
        let track = || Some((row.number(Field::TrackDeg).ok()??, By::Track));
        match found.or_else(track) {
            Some((deg, by)) => {
                // Rounding may reach the full circle again.
                let looks_deg = normal_deg(decimal(normal_deg(deg + offset_deg), 2));
                row.set_display(Field::CompassAngle, looks_deg);
                row.set(Field::DirectionBy, by.word());
                no_longer(row, ALONE);
                notes.count("set", 1);
            }
            // What another tool worked out, such as from a track, is better than nothing.
            None if row.get(Field::CompassAngle).is_some() => notes.count("kept", 1),
            None => {
                row.set(Field::DirectionBy, "none");
                explain(row, ALONE);
                notes.count("without a direction", 1);
            }
        }
    }

    fn offset_deg(&self, row: &Row) -> Result<f64, String> {
        let cell = self.offset.as_ref().and_then(|column| Some((column, row.get_column(column)?)));
        let Some((column, text)) = cell else { return Ok(self.choice.offset_deg) };
        let number = text.trim().parse().ok().filter(|deg: &f64| deg.is_finite());
        number.ok_or_else(|| format!("'{text}' in column '{}' is not a number", column.name))
    }
}

impl Scan for InterpolateDir {
    fn shape(&self, _: &InputHeader) -> Shape {
        let mut sets = vec![Field::CompassAngle.into(), Field::DirectionBy.into()];
        if self.choice.anchors {
            let places = [Field::Lon, Field::Lat, Field::PositionBy, Field::GapS, Field::GapM];
            sets.extend(places.map(Column::from));
        }
        sets.push(Field::Why.into());
        Shape { sets, ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        _: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        self.ride.push(row);
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        for fields in [&[Field::Lon][..], &[Field::Lat], &[Field::CapturedAt, Field::TakenAt]] {
            need(&self.ride.rows, fields)?;
        }
        self.ride.settle_zones(notes);
        let mut groups = self.ride.groups(|_| true, sequence_key);
        let compasses = self.ride.rows.iter().filter(|row| has_compass(row));
        if !self.choice.overwrite
            && !self.ride.rows.is_empty()
            && compasses.count() == self.ride.rows.len()
        {
            notes.once("every photo has a compass angle that was read: nothing to do; --overwrite replaces them");
        }
        for group in &mut groups {
            if self.choice.anchors {
                self.anchor(group);
            }
            self.direct(group, notes);
        }
        out.extend(self.ride.end());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Silent;

    impl Diagnostics for Silent {
        fn once(&self, _: &str) {}
        fn warn(&self, _: &str) {}
        fn count(&self, _: &'static str, _: u64) {}
    }

    const CHOICE: Choice = Choice {
        method: Method::Next,
        offset_deg: 0.0,
        offset_column: None,
        min_distance_m: 1.0,
        gap_s: 60.0,
        overwrite: false,
        anchors: false,
    };

    /// A photo of sequence s: second, thousandths of a degree east.
    fn photo(second: u32, east: &str) -> Row {
        Row::of(&[
            (Field::SeqId, "s"),
            (Field::CapturedAt, &(second * 1000).to_string()),
            (Field::Lon, east),
            (Field::Lat, if east.is_empty() { "" } else { "0" }),
        ])
    }

    fn run(choice: Choice, rows: Vec<Row>) -> Vec<Row> {
        let mut stage = InterpolateDir::new(choice);
        let mut out = Vec::new();
        for row in rows {
            stage.push(row, &mut out, &Silent).unwrap();
        }
        stage.end(&mut out, &Silent).unwrap();
        let row = |outcome| match outcome {
            Outcome::Rows(rows) => rows,
            Outcome::Failed(mut row, error) => {
                row.set(Field::Error, &error);
                vec![row]
            }
            other => panic!("{other:?}"),
        };
        out.into_iter().flat_map(row).collect()
    }

    fn angles(rows: &[Row]) -> Vec<&str> {
        rows.iter().map(|row| row.get(Field::CompassAngle).unwrap_or_default()).collect()
    }

    #[test]
    fn rows_come_out_in_their_order_with_directions_of_their_time() {
        let rows = run(
            Choice { offset_deg: 90.0, ..CHOICE },
            vec![photo(2, "0.002"), photo(0, "0.000"), photo(1, "0.001")],
        );
        assert_eq!(angles(&rows), ["180", "180", "180"]);
        let by: Vec<_> = rows.iter().map(|row| row.get(Field::DirectionBy).unwrap()).collect();
        assert_eq!(by, ["last", "next", "next"]);
        assert_eq!(rows[0].get(Field::Lon), Some("0.002"));
    }

    #[test]
    fn a_compass_gives_way_only_when_asked() {
        let mut compass = photo(0, "0.000");
        compass.set(Field::CompassAngle, "12.50");
        let rows = vec![compass, photo(1, "0.001")];
        assert_eq!(angles(&run(CHOICE, rows.clone())), ["12.50", "90"]);
        assert_eq!(angles(&run(Choice { overwrite: true, ..CHOICE }, rows)), ["90", "90"]);
    }

    #[test]
    fn what_was_worked_out_is_refined_and_twice_is_once() {
        let rows = run(CHOICE, vec![photo(0, "0.000"), photo(1, "0.001")]);
        assert_eq!(run(CHOICE, rows.clone()), rows);
        let turned = run(Choice { offset_deg: -90.0, ..CHOICE }, rows);
        assert_eq!(angles(&turned), ["0", "0"]);
    }

    #[test]
    fn rows_without_a_place_or_a_time_pass_and_a_single_one_has_none() {
        let timeless = Row::of(&[(Field::SeqId, "s"), (Field::Lon, "1"), (Field::Lat, "1")]);
        let rows = run(CHOICE, vec![photo(0, "0.000"), photo(1, ""), timeless.clone()]);
        assert_eq!(angles(&rows), ["", "", ""]);
        assert_eq!(rows[0].get(Field::DirectionBy), Some("none"));
        assert!(rows[0].get(Field::Why).is_some());
        assert_eq!(rows[2], timeless);
    }

    #[test]
    fn a_single_photo_looks_along_its_track_turned_by_the_offset() {
        let mut single = photo(0, "0");
        single.set(Field::TrackDeg, "350");
        single.set(Field::CompassAngle, "350");
        single.set(Field::DirectionBy, "track");
        let rows = run(Choice { offset_deg: 90.0, ..CHOICE }, vec![single]);
        assert_eq!(angles(&rows), ["80"]);
        assert_eq!(run(Choice { offset_deg: 90.0, ..CHOICE }, rows.clone()), rows);
    }

    #[test]
    fn no_direction_looks_into_another_sequence() {
        let mut other = photo(1, "0.001");
        other.set(Field::SeqId, "t");
        assert_eq!(angles(&run(CHOICE, vec![photo(0, "0"), other])), ["", ""]);
    }

    #[test]
    fn a_wrong_value_fails_its_row_and_no_other() {
        let rows = run(CHOICE, vec![photo(0, "0"), photo(1, "east"), photo(2, "0.001")]);
        assert_eq!(angles(&rows), ["90", "", "90"]);
        assert_eq!(rows[1].get(Field::Error), Some("'east' in column 'lon' is not a number"));
    }

    #[test]
    fn an_offset_may_be_a_column() {
        let column = Column::named("mount");
        let mut left = photo(0, "0");
        left.set_column(&column, "-90", false);
        let choice = Choice { offset_column: Some("mount".into()), ..CHOICE };
        assert_eq!(angles(&run(choice, vec![left, photo(1, "0.001")])), ["0", "90"]);
    }

    #[test]
    fn photos_between_anchors_are_spread_evenly_in_time() {
        let choice = Choice { anchors: true, gap_s: 1000.0, ..CHOICE };
        let rows =
            run(choice, vec![photo(0, "0"), photo(100, ""), photo(400, "0.004"), photo(500, "")]);
        assert_eq!(rows[1].get(Field::Lon), Some("0.001"));
        assert_eq!(rows[1].get(Field::PositionBy), Some("interpolated"));
        assert_eq!(rows[3].get(Field::Lon), None);
        assert_eq!(angles(&rows), ["90", "90", "90", ""]);
    }
}
