//! Upload flags for user, rate and schedule, and the settings built from them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::service::upload::User;
use crate::service::{Client, ClientSettings, Token};
use crate::shape::FatalError;
use crate::stage::upload::send::{Destination, How, Sender};
use crate::stage::upload::{Window, journal_folder};
use crate::threads::{Stop, Work};

use super::{Api, Jobs, Session, Size, config, panoramax, upload_users};

/// Number of parallel connections, as in mapillary_tools.
const CONNECTIONS: usize = 4;

/// A service that takes pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    Mapillary,
    Panoramax,
}

/// Who uploads, and how.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Upload")]
pub struct Uploading {
    /// Service to upload to.
    #[arg(long, value_enum, default_value_t = To::Mapillary, value_name = "SERVICE", requires_if("panoramax", "instance"))]
    to: To,
    // No doc comment: a link in brackets would show the brackets in the help, too.
    #[arg(long, help = "Instance of Panoramax, such as https://panoramax.openstreetmap.fr", value_name = "URL", conflicts_with_all = ["profile", "organization", "zip", "from_zip", "wait"])]
    instance: Option<String>,
    /// User to upload as, of those that 'mly login' or mapillary_tools has stored [default: the only one].
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Organization to upload for, by its id, slug or name [default: that of the profile].
    #[arg(long, value_name = "ORG")]
    organization: Option<String>,
    /// Maximum upload rate in bytes per second, such as 2M.
    #[arg(long, value_name = "SIZE")]
    max_rate: Option<Size>,
    /// Send only between these times of day, in local time, such as 22:00-06:00.
    #[arg(long, value_name = "TIMES")]
    between: Option<Window>,
}

impl Uploading {
    pub fn max_rate(&self) -> Option<f64> {
        self.max_rate.map(|size| size.0 as f64)
    }

    /// How sequences are sent, and by which user. With `is_dry`, no request is sent and no login is needed.
    pub fn begin(
        &self,
        session: &Session,
        api: &Api,
        jobs: &Jobs,
        (force, is_dry): (bool, bool),
    ) -> Result<(How, Option<(Sender, User)>), FatalError> {
        let settings = ClientSettings { max_bytes_per_s: self.max_rate(), ..config::service(api)? };
        let (settings, organization) = match (self.to, &self.instance) {
            (To::Panoramax, Some(instance)) => {
                (panoramax::settings(settings, api, instance, is_dry)?, None)
            }
            (To::Mapillary, Some(_)) => {
                return Err(FatalError("--instance is for --to panoramax".into()));
            }
            _ => self.of_mapillary(settings, api, is_dry)?,
        };
        let upload = settings.upload.clone();
        let secret = settings.token.as_ref().map(Token::fingerprint).unwrap_or_default();
        let journal = journal_folder(&upload_users::journals()?, &upload, &secret);
        let is_service = upload == ClientSettings::default().upload;
        // Files uploaded to another server are not at the service.
        let history = match upload_users::named_history() {
            None if !is_service => upload_users::journals()?.join("history").join(host(&upload)),
            _ => upload_users::history()?,
        };
        let mut how = How {
            journal,
            history,
            work: Work { jobs: jobs.or(CONNECTIONS), stop: Stop(session.interrupted()) },
            force,
            between: self.between,
            organization: None,
            user_id: None,
            to: match self.to {
                To::Mapillary => Destination::Mapillary,
                To::Panoramax => Destination::Panoramax,
            },
        };
        if is_dry {
            return Ok((how, None));
        }
        let client = session.client_of(settings)?;
        let user = match self.to {
            To::Mapillary => client.user(),
            To::Panoramax => client.panoramax_user(),
        };
        let user = user.map_err(FatalError::new)?;
        how.user_id = Some(user.id.clone());
        let organization = organization.map(|key| client.organization(&key, &user.username));
        let organization = organization.transpose().map_err(FatalError::new)?;
        let whom = organization.as_ref().map(|it| format!(" for {it}")).unwrap_or_default();
        session.say(&format!("uploading as '{}'{whom}", user.username));
        how.organization = organization.map(|organization| organization.id);
        let sender = Sender { client, how: how.clone() };
        Ok((how, Some((sender, user))))
    }

    /// Adds the token to upload with, and finds the organization to upload for. With `is_dry`, neither is needed.
    fn of_mapillary(
        &self,
        settings: ClientSettings,
        api: &Api,
        is_dry: bool,
    ) -> Result<(ClientSettings, Option<String>), FatalError> {
        let profile = self.profile.as_deref();
        let given = upload_users::given_token(api, settings.token.as_ref(), profile)?;
        if is_dry {
            return Ok((settings, None));
        }
        let (token, of_profile) = match given {
            Some(token) => (token, None),
            None => {
                let profile = upload_users::choose(profile)?;
                let token = Token::new(&profile.token).map_err(FatalError::new)?;
                (token, Some(profile.organization).filter(|id| !id.is_empty()))
            }
        };
        let organization = self.organization.clone().or(of_profile);
        Ok((ClientSettings { token: Some(token), ..settings }, organization))
    }
}

fn host(url: &str) -> String {
    url.chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-".contains(c) { c } else { '_' })
        .collect()
}

/// How long to wait for pictures to appear.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Upload")]
pub struct WaitFlags {
    /// Wait up to MINUTES until the pictures appear, and set img_id; they are found by time and position.
    #[arg(long, value_name = "MINUTES", value_parser = super::request_flags::minutes)]
    wait: Option<f64>,
    /// Polling interval of --wait, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = super::request_flags::seconds)]
    poll: f64,
}

impl WaitFlags {
    pub fn wait(&self) -> Option<Duration> {
        self.wait.map(|minutes| Duration::from_secs_f64(minutes * 60.0))
    }

    pub fn poll(&self) -> Duration {
        Duration::from_secs_f64(self.poll)
    }
}

impl Session {
    /// A client with these settings. The summary counts its requests.
    pub fn client_of(&self, mut settings: ClientSettings) -> Result<Arc<Client>, FatalError> {
        settings.log = self.terminal.log();
        settings.say = Some(self.terminal.waits());
        let client = Client::new(settings, Arc::clone(&self.stop.0)).map_err(FatalError::new)?;
        Ok(self.counted(client))
    }
}

/// Rows with the paths of these files and no other values.
pub fn rows_of(files: &[PathBuf]) -> crate::shape::OwnRows {
    let rows: Vec<_> = files
        .iter()
        .map(|path| {
            crate::row::Row::from_cells(&[(crate::row::Field::Path, &*path.to_string_lossy())])
        })
        .collect();
    Box::new(rows.into_iter())
}
