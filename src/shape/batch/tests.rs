use super::*;
use crate::row::Field::{Altitude, ImgId, Make};

struct Stage;

impl Batch for Stage {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn run(&self, rows: Vec<Row>, _: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        Ok(rows.into_iter().map(Outcome::Next).collect())
    }
}

#[test]
fn a_kept_answer_sets_what_it_has_and_leaves_the_rest_as_it_was() {
    let sets = [Make, Altitude].map(Column::from);
    let mut row = Row::from_cells(&[(ImgId, "1"), (Make, "Old"), (Altitude, "7")]);
    let answer = Row::from_cells(&[(ImgId, "2"), (Make, "New"), (Altitude, "")]);
    Stage.fill(&mut row, &answer, &sets);
    let filled = [ImgId, Make, Altitude].map(|field| row.get(field));
    assert_eq!(filled, [Some("1"), Some("New"), Some("7")]);
}
