//! Account requests: login, OAuth code exchange, and the user of a token.

use serde_json::{Value, json};

use crate::service::classify::ResponseClass;
use crate::service::client::Client;
use crate::service::error::{Error, ErrorKind};
use crate::service::graph::{entity_ask, read_object};
use crate::service::tiles::join;
use crate::value::shown::quoted;

/// The handle of a file has hundreds of bytes; tokens and names are shorter.
const MOST_NAME_BYTES: usize = 16 << 10;

/// The result of a login.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    pub token: String,
    pub user_id: String,
}

/// The user of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: String,
    pub username: String,
}

impl Client {
    /// Logs in; the client must have the token of an application.
    pub fn login(&self, email: &str, password: &str) -> Result<Login, Error> {
        let request = json!({"email": email, "password": password, "locale": "en_US"});
        self.post_json("/login", &request, "this e-mail and password", |answer| {
            let token = text(&answer["access_token"])?;
            Some(Login { token, user_id: text(&answer["user_id"])? })
        })
    }

    /// Exchanges the code of a consent in the browser for a token of the user.
    pub fn exchange_code(
        &self,
        code: &str,
        client_id: &str,
        redirect_uri: &str,
    ) -> Result<String, Error> {
        let request = json!({
            "grant_type": "authorization_code", "client_id": client_id, "code": code, "redirect_uri": redirect_uri,
        });
        let token = |answer: &Value| text(&answer["access_token"]);
        self.post_json("/token", &request, "the code of the browser", token)
    }

    /// The user of the token. A token of an application has none.
    pub fn user(&self) -> Result<User, Error> {
        let nobody = || {
            Error::new(
                ErrorKind::Run,
                "the token is of no user: 'mly login' gets one that may upload",
            )
        };
        let mut url = join(&self.graph, "/me");
        url.query_pairs_mut().append_pair("fields", "id,username");
        let ask = entity_ask(url);
        let answer = self.ask(&ask, read_object)?.map_err(|verdict| match verdict {
            ResponseClass::Gone(_) => nobody(),
            _ if verdict.is_outage() => self.upload_error(&ask, "the user of the token", &verdict),
            _ => self.error("the user of the token", &verdict),
        })?;
        let answer: Value = serde_json::from_str(answer.get()).unwrap_or(Value::Null);
        for name in ["id", "username"].map(|key| &answer[key]) {
            if let Some(odd) = name.as_str().filter(|name| !name.is_empty() && !is_name(name)) {
                let what = format!("the service gives a user that no user has: {}", quoted(odd));
                return Err(Error::new(ErrorKind::Run, self.clean(&what)));
            }
        }
        let user = || Some(User { id: text(&answer["id"])?, username: text(&answer["username"])? });
        user().ok_or_else(nobody)
    }
}

/// A name, an id or a handle, which may be a number. `None` if it is empty, too long to be one, or has control
/// characters: in a file of lines, such as that of mapillary_tools, a line break would begin another setting.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if is_name(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    (1..=MOST_NAME_BYTES).contains(&text.len()) && !text.chars().any(char::is_control)
}
