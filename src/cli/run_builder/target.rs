//! The output of a run, and its plan.

use std::io;
use std::sync::Arc;

use crate::run::output_claim::Claim;
use crate::run::{Input, Plan, Reporter, RowTarget, stdio};
use crate::shape::FatalError;

use super::super::terminal;
use super::Job;

impl Job<'_> {
    /// The plan of a run that writes its rows one by one.
    pub(super) fn plan_of_rows(&self) -> Result<Option<Plan>, FatalError> {
        let plan = self.plan()?;
        let target = plan.as_ref().map(|plan| &plan.target);
        if target.is_some_and(|to| to.output.is_none() && !to.mute) && terminal::is_terminal_out() {
            self.session.terminal.hide();
        }
        Ok(plan)
    }

    /// The plan of the run; `None` if another process of the same task has finished it meanwhile.
    pub(in crate::cli) fn plan(&self) -> Result<Option<Plan>, FatalError> {
        let mut plan = self.planned()?;
        match self.session.claim(plan.target.output.as_deref())? {
            Some(Claim::Done) => {
                self.pass_by();
                return Ok(None);
            }
            Some(Claim::Taken(part)) => plan.target.claim = Some(Arc::new(part)),
            None => {}
        }
        Ok(Some(plan))
    }

    /// The plan of the run, without claiming the task.
    pub(in crate::cli) fn planned(&self) -> Result<Plan, FatalError> {
        self.session.begin();
        let out = &self.rows.out;
        self.session.pipe.withdraw_for(out.output.as_deref());
        if out.output.is_none() {
            self.session.pipe.fault().iter().for_each(|fault| self.session.say(fault));
        }
        let form = self.lines.or(self.rows.form());
        if out.output.is_none()
            && form.is_some_and(|form| !form.is_text())
            && terminal::is_terminal_out()
        {
            return Err(FatalError("Parquet is not for a terminal: name a file with -o".into()));
        }
        let target = RowTarget {
            form,
            output: out.output.clone().map(Into::into),
            document: None,
            folder: self.folder.clone(),
            failed: out.failed.clone().map(Into::into),
            accept_failed: out.accept_failed,
            accept_empty: out.accept_empty,
            ok_failed: out.ok_failed,
            no_header: out.no_header,
            claim: None,
            mute: self.makes_files && form.is_none() && terminal::is_terminal_out(),
        };
        let voice = Arc::clone(&self.session.terminal) as Arc<dyn Reporter>;
        let stop = self.session.stop.clone();
        Ok(Plan { target, jobs: self.jobs, voice, stop, keep: self.keep.clone() })
    }

    /// Reads the input to its end, so that the writer of our rows does not see a closed pipe as an error.
    fn pass_by(&self) {
        if matches!(self.input, Input::Stdin | Input::Headless(None, _) | Input::Look(None, _)) {
            // There is nobody to report an error to, and nothing to lose.
            let _ = stdio::stdin().and_then(|mut rows| io::copy(&mut rows, &mut io::sink()));
        }
    }
}
