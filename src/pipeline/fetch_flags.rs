//! The flags of `fetch`, and the job that they describe.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, Parser};

use crate::cli::config;
use crate::cli::forwarded_flags::{AcceptedArgs, flag};
use crate::cli::search_flags::{Named, OwnerFlags, Search};
use crate::cli::written_file::WrittenFile;
use crate::cli::{self, Api, Jobs, KnownFlags, MessageFlags, Room, SelectionFlags, Session, Size};
use crate::run::Summary;
use crate::service::client::is_local;
use crate::shape::FatalError;
use crate::stage::download::layout::Layout;
use crate::value::mapillary_url;
use crate::value::quality::Quality;

use super::job::Job;
use super::job_runner;
use super::script_ini::{self, ScriptIni};

/// Fetch pictures in one command: list, describe, download, and tag, convert or pack them if asked to.
///
/// Runs get-images, get-meta and download, and with --tag, --webp and --pack the tools of those steps, and prints the
/// commands first. Selectors of one kind add up, those of different kinds narrow each other. Stop it, kill it, run it
/// again: the same command goes on, and a later run asks only for what is new. DIR/images.jsonl has a row for each
/// picture in DIR; stdout gets a summary to read.
#[derive(Parser)]
#[command(
    name = "fetch",
    after_help = "Example: fetch --user ada --into ada --tag",
    after_long_help = "More examples:\n  \
        fetch --bbox 9.94,54.31,9.97,54.33 --estimate\n  \
        fetch --sequence Qm3vT7xKpL0aWcZyR2sNfB --into ride --webp --pack\n  \
        fetch --bbox 9.94,54.31,9.97,54.33 --pano --into town --csv town.csv\n\n\
        What is being worked on lies in DIR/.mapillary-pipes. Memory: that of the tools, 8 bytes for each picture, and \
        100 for each day and sequence."
)]
pub struct Fetch {
    /// A link to a picture or to a user's page on mapillary.com; or an INI file of a download script, with a section
    /// `[mapillary]` and one of image_key, sequence_key, bbox [default, where nothing says what to fetch:
    /// fetch_mpy_images.ini
    /// or config.ini of the current folder].
    #[arg(value_name = "LINK_OR_INI")]
    source: Option<PathBuf>,
    #[command(flatten)]
    choice: SelectionFlags,
    #[command(flatten)]
    whose: OwnerFlags,
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    search: Search,
    #[command(flatten)]
    known: KnownFlags,
    #[command(flatten)]
    steps: Steps,
    #[command(flatten)]
    picture: Picture,
    #[command(flatten)]
    naming: Naming,
    #[command(flatten)]
    room: Room,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    api: Api,
    #[command(flatten)]
    talk: MessageFlags,
}

cli::tool!(Fetch, no rows);

/// What is done with the pictures.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Steps")]
pub struct Steps {
    /// Folder of the pictures [default: mapillary].
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Write time, place, direction, author and licence into the pictures.
    #[arg(long)]
    tag: bool,
    /// Convert the pictures to WebP, in place of the JPEG files.
    #[arg(long)]
    webp: bool,
    /// Pack the pictures into one tar a day, in place of the files.
    #[arg(long)]
    pack: bool,
    /// Write a CSV file with every field of each picture, and the service's whole answer as raw_json.
    #[arg(long, value_name = "FILE")]
    csv: Option<WrittenFile>,
    /// Print the commands, and run none.
    #[arg(long)]
    dry_run: bool,
}

/// Which size.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Steps")]
struct Picture {
    /// Picture size [default: original].
    #[arg(long, value_name = "QUALITY", value_parser = cli::possible_values::one_of::<Quality>())]
    quality: Option<Quality>,
    /// Fall back to the next smaller size if a picture lacks this one.
    #[arg(long)]
    fallback: bool,
}

/// How files are named, and how fast they come.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Steps")]
struct Naming {
    /// Layout of the folder: flat, sequence, date, or a template such as '{date}/{id}.{ext}' [default: flat].
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<Layout>,
    /// Write the service's answer beside each picture, as '{id}.json'.
    #[arg(long)]
    sidecar: bool,
    /// Maximum download rate in bytes per second, such as 2M.
    #[arg(long, value_name = "SIZE")]
    max_rate: Option<Size>,
}

