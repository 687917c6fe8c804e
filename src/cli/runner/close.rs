//! Ends a run: counts, the reason it ended, how to continue, summary and exit status.

use std::process::ExitCode;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use crate::run::{Completion, Counts, Reporter, Summary};
use crate::shape::FatalError;

use super::super::exit_status::{self, Tolerance};
use super::super::log_file::Level;
use super::super::summary_file::RunFacts;
use super::Session;

const GOES_ON: &str = "interrupted: the same command, run again, goes on from what is on disk";

const BEGINS_ANEW: &str = "interrupted: the same command, run again, begins anew; with -o FILE, or with --keep-list FILE in \
    a pipe, it goes on";

/// How to get a complete output after the run ended early.
fn way_on(fault: Option<&FatalError>) -> &'static str {
    match fault {
        // If the folder is full, the same command would end there again.
        Some(fault) if fault.0.contains("--tmp-dir") => {
            "run the command again with another --tmp-dir"
        }
        _ => "run the same command again to go on",
    }
}

impl Session {
    /// Reports the result and returns the exit status of docs/contract.md.
    pub(in crate::cli) fn close(
        self,
        summary: Result<Summary, FatalError>,
        tolerance: Tolerance,
        has_rows: bool,
    ) -> ExitCode {
        self.terminal.end();
        let mut status = exit_status::from_summary(&summary, tolerance, self.stop.is_set());
        self.pipe.end(summary.as_ref().map_or(Completion::Cut, |summary| summary.completion));
        let took = self.started.elapsed();
        // Zero rows of a tool without rows would be meaningless.
        let is_counted = |summary: &&Summary| has_rows || summary.counts != Counts::default();
        if let Some(summary) = summary.as_ref().ok().filter(is_counted) {
            self.terminal.counts(&summary.counts, took);
        }
        let fault = summary.as_ref().map_or_else(Some, |summary| summary.fault.as_ref());
        fault.iter().for_each(|fault| self.terminal.error(&fault.0));
        if let Some(output) = summary.as_ref().ok().and_then(|summary| summary.unfinished.as_ref())
        {
            self.say(&format!("'{}' is not complete: {}", output.display(), way_on(fault)));
        } else if status == exit_status::INTERRUPTED {
            self.say(if self.keeps_nothing.load(Ordering::Relaxed) {
                BEGINS_ANEW
            } else {
                GOES_ON
            });
        }
        let file = self.summary.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(file) = file {
            let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
            let facts = RunFacts {
                tool: &self.name,
                status,
                took,
                summary: &summary,
                is_interrupted: status == exit_status::INTERRUPTED,
                clients: &clients,
                more: &self.more.lock().unwrap_or_else(PoisonError::into_inner),
            };
            if let Err(fault) = file.write(&facts) {
                self.terminal.error(&fault.0);
                status = status.max(2);
            }
        }
        self.terminal.keep(Level::Info, &format!("ends with status {status}"));
        ExitCode::from(status)
    }
}

#[cfg(test)]
mod tests;
