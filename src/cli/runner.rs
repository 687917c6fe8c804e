//! Runs one tool: input, stage, messages, exit status.

mod close;

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde_json::{Map, Value};

use crate::disk::open;
use crate::disk::output::Output;
use crate::disk::{Action, PathError};
use crate::row::Field;
use crate::run::output_claim::{self, Claim};
use crate::run::{Keep, Reporter, Stop, Summary};
use crate::service::client::is_local;
use crate::service::{Client, ClientSettings, Token};
use crate::shape::FatalError;
use crate::threads::Work;

use super::log_file::Level;
use super::signals;
use super::stdout_pipe::PipeOut;
use super::summary_file::SummaryFile;
use super::terminal::Terminal;
use super::{Api, CachedApiFlags, Jobs, MessageFlags, config, task_placeholder};

/// The state of one run of a tool that its flags do not hold.
pub struct Session {
    pub name: String,
    pub stop: Stop,
    pub(super) hangup: signals::Hangup,
    pub(super) terminal: Arc<Terminal>,
    /// Stdout as a pipe that also signals whether its rows are complete.
    pub(super) pipe: PipeOut,
    /// The task that a workflow engine gave this process.
    task: Option<String>,
    started: Instant,
    /// Whether there is work that should end cleanly.
    has_begun: Arc<AtomicBool>,
    /// Whether the run uses the service without a response cache.
    keeps_nothing: AtomicBool,
    summary: Mutex<Option<SummaryFile>>,
    clients: Mutex<Vec<Arc<Client>>>,
    /// Keys that the tool itself adds to the summary.
    more: Mutex<Map<String, Value>>,
}

impl Session {
    /// # Errors
    /// A log or summary file that cannot be written.
    pub(super) fn new(
        name: &str,
        talk: &MessageFlags,
        pipe: PipeOut,
    ) -> Result<Session, FatalError> {
        let stop = Stop::default();
        let has_begun = Arc::default();
        let hangup = signals::Hangup::default();
        signals::watch(&stop, &has_begun, &hangup);
        signals::end_with_parent();
        open::end_waits_by(Arc::clone(&stop.0));
        let terminal = Arc::new(Terminal::new(name, talk, &stop)?);
        terminal.say_panics();
        terminal.animate();
        terminal.keep(Level::Info, &format!("version {} begins", env!("CARGO_PKG_VERSION")));
        let task = task_placeholder::of(talk);
        let open = |path| SummaryFile::open(path, task.as_deref(), &stop);
        let summary = talk.summary.as_deref().map(open).transpose()?;
        Ok(Session {
            name: name.to_string(),
            summary: Mutex::new(summary),
            stop,
            hangup,
            terminal,
            pipe,
            task,
            started: Instant::now(),
            has_begun,
            keeps_nothing: AtomicBool::new(false),
            clients: Mutex::default(),
            more: Mutex::default(),
        })
    }

    /// The output on stderr.
    pub fn terminal(&self) -> &Arc<Terminal> {
        &self.terminal
    }

    /// Sets a summary key that only this tool has, or whose value it knows better.
    pub fn add_to_summary(&self, key: &str, value: Value) {
        let mut more = self.more.lock().unwrap_or_else(PoisonError::into_inner);
        more.insert(key.to_string(), value);
    }

    /// Writes a message line on stderr.
    pub fn say(&self, text: &str) {
        self.terminal.warn(text);
    }

    /// A client of the service, configured by flags, environment and config file.
    pub fn client(&self, api: &Api) -> Result<Arc<Client>, FatalError> {
        self.client_with(api, None)
    }

