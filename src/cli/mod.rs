//! Flags, help, messages, exit status: the only part that knows the command
//! line, the environment and stderr.

pub mod choose;
pub mod config;
pub mod document;
pub mod flags;
pub mod front;
pub mod seek;
pub mod server;
pub mod talk;

use std::ffi::OsString;
use std::fmt::Debug;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::{Command, CommandFactory};

use crate::disk::packed::Work;
use crate::row::Field;
use crate::run::{Input, Plan, Stop, Summary, Target, Voice, batch, scan, walk};
use crate::service::{Client, Settings};
use crate::stage::{Batch, Fault, Scan, Walk};

pub use crate::run::Keep;
pub use choose::{Choice, Known};
pub use flags::{Again, Api, Jobs, Pictures, Room, Rows, Size, Talk};
use talk::Terminal;

/// What a tool's flags must give for its run to be said. [`tool!`](crate::tool)
/// says it for flags with the usual groups.
pub trait Tool: clap::Parser {
    fn talk(&self) -> &Talk;

    /// Whether rows that merely ended (gone, empty) change the status.
    fn is_strict(&self) -> bool {
        false
    }
}

/// Makes flags with the groups `talk` and `rows` (or `out`) a [`Tool`].
#[macro_export]
macro_rules! tool {
    ($flags:ident) => {
        $crate::tool!($flags, rows);
    };
    // A tool without rows.
    ($flags:ident, no rows) => {
        impl $crate::cli::Tool for $flags {
            fn talk(&self) -> &$crate::cli::Talk {
                &self.talk
            }
        }
    };
    ($flags:ident, $out:ident) => {
        impl $crate::cli::Tool for $flags {
            fn talk(&self) -> &$crate::cli::Talk {
                &self.talk
            }

            fn is_strict(&self) -> bool {
                self.$out.strict
            }
        }
    };
}
pub use crate::tool;

/// How a tool that asks the service keeps its answers. `identity` holds the
/// flags that change them.
pub fn keep(force: bool, api: &Api, key: Option<Field>, identity: &impl Debug) -> Keep {
    Keep { identity: format!("{identity:?}"), key, force, recheck: api.recheck }
}

/// The command of a tool, with what every help says at its end.
pub fn command<T: CommandFactory>() -> Command {
    let command = T::command().version(env!("CARGO_PKG_VERSION")).max_term_width(100);
    let own = command.get_after_long_help().map(|text| format!("{text}\n\n")).unwrap_or_default();
    command.after_long_help(own + flags::STATUS)
}

/// Rows that a tool makes itself.
pub type OwnRows = Box<dyn Iterator<Item = crate::row::Row> + Send>;

/// One run of a tool: what its flags do not say.
pub struct Session {
    pub name: String,
    pub stop: Stop,
    terminal: Arc<Terminal>,
    started: Instant,
}

/// Runs a tool: reads its flags, runs it, says how it went, gives the status.
pub fn main<T: Tool>(run: impl FnOnce(T, &Session) -> Result<Summary, Fault>) -> ExitCode {
    let flags = match parse::<T>(arguments()) {
        Ok(flags) => flags,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let session = Session::new(command::<T>().get_name(), flags.talk());
    let strict = flags.is_strict();
    let summary = run(flags, &session);
    session.close(summary, strict)
}

fn parse<T: Tool>(arguments: Vec<OsString>) -> Result<T, clap::Error> {
    let mut matches = command::<T>().try_get_matches_from(arguments)?;
    T::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command::<T>()))
}

/// The arguments, of which the first names the tool: `mly download` is `download`.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    let name = arguments.first().and_then(|first| Path::new(first).file_stem());
    if name.is_some_and(|name| name == front::NAME) && arguments.len() > 1 {
        arguments.remove(0);
    }
    arguments
}

impl Session {
    fn new(name: &str, talk: &Talk) -> Session {
        let stop = Stop::default();
        let interrupted = stop.clone();
        // Without a handler Ctrl-C still ends the tool, only less politely.
        let _ = ctrlc::set_handler(move || interrupted.set());
        let terminal = Arc::new(Terminal::new(name, talk));
        Session { name: name.to_string(), stop, terminal, started: Instant::now() }
    }

    /// Says a line on stderr.
    pub fn say(&self, text: &str) {
        self.terminal.warn(text);
    }

    /// A client of the service, as flags, environment and config file want it.
    pub fn client(&self, api: &Api) -> Result<Arc<Client>, Fault> {
        self.client_with(api, None)
    }

    /// The same, of which pictures take at most so many bytes a second.
    pub fn client_with(
        &self,
        api: &Api,
        max_bytes_per_s: Option<f64>,
    ) -> Result<Arc<Client>, Fault> {
        let mut settings = Settings { max_bytes_per_s, ..config::service(api)? };
        settings.log = self.terminal.log();
        Client::new(settings, Arc::clone(&self.stop.0)).map(Arc::new).map_err(Fault::new)
    }

    /// Threads for a stage that shares out its own work, until Ctrl-C.
    pub fn work(&self, jobs: &Jobs) -> Work {
        Work { jobs: jobs.or_processors(), stop: Arc::clone(&self.stop.0) }
    }