impl Fetch {
    pub fn run(self, session: &Session) -> Result<Summary, FatalError> {
        let mut job = self.job(&AcceptedArgs::new::<Fetch>(), session)?;
        let settings = config::service(&self.api)?;
        if job.token.is_none() && settings.token.is_none() && !is_local(&settings) && !job.dry_run {
            // The tools have no terminal to prompt on.
            job.token = session.ask_token()?;
        }
        job_runner::run(&job, session)
    }

    fn job(&self, given: &AcceptedArgs, session: &Session) -> Result<Job, FatalError> {
        let is_link = |text: &&str| mapillary_url::is_link(text) || text.contains("://");
        let pasted = self.source.as_deref().and_then(Path::to_str).filter(is_link);
        let pasted = pasted.map(named_by).transpose()?;
        let is_source = pasted.is_some() || self.named.is_source(&self.whose, &self.choice);
        let file = self.source.clone().filter(|_| pasted.is_none());
        let file = file.or_else(|| if is_source { None } else { script_ini::found() });
        let ini = file.as_deref().map(ScriptIni::open).transpose()?;
        if ini.is_some() == is_source {
            let what = if is_source {
                "an INI file and flags both say what to fetch: give one of them"
            } else {
                "nothing says what to fetch: give --user, --bbox, --area, --sequence, --image or --org, a link \
                 to a picture, or an INI file with [mapillary]"
            };
            return Err(FatalError(what.into()));
        }
        let selection = [
            pasted.unwrap_or_default(),
            given.flags_of::<SelectionFlags>(&[]),
            given.flags_of::<OwnerFlags>(&[]),
            given.flags_of::<Named>(&["estimate"]),
        ];
        let service = [given.flags_of::<Api>(&[]), given.flags_of::<Jobs>(&[])];
        let steps = &self.steps;
        let job = Job {
            selection: selection.concat(),
            search: [given.flags_of::<Search>(&[]), given.flags_of::<KnownFlags>(&[])].concat(),
            service: service.concat(),
            picture: given.flags_of::<Picture>(&[]),
            download: self.download(given),
            into: steps.into.clone().unwrap_or_else(|| "mapillary".into()),
            has_sidecars: self.naming.sidecar,
            tag: steps.tag,
            webp: steps.webp,
            pack: steps.pack,
            csv: steps.csv.clone().map(Into::into),
            dry_run: steps.dry_run,
            has_catalog: true,
            token: None,
            estimate: self.named.estimate,
        };
        Ok(match ini {
            Some(ini) => {
                ini.notes.iter().for_each(|note| session.say(note));
                self.of_script(job, ini)
            }
            None => job,
        })
    }

    /// The job with the output of the download scripts: `ID.jpg` and `ID.json` without other visible files, unless
    /// flags say otherwise.
    fn of_script(&self, job: Job, ini: ScriptIni) -> Job {
        let mut download = job.download.clone();
        if self.naming.layout.is_none() {
            download.extend(flag("layout", "{id}.{ext}".into()));
        }
        if !self.naming.sidecar {
            download.push("--sidecar".into());
        }
        let into = self.steps.into.clone().unwrap_or(ini.into);
        let (selection, token) = (ini.selection, ini.token);
        Job { selection, download, into, token, has_sidecars: true, has_catalog: false, ..job }
    }

    /// Flags passed to download only.
    fn download(&self, given: &AcceptedArgs) -> Vec<OsString> {
        [given.flags_of::<Naming>(&[]), given.flags_of::<Room>(&[])].concat()
    }
}

/// The flag for a pasted link. A link that shows both a picture and a user's page selects the picture.
fn named_by(link: &str) -> Result<Vec<OsString>, FatalError> {
    let (picture, user) = (mapillary_url::picture(link), mapillary_url::user(link));
    let picture = picture.map(|id| ("image", id.to_string()));
    let named = picture.or_else(|| user.map(|name| ("user", name)));
    let named = named.map(|(name, value)| flag(name, value.into()));
    named.ok_or_else(|| {
        let what = mapillary_url::without_picture(link);
        let what = what.unwrap_or_else(|| "the link is not to mapillary.com".into());
        FatalError(format!("'{link}': {what}"))
    })
}