    /// Like [`Session::client`], with a limit in bytes per second for pictures.
    pub fn client_with(
        &self,
        api: &Api,
        max_bytes_per_s: Option<f64>,
    ) -> Result<Arc<Client>, FatalError> {
        let mut settings = ClientSettings { max_bytes_per_s, ..config::service(api)? };
        if settings.token.is_none() && !is_local(&settings) {
            let token = self.ask_token()?;
            settings.token =
                token.map(|text| Token::new(&text)).transpose().map_err(FatalError::new)?;
        }
        settings.log = self.terminal.log();
        settings.say = Some(self.terminal.waits());
        let client = Client::new(settings, Arc::clone(&self.stop.0)).map_err(FatalError::new)?;
        Ok(self.counted(client))
    }

    /// Registers the client, so that the summary counts its requests.
    pub(super) fn counted(&self, client: Client) -> Arc<Client> {
        let client = Arc::new(client);
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.push(Arc::clone(&client));
        client
    }

    /// The response cache of a tool that uses the service. `identity` holds everything that changes the responses:
    /// files by their content. Those of another service are not reused.
    pub fn keep(
        &self,
        force: bool,
        api: &CachedApiFlags,
        key: Option<Field>,
        identity: &impl Debug,
    ) -> Keep {
        let service = config::other_service().map_or(String::new(), |it| format!(" of {it:?}"));
        let identity = format!("{} {identity:?}{service}", self.name);
        self.keeps_nothing.store(api.keep_list.is_none(), Ordering::Relaxed);
        Keep {
            identity,
            key,
            force,
            recheck: api.recheck,
            list: api.keep_list.clone().map(Into::into),
        }
    }

    /// Claims the output for this process, since an engine may have started another one for the same task. If the name
    /// of the output has no task in it, another process may as well be of another task, and is not waited for.
    pub(super) fn claim(&self, output: Option<&Path>) -> Result<Option<Claim>, FatalError> {
        let claim = self.claim_of_task(output)?;
        self.settle_summary(claim.as_ref())?;
        Ok(claim)
    }

    fn claim_of_task(&self, output: Option<&Path>) -> Result<Option<Claim>, FatalError> {
        let is_of_task = |path: &&Path| {
            let task = self.task.as_deref();
            task.is_some_and(|task| path.to_string_lossy().contains(task))
        };
        let file = match (output.filter(is_of_task).map(Output::named), output) {
            (Some(Ok(Output::File(file))), _) => file,
            (Some(Err(error)), Some(path)) => {
                return Err(PathError::new(Action::Write, path, error).into());
            }
            _ => return Ok(None),
        };
        output_claim::claim(&file, &command_digest(), &self.stop, |text| self.say(text)).map(Some)
    }

    /// A copy whose work another process has done leaves the summary to it.
    fn settle_summary(&self, claim: Option<&Claim>) -> Result<(), FatalError> {
        let mut summary = self.summary.lock().unwrap_or_else(PoisonError::into_inner);
        match claim {
            Some(Claim::Done) => *summary = None,
            _ => {
                summary.as_mut().map_or(Ok(()), |summary| summary.open_again(&self.stop))?;
            }
        }
        Ok(())
    }

    /// The threads for a stage that distributes its own work, until Ctrl-C.
    pub fn work(&self, jobs: &Jobs) -> Work {
        Work { jobs: jobs.or_processors(), stop: Stop(self.interrupted()) }
    }

    /// From now on Ctrl-C ends the work cleanly.
    pub(super) fn begin(&self) {
        self.has_begun.store(true, Ordering::Relaxed);
    }

    /// The flag that Ctrl-C sets, for a stage that takes long to end.
    pub fn interrupted(&self) -> Arc<AtomicBool> {
        self.begin();
        Arc::clone(&self.stop.0)
    }

    /// Reports what a dry run would do, and does nothing more.
    pub fn told(&self, plan: &str) -> Result<Summary, FatalError> {
        self.say(plan);
        Ok(Summary::nothing())
    }
}

/// The command line of this process. It may have secrets, so only its digest is written.
fn command_digest() -> String {
    let mut digest = DefaultHasher::new();
    // Each machine may have the program in a folder of its own.
    std::env::args_os().skip(1).for_each(|argument| argument.hash(&mut digest));
    format!("{:016x}\n", digest.finish())
}
