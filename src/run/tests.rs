//! Whole runs over stages that have a bug: they end, and report it.

use crate::row::Field;
use crate::shape::{FatalError, Shape};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::*;
use crate::row::Row;
use crate::row::row_format::ReadError;
use crate::shape::{Batch, Diagnostics, Error, InputHeader, Outcome, Places, Scan, Walk, WalkStep};

/// Records the messages.
#[derive(Default)]
struct Ear(Mutex<Vec<String>>);

impl Reporter for Ear {
    fn error(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_string());
    }

    fn warn(&self, text: &str) {
        self.error(text);
    }

    fn detail(&self, _: &str) {}
    fn progress(&self, _: &Counts, _: Progress) {}
}

/// A stage of any shape that panics at the third row or node.
struct Breaks;

fn is_third(row: &Row) -> bool {
    row.get(Field::ImgId) == Some("3")
}

impl Batch for Breaks {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn run(&self, rows: Vec<Row>, _: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        assert!(!rows.iter().any(is_third), "the third row");
        Ok(rows.into_iter().map(|row| Outcome::Rows(vec![row])).collect())
    }
}

impl Scan for Breaks {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        assert!(!is_third(&row), "the third row");
        out.push(Outcome::Rows(vec![row]));
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        Ok(())
    }
}

impl Walk for Breaks {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape { sets: vec![Field::ImgId.into()], ..Shape::default() }
    }

    fn start(&self) -> Places {
        Box::new((1..6).map(|id| id.to_string()))
    }

    fn step(&self, place: &str, _: &dyn Diagnostics) -> Result<WalkStep, Error> {
        assert!(place != "3", "the third place");
        let outcomes = vec![Outcome::Rows(vec![Row::from_cells(&[(Field::ImgId, place)])])];
        Ok(WalkStep { outcomes, next: Vec::new() })
    }
}

/// A run of the stage over five rows, into a file.
fn run(folder: &Path, drive: impl FnOnce(&Plan, Input) -> Result<Summary, FatalError>) -> Summary {
    let target = RowTarget { output: Some(folder.join("rows.csv")), ..RowTarget::default() };
    let (voice, stop) = (Arc::new(Ear::default()), Stop::default());
    let plan = Plan { target, jobs: 2, voice, stop, keep: None };
    let rows = (1..6).map(|id| Ok(Row::from_cells(&[(Field::ImgId, &id.to_string())])));
    drive(&plan, Input::Rows(Box::new(rows))).unwrap()
}

#[test]
fn a_worker_that_panics_ends_the_run_with_a_fault_in_every_shape() {
    let folder = tempfile::tempdir().unwrap();
    let before = Instant::now();
    let broken = [
        run(folder.path(), |plan, rows| batch::run(plan, rows, vec![Arc::new(Breaks)], None)),
        run(folder.path(), |plan, rows| scan::run(plan, rows, &mut Breaks)),
        run(folder.path(), |plan, _| walk::run(plan, Arc::new(Breaks), None, None)),
        run(folder.path(), |plan, _| walk::run(plan, Arc::new(Walks), Some(&mut Breaks), None)),
        run(folder.path(), |plan, _| {
            let rows = (1..6).map(|id| match id {
                3 => panic!("the third row"),
                id => Ok(Row::from_cells(&[(Field::ImgId, &id.to_string())])),
            });
            batch::run(plan, Input::Rows(Box::new(rows)), vec![Arc::new(Passes)], None)
        }),
    ];
    for (at, summary) in broken.iter().enumerate() {
        let fault = summary.fault.as_ref().map(|fault| fault.0.as_str()).unwrap_or_default();
        assert!(fault.contains("internal error: the third"), "{at}: {summary:?}");
        assert!(summary.unfinished.is_some() && !summary.stopped, "{at}: {summary:?}");
    }
    assert!(before.elapsed() < Duration::from_secs(60));
    assert!(!folder.path().join("rows.csv").exists());
}

#[test]
fn rows_before_an_input_that_cannot_be_read_on_are_gone_through() {
    let folder = tempfile::tempdir().unwrap();
    let summary = run(folder.path(), |plan, rows| {
        let Input::Rows(rows) = rows else { unreachable!("of a tool's own") };
        let cut = std::iter::once(Err(ReadError::Input(std::io::Error::other("cut"))));
        batch::run(plan, Input::Rows(Box::new(rows.chain(cut))), vec![Arc::new(Passes)], None)
    });
    assert_eq!(summary.fault.unwrap().0, "cannot read rows: cut");
    assert_eq!((summary.counts.passed(), summary.completion), (5, Completion::Cut));
    assert!(summary.unfinished.is_some() && folder.path().join("rows.csv.part").exists());
}

/// Passes rows on.
struct Passes;

impl Batch for Passes {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn run(&self, rows: Vec<Row>, _: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        Ok(rows.into_iter().map(|row| Outcome::Rows(vec![row])).collect())
    }
}

/// A walk without errors.
struct Walks;

impl Walk for Walks {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn start(&self) -> Places {
        Breaks.start()
    }

    fn step(&self, place: &str, _: &dyn Diagnostics) -> Result<WalkStep, Error> {
        let outcomes = vec![Outcome::Rows(vec![Row::from_cells(&[(Field::ImgId, place)])])];
        Ok(WalkStep { outcomes, next: Vec::new() })
    }
}
