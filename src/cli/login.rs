//! Logging in at the terminal: the questions, the source of secrets, and where they are stored.

use std::env;
use std::io::{self, BufRead, IsTerminal, Read};
use std::process::{Command, Stdio};

use crate::run::Summary;
use crate::service::{ClientSettings, Token};
use crate::shape::FatalError;
use crate::stage::login::{Account, Browser, whose, with_password};

use super::upload_users::{self, Profile};
use super::{Api, Session, ask_token, config};

/// The maximum length of a token.
const MOST_TOKEN_BYTES: u64 = 64 * 1024;

/// What to do.
#[derive(Debug, Clone)]
pub struct Task {
    pub profile: Option<String>,
    pub check: bool,
    pub browser: bool,
    pub port: u16,
}

impl Session {
    /// Reports the current user, or logs in and stores the token.
    pub fn login(&self, api: &Api, task: &Task) -> Result<Summary, FatalError> {
        let settings = config::service(api)?;
        if task.check {
            return self.check_login(api, settings, task);
        }
        let account = match task.browser {
            true => self.by_browser(&settings, task.port)?,
            false if io::stdin().is_terminal() => self.by_password(&settings)?,
            false => self.by_token(&settings)?,
        };
        let name = task.profile.clone().unwrap_or_else(|| name_of(&account.user.username));
        if !is_name(&name) {
            return Err(FatalError(format!(
                "'{name}' cannot name a profile: 2 to 32 letters, digits, '-' and '_', a letter first"
            )));
        }
        let path = upload_users::path()?;
        let profile = Profile {
            name,
            token: account.token,
            user_id: account.user.id,
            username: account.user.username,
            ..Profile::default()
        };
        upload_users::save(&path, &profile)?;
        let (name, username) = (&profile.name, &profile.username);
        self.say(&format!(
            "logged in as '{username}'; profile '{name}' is kept in '{}'",
            path.display()
        ));
        Ok(Summary::nothing())
    }

    fn check_login(
        &self,
        api: &Api,
        settings: ClientSettings,
        task: &Task,
    ) -> Result<Summary, FatalError> {
        let profile = task.profile.as_deref();
        let given = upload_users::given_token(api, settings.token.as_ref(), profile)?;
        let (whose_token, token) = match given {
            Some(token) => ("the token".to_owned(), token),
            None => {
                let profile = upload_users::choose(profile)?;
                (format!("profile '{}'", profile.name), token_of(&profile.token)?)
            }
        };
        let client = self.client_of(ClientSettings { token: Some(token), ..settings })?;
        let user = client.user().map_err(FatalError::new)?;
        self.say(&format!("{whose_token} is of user '{}' ({}), and good", user.username, user.id));
        Ok(Summary::nothing())
    }

    fn by_token(&self, settings: &ClientSettings) -> Result<Account, FatalError> {
        let mut text = String::new();
        let read = io::stdin().take(MOST_TOKEN_BYTES).read_to_string(&mut text);
        read.map_err(|error| {
            FatalError(format!("cannot read the token from standard input: {error}"))
        })?;
        self.account(settings, text.trim())
    }

    fn account(&self, settings: &ClientSettings, token: &str) -> Result<Account, FatalError> {
        let given = token_of(token)?;
        if given.is_of_application() {
            return Err(FatalError(
                "'MLY|...' is the token of an application, which may read and not upload: give that of a user".into(),
            ));
        }
        let client = self.client_of(ClientSettings { token: Some(given), ..settings.clone() })?;
        whose(&client, token).map_err(FatalError::new)
    }

    /// Asks on the terminal, because flags are visible to everybody on the machine.
    fn by_password(&self, settings: &ClientSettings) -> Result<Account, FatalError> {
        let client = self.client_of(ClientSettings {
            token: Some(application(settings)?),
            ..settings.clone()
        })?;
        let wrong =
            |error: io::Error| FatalError(format!("cannot read from the terminal: {error}"));
        self.say("e-mail of the account, and a line end:");
        let mut email = String::new();
        io::stdin().lock().read_line(&mut email).map_err(wrong)?;
        let question = "password, which is not shown, and a line end:";
        let password = if cfg!(unix) && io::stdin().is_terminal() {
            ask_token::hidden(&format!("{}: {question}\n", self.name))?
        } else {
            self.say(question);
            rpassword::read_password().map_err(wrong)?
        };
        let client_of = |token: &str| {
            let token = Token::new(token)?;
            self.client_of(ClientSettings { token: Some(token), ..settings.clone() }).map_err(
                |fault| crate::service::Error::new(crate::service::ErrorKind::Run, fault.0),
            )
        };
        with_password(&client, (email.trim(), &password), client_of).map_err(FatalError::new)
    }

    fn by_browser(&self, settings: &ClientSettings, port: u16) -> Result<Account, FatalError> {
        let application = application(settings)?;
        let client_id = application.application_id().ok_or_else(|| {
            FatalError("the token of the application has no id in it: MLY|ID|...".into())
        })?;
        let secret = env::var("MAPILLARY_CLIENT_SECRET").unwrap_or_default();
        let secret = Token::new(&secret).map_err(|_| {
            FatalError("no secret of the application: set MAPILLARY_CLIENT_SECRET to the one from mapillary.com/dashboard/developers".into())
        })?;
        let wrong = |error: io::Error| FatalError(format!("cannot listen on port {port}: {error}"));
        let browser = Browser::listen(&client_id, port).map_err(wrong)?;
        let is_service = settings.graph == ClientSettings::default().graph;
        let connect = if is_service {
            "https://www.mapillary.com/connect".to_owned()
        } else {
            format!("{}/connect", settings.graph.trim_end_matches('/'))
        };
        let page = browser.page(&connect).map_err(FatalError::new)?;
        self.say(&format!("allow it in the browser: {page}"));
        open(&page);
        let client = self.client_of(ClientSettings { token: Some(secret), ..settings.clone() })?;
        let token = browser.token(&client).map_err(FatalError::new)?;
        self.account(settings, &token)
    }
}

fn token_of(text: &str) -> Result<Token, FatalError> {
    Token::new(text).map_err(FatalError::new)
}

/// The token that identifies the application at login.
fn application(settings: &ClientSettings) -> Result<Token, FatalError> {
    let named = env::var("MAPILLARY_CLIENT_TOKEN").ok().filter(|token| !token.is_empty());
    if let Some(token) = named {
        return token_of(&token);
    }
    settings.token.clone().filter(Token::is_of_application).ok_or_else(|| {
        FatalError("no token of an application: set MAPILLARY_TOKEN to a client token (MLY|...) from mapillary.com/dashboard/developers".into())
    })
}

/// Opens a page on a desktop; elsewhere the user has its address.
fn open(page: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = Command::new(program)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    drop(quiet);
}

/// The naming rule of mapillary_tools (authenticate.py).
fn is_name(name: &str) -> bool {
    (2..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn name_of(username: &str) -> String {
    if is_name(username) { username.to_owned() } else { "default".to_owned() }
}