    /// Says what a dry run would do, which is all that it does.
    pub fn told(&self, plan: &str) -> Result<Summary, Fault> {
        self.say(plan);
        Ok(Summary::nothing())
    }

    /// Rows in order through one stage.
    pub fn scan(&self, rows: &Rows, mut stage: impl Scan) -> Result<Summary, Fault> {
        let plan = self.plan(rows, 1, None, false);
        scan::run(&plan, rows.input(&self.terminal)?, &mut stage)
    }

    /// Rows through joined parts on many threads. `makes_files` says that the
    /// tool's work is files, so that at a terminal it prints no rows.
    pub fn batch(
        &self,
        rows: &Rows,
        jobs: usize,
        parts: Vec<Arc<dyn Batch>>,
        keep: Option<Keep>,
        makes_files: bool,
    ) -> Result<Summary, Fault> {
        let plan = self.plan(rows, jobs, keep, makes_files);
        batch::run(&plan, rows.input(&self.terminal)?, parts)
    }

    /// Pictures, or rows of them, in order through one stage. The rows of
    /// pictures have what their files say.
    pub fn scan_pictures(
        &self,
        pictures: &Pictures,
        mut stage: impl Scan,
    ) -> Result<Summary, Fault> {
        let plan = self.plan(&pictures.out.clone().into(), 1, None, false);
        scan::run(&plan, pictures.input(&self.terminal, true)?, &mut stage)
    }

    /// Pictures, or rows of them, through joined parts on many threads. With
    /// `facts` the rows of pictures have what their files say.
    pub fn batch_pictures(
        &self,
        pictures: &Pictures,
        facts: bool,
        jobs: usize,
        parts: Vec<Arc<dyn Batch>>,
        makes_files: bool,
    ) -> Result<Summary, Fault> {
        let plan = self.plan(&pictures.out.clone().into(), jobs, None, makes_files);
        batch::run(&plan, pictures.input(&self.terminal, facts)?, parts)
    }

    /// The same over the rows that the tool makes of the place that its
    /// argument names, when it is no file of rows.
    pub fn batch_of(
        &self,
        rows: &Rows,
        jobs: usize,
        parts: Vec<Arc<dyn Batch>>,
        makes_files: bool,
        place: impl FnOnce(&Path) -> Result<Option<OwnRows>, Fault>,
    ) -> Result<Summary, Fault> {
        let plan = self.plan(rows, jobs, None, makes_files);
        let own = rows.file.as_deref().map(place).transpose()?.flatten();
        let input = match own {
            Some(own) => Input::Rows(Box::new(own.map(Ok))),
            None => rows.input(&self.terminal)?,
        };
        batch::run(&plan, input, parts)
    }

    /// A walk from the places that flags name.
    pub fn walk(
        &self,
        rows: &Rows,
        jobs: usize,
        stage: Arc<dyn Walk>,
        merge: Option<&mut dyn Scan>,
        limit: Option<u64>,
        keep: Option<Keep>,
    ) -> Result<Summary, Fault> {
        walk::run(&self.plan(rows, jobs, keep, false), stage, merge, limit)
    }

    /// A walk whose rows are only counted: nothing is written but words.
    pub fn count(
        &self,
        jobs: usize,
        stage: Arc<dyn Walk>,
        counter: &mut dyn Scan,
    ) -> Result<Summary, Fault> {
        let mut plan = self.plan(&Rows::default(), jobs, None, false);
        plan.target.mute = true;
        walk::run(&plan, stage, Some(counter), None)
    }

    /// How the run is done, for tools that drive it themselves.
    pub fn plan(&self, rows: &Rows, jobs: usize, keep: Option<Keep>, makes_files: bool) -> Plan {
        let target = Target {
            form: rows.form(),
            output: rows.output.clone(),
            failed: rows.failed.clone(),
            accept_failed: rows.accept_failed,
            mute: makes_files && rows.form().is_none() && talk::is_terminal_out(),
        };
        let voice = Arc::clone(&self.terminal) as Arc<dyn Voice>;
        Plan { target, jobs, voice, stop: self.stop.clone(), keep }
    }

    /// Says how it went and gives the status of contract.md: 0 all answered,
    /// 1 some rows failed, 2 could not go on, 130 interrupted.
    fn close(&self, summary: Result<Summary, Fault>, strict: bool) -> ExitCode {
        self.terminal.end();
        let summary = match summary {
            Ok(summary) => summary,
            Err(fault) => {
                self.terminal.error(&fault.0);
                return ExitCode::from(if self.stop.is_set() { 130 } else { 2 });
            }
        };
        self.terminal.counts(&summary.counts, self.started.elapsed());
        if let Some(fault) = &summary.fault {
            self.terminal.error(&fault.0);
        }
        if let Some(output) = &summary.unfinished {
            self.say(&format!(
                "'{}' is not complete: run the same command again to go on",
                output.display()
            ));
        }
        let ended = strict && summary.counts.ended_in_all() > 0;
        ExitCode::from(match (&summary.fault, summary.stopped) {
            (_, true) => 130,
            (Some(_), _) => 2,
            _ if summary.counts.failed + summary.counts.found > 0 || ended => 1,
            _ => 0,
        })
    }
}
