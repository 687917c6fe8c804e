//! Opens the output: its columns, its format, its header, and the list of failed rows.

use std::sync::Arc;

use crate::row::row_format::Writer;
use crate::row::{Column, Field};
use crate::shape::{Diagnostics, EarlierError, FatalError, Shape};

use super::super::columns::{omitted, order};
use super::super::failed::Failed;
use super::super::file_identity;
use super::super::input::InputReader;
use super::super::output_writer::Out;
use super::super::stats::{Stats, Stop};
use super::super::target::RowTarget;
use super::Sink;
use super::output_name::mismatch;

impl Sink {
    pub fn open(
        target: &RowTarget,
        intake: &InputReader,
        shape: &Shape,
        tally: &Arc<Stats>,
        stop: &Stop,
    ) -> Result<Sink, FatalError> {
        file_identity::check(target, intake.origin())?;
        let form = target.form.unwrap_or(intake.form);
        let named = [(&target.output, form), (&target.failed, intake.form)];
        let odd = named.into_iter().filter_map(|(path, form)| mismatch(path.as_deref()?, form));
        odd.for_each(|words| tally.once(&words));
        let input = intake.columns();
        let open = !intake.settled && !shape.only_sets;
        let (mut order, mut omit) = (order(shape, input.list()), omitted(shape, input));
        if target.ok_failed {
            let error = Column::from(Field::Error);
            [&mut order, &mut omit].into_iter().for_each(|it| it.retain(|column| *column != error));
            order.push(error);
        }
        let rows = Writer::new(form, &order, &omit, open);
        let mut rows = rows.map_err(FatalError::new)?;
        let out = match (&target.output, target.mute) {
            (None, true) => None,
            (path, _) => Some(Out::open(path.as_deref(), target.claim.as_deref(), stop, &**tally)?),
        };
        let makes_file =
            target.document.is_some() || out.as_ref().is_some_and(|out| !out.is_stream());
        let mut buffer = Vec::new();
        // No input gives no output: among partitions of JSON lines, a CSV header would look like a row.
        if !target.no_header && (target.form.is_some() || intake.shows_form()) {
            rows.start(&mut buffer);
        }
        let failed = target.failed.as_deref();
        let failed = failed.map(|path| Failed::open(path, intake, stop, tally)).transpose()?;
        let (tally, stop) = (Arc::clone(tally), stop.clone());
        Ok(Sink {
            rows,
            buffer,
            out,
            failed,
            folder: target.folder.clone(),
            accept_failed: target.accept_failed,
            accept_empty: target.accept_empty,
            ok_failed: target.ok_failed,
            settles_errors: target.ok_failed && shape.earlier_error == EarlierError::Settled,
            tally,
            stop,
            is_closed: false,
            makes_file,
            told: intake.told(),
            unproven: intake.unproven,
            has_begun: false,
            unreadable: 0,
            fault: None,
        })
    }
}
