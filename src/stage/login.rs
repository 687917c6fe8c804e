//! login: gets a user token by e-mail and password, by the user's browser, or as given, and finds its user.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Url;

use crate::service::upload::User;
use crate::service::{Client, Error, ErrorKind};

/// How long the browser may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often to check whether the run is interrupted.
const SLICE: Duration = Duration::from_millis(50);
/// The maximum length of a request line with a code and a state.
const MOST_LINE_BYTES: u64 = 16 * 1024;
/// The permissions that the user is asked for.
const SCOPE: &str = "read write upload";

/// The result of a log-in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub token: String,
    pub user: User,
}

/// Requests the user of a token; the client uses this token.
pub fn whose(client: &Client, token: &str) -> Result<Account, Error> {
    Ok(Account { token: token.to_owned(), user: client.user()? })
}

/// A log-in in the user's browser, which is redirected to this machine.
pub struct Browser {
    listener: TcpListener,
    redirect_uri: String,
    state: String,
    client_id: String,
}

impl Browser {
    /// Listens for the browser, on a given port, or on any free port for 0.
    pub fn listen(client_id: &str, port: u16) -> io::Result<Browser> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let redirect_uri = format!("http://localhost:{}/", listener.local_addr()?.port());
        let client_id = client_id.to_owned();
        Ok(Browser { listener, redirect_uri, state: unguessable()?, client_id })
    }

    /// The page where the user gives permission.
    pub fn page(&self, connect: &str) -> Result<String, Error> {
        let mut url = Url::parse(connect).map_err(|error| {
            Error::new(ErrorKind::Run, format!("bad endpoint '{connect}': {error}"))
        })?;
        url.query_pairs_mut().extend_pairs([
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", "code"),
            ("scope", SCOPE),
            ("state", &self.state),
        ]);
        Ok(url.into())
    }

    /// Waits for the browser, and exchanges its code for a token. The client has the secret of the application.
    pub fn token(&self, client: &Client) -> Result<String, Error> {
        let code = self.code(client)?;
        client.exchange_code(&code, &self.client_id, &self.redirect_uri)
    }

    fn code(&self, client: &Client) -> Result<String, Error> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            match self.listener.accept() {
                Ok((stream, _)) => match self.answer(stream) {
                    Some(Answer::Code(code)) => return Ok(code),
                    Some(Answer::Refused(why)) => {
                        let what = format!("the browser came back without leave: {why}");
                        return Err(Error::new(ErrorKind::Run, what));
                    }
                    None => {}
                },
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if !client.pause(SLICE) {
                        return Err(Error::new(ErrorKind::Run, "interrupted"));
                    }
                }
                Err(error) => {
                    return Err(Error::new(
                        ErrorKind::Run,
                        format!("cannot wait for the browser: {error}"),
                    ));
                }
            }
        }
        Err(Error::new(ErrorKind::Run, "the browser did not come back in 10 minutes"))
    }

    /// The code of a request, or why there is none; `None` for an unrelated request.
    fn answer(&self, mut stream: TcpStream) -> Option<Answer> {
        stream.set_nonblocking(false).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let mut line = String::new();
        BufReader::new(stream.try_clone().ok()?.take(MOST_LINE_BYTES)).read_line(&mut line).ok()?;
        let said = said(&line, &self.state);
        let (status, text) = match &said {
            None => ("404 Not Found", "This is not the page of a log-in."),
            Some(Answer::Code(_)) => ("200 OK", "Logged in. This page may be closed."),
            Some(Answer::Refused(_)) => ("200 OK", "Not logged in. This page may be closed."),
        };
        let len = text.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len}\r\nConnection: close\r\n\r\n{text}"
        );
        // It does not matter whether the browser reads it.
        let _ = stream.write_all(answer.as_bytes());
        said
    }
}

/// The result in the browser's request.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Code(String),
    Refused(String),
}

/// Reads the result from the first line of a request.
fn said(line: &str, state: &str) -> Option<Answer> {
    let target = line.strip_prefix("GET /")?.split(' ').next()?;
    let url = Url::parse("http://localhost/").ok()?.join(target).ok()?;
    let value =
        |name| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    if value("state").as_deref() != Some(state) {
        return None;
    }
    match (value("code"), value("error")) {
        (Some(code), _) if !code.is_empty() => Some(Answer::Code(code)),
        (_, Some(error)) => {
            let words = error.chars().filter(|c| c.is_ascii_graphic()).take(80).collect();
            Some(Answer::Refused(words))
        }
        _ => Some(Answer::Refused("no code".into())),
    }
}

/// Signs in; the client has the token of an application. `client_of` makes a client with another token.
pub fn with_password(
    client: &Client,
    (email, password): (&str, &str),
    client_of: impl FnOnce(&str) -> Result<Arc<Client>, Error>,
) -> Result<Account, Error> {
    let login = client.login(email, password)?;
    whose(&*client_of(&login.token)?, &login.token)
}

/// A text that only the browser that was sent to the page knows (RFC 6749, section 10.10: at least 128 bits).
fn unguessable() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests;
