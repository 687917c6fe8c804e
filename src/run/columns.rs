//! The columns of the output and their order.

use crate::row::{Column, Columns, Field};
use crate::shape::{EarlierError, Shape};

/// The columns of the output: the leading ones, those of the input, new ones.
pub fn order(shape: &Shape, input: &[Column]) -> Vec<Column> {
    let mut order: Vec<Column> = Vec::new();
    let input = if shape.only_sets { &[] } else { input };
    let leads = shape.leads.iter().map(|&field| field.into());
    let sets = shape.sets.iter().cloned();
    for column in leads.chain(input.iter().cloned()).chain(sets) {
        if !order.contains(&column) {
            order.push(column);
        }
    }
    order
}

/// The columns of the input that the output does not have.
pub fn omitted(shape: &Shape, input: &Columns) -> Vec<Column> {
    let mut omitted: Vec<Column> = shape.drops.iter().map(|&field| field.into()).collect();
    if let Some(keeps) = &shape.keeps
        && input.at(keeps.of_input_with).is_some()
    {
        let is_kept = |column: &Column| column.field.is_some_and(|it| keeps.only.contains(&it));
        omitted.extend(input.list().iter().filter(|column| !is_kept(column)).cloned());
    }
    // The error of an earlier try is dropped, even if its column appears late.
    let error = Column::from(Field::Error);
    let is_kept = shape.earlier_error == EarlierError::Kept || shape.sets.contains(&error);
    omitted.extend((!is_kept).then_some(error));
    omitted
}
