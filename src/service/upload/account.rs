//! Account requests: login, OAuth code exchange, and the user of a token.

use serde_json::{Value, json};

use crate::service::classify::ResponseClass;
use crate::service::client::Client;
use crate::service::error::{Error, ErrorKind};
use crate::service::graph::{entity_ask, read_object};
use crate::service::tiles::join;

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
            let token = answer["access_token"].as_str()?.to_owned();
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
        let token = |answer: &Value| answer["access_token"].as_str().map(String::from);
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
        let user = || Some(User { id: text(&answer["id"])?, username: text(&answer["username"])? });
        user().ok_or_else(nobody)
    }
}

/// A text, or a number as text; an empty text is `None`.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
