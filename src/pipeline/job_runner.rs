//! Runs a job: each command of its plan, the messages meanwhile, and the summary.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use serde_json::{Map, Value};

use crate::cli::{Session, terminal};
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::run::{Completion, Counts, Summary};
use crate::shape::FatalError;

use super::command_line::CommandLine;
use super::estimate::Sample;
use super::job::Job;
use super::plan::Plan;
use super::report::Report;
use super::tally::{LineAction, ToolTotals};
use super::{images_file, process};

/// A running job.
struct Work<'a> {
    job: &'a Job,
    session: &'a Session,
    tally: ToolTotals,
    ran: Vec<&'static str>,
}

pub fn run(job: &Job, session: &Session) -> Result<Summary, FatalError> {
    let plan = Plan::new(job);
    if !job.estimate {
        session.say("runs");
        plan.lines().iter().for_each(|line| session.say(&format!("  {line}")));
    }
    if job.dry_run {
        return Ok(Summary::nothing());
    }
    session.interrupted();
    let folder = &plan.files.folder;
    fs::create_dir_all(folder).at_path(Action::MakeFolder, folder)?;
    let mut work = Work { job, session, tally: ToolTotals::default(), ran: Vec::new() };
    let fault = work.all(&plan).err();
    work.add_to_summary(&plan);
    let stopped = session.stop.is_set();
    let counts = if job.estimate { Counts::default() } else { work.tally.counts() };
    let completion = if fault.is_some() { Completion::Cut } else { Completion::Complete };
    let fault = fault.filter(|_| !stopped);
    Ok(Summary { counts, fault, stopped, unfinished: None, completion })
}

impl Work<'_> {
    fn all(&mut self, plan: &Plan) -> Result<(), FatalError> {
        let first = std::slice::from_ref(&plan.list);
        self.step(plan, if self.job.estimate { first } else { &plan.pipe })?;
        self.list_anew(plan)?;
        if self.tally.found() == 0 {
            // If the list failed, the contents are unknown, and the reason was reported.
            if self.tally.counts().failed == 0 {
                self.session.say("no picture is found for this selection: nothing is fetched");
            }
            return Ok(());
        }
        if self.job.estimate {
            return self.estimate(plan);
        }
        if self.job.has_catalog {
            images_file::update(&self.job.into.join("images.jsonl"), &plan.files.pictures)?;
        }
        if let Some(csv) = &plan.csv {
            self.step(plan, std::slice::from_ref(csv))?;
        }
        self.report(plan)
    }

    /// Runs commands joined by pipes. Failed rows do not end the job; a tool that could not continue does.
    fn step(&mut self, plan: &Plan, commands: &[CommandLine]) -> Result<(), FatalError> {
        let terminal = self.session.terminal();
        let shown = |line: &CommandLine| {
            let summary = plan.files.summary(line.tool).into_os_string();
            let line = line.clone().with(["--log-format", "json", "--progress", "always"]);
            let line = line.with(["--summary".into(), summary]);
            line.with_if(terminal.wants_requests(), "--verbose")
        };
        let running: Vec<CommandLine> = commands.iter().map(shown).collect();
        self.ran.extend(commands.iter().map(|line| line.tool));
        let tally = &mut self.tally;
        let ended =
            process::run(&running, self.job.token.as_deref(), &self.session.stop, |line| {
                let Some((number, line)) = line else { return };
                if let LineAction::Say(level, text) = tally.hear(commands[number].tool, &line) {
                    terminal.tell(level, &text);
                }
                terminal.show(&tally.line(), tally.at(), &tally.counts());
            })?;
        if self.session.stop.is_set() {
            return Err(FatalError("interrupted".into()));
        }
        let failed = commands.iter().zip(&ended).find(|(_, ended)| !is_through(**ended));
        failed.map_or(Ok(()), |(line, ended)| Err(wrong(line, *ended)))
    }

    /// A later run must find what is new: the cached list is deleted at the end of the run that completes it.
    fn list_anew(&self, plan: &Plan) -> Result<(), FatalError> {
        match fs::remove_file(&plan.files.listed) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => Ok(removed.at_path(Action::Remove, &plan.files.listed)?),
        }
    }

    fn failed_lists(&self, plan: &Plan) -> Vec<PathBuf> {
        self.ran.iter().map(|tool| plan.files.failed(tool)).collect()
    }

    fn estimate(&mut self, plan: &Plan) -> Result<(), FatalError> {
        let found = self.tally.found();
        let sample = Sample::pick(&plan.files, found)?;
        self.step(plan, &sample.pipe(self.job))?;
        let estimate = sample.weigh(found)?;
        self.session.add_to_summary("estimate", estimate.json());
        self.print(&estimate.text(&self.job.into))
    }

    /// Reports the result, also to the summary.
    fn report(&self, plan: &Plan) -> Result<(), FatalError> {
        let report = Report::read(&plan.files.pictures, &self.failed_lists(plan))?;
        self.session.add_to_summary("pictures", report.json(&self.job.into));
        self.print(&report.text(&self.job.into))
    }

    fn print(&self, text: &str) -> Result<(), FatalError> {
        if self.session.terminal().is_quiet() {
            return Ok(());
        }
        self.session.terminal().end();
        terminal::write_out(text.as_bytes(), &self.session.stop)
            .map_err(|error| FatalError(format!("cannot write to stdout: {error}")))
    }

    /// Adds how each tool ended, and their requests in total.
    fn add_to_summary(&self, plan: &Plan) {
        let read = |tool: &&str| {
            let text = open::text(plan.files.summary(tool)).ok()?;
            serde_json::from_str::<Value>(&text).ok()
        };
        let tools: Vec<Value> = self.ran.iter().filter_map(read).collect();
        let mut service = Map::new();
        tools.iter().for_each(|tool| add(&mut service, &tool["service"]));
        self.session.add_to_summary("service", service.into());
        self.session.add_to_summary("tools", tools.into());
        self.session.add_to_summary("commands", plan.lines().into());
    }
}

/// Adds the numbers of an object to those of another, at any depth.
fn add(sum: &mut Map<String, Value>, more: &Value) {
    for (key, value) in more.as_object().into_iter().flatten() {
        let entry = sum.entry(key.clone());
        if value.is_object() {
            let inner = entry.or_insert_with(|| Map::new().into());
            inner.as_object_mut().into_iter().for_each(|inner| add(inner, value));
            continue;
        }
        let before = entry.or_insert(0.into());
        *before = match (before.as_u64(), value.as_u64()) {
            (Some(before), Some(value)) => (before + value).into(),
            _ => (before.as_f64().unwrap_or(0.0) + value.as_f64().unwrap_or(0.0)).into(),
        };
    }
}

/// Whether a tool processed all its rows, some of which may have failed.
fn is_through(ended: ExitStatus) -> bool {
    matches!(ended.code(), Some(0 | 1))
}

fn wrong(line: &CommandLine, ended: ExitStatus) -> FatalError {
    let how = match ended.code() {
        Some(_) => "could not go on: its message is above".to_string(),
        None => format!("was killed ({ended})"),
    };
    FatalError(format!("{} {how}; run the same command again to go on", line.tool))
}
