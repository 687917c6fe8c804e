//! Upload users: anybody may log in, and tokens are signed names, so that nothing about users is stored.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::serve::Site;
use crate::serve::answer::{Answer, Refusal};
use crate::serve::constant_time::is_same;
use crate::serve::index::{Index, kind};
use crate::serve::route::Query;
use crate::serve::upload::non_file_body::form;

/// The maximum length of a user name.
const NAME_LIMIT: usize = 64;

/// The prefix of user tokens.
const TOKEN: &str = "MLYU.";

/// The user of requests whose token names nobody, in an archive without an owner.
const NOBODY: &str = "uploader";

/// The lifetime that the service reports for user tokens (60 days).
const TOKEN_LIFE_S: u64 = 60 * 24 * 3600;

/// The user of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: String,
    pub username: String,
}

/// Signs user tokens and verifies them.
#[derive(Debug)]
pub struct Accounts {
    secret: String,
}

impl Accounts {
    pub fn new(secret: String) -> Accounts {
        Accounts { secret }
    }

    pub fn token(&self, username: &str) -> String {
        let name = URL_SAFE_NO_PAD.encode(username);
        format!("{TOKEN}{name}.{}", self.sign(&name))
    }

    /// The user name in a token that this server has signed.
    pub fn username(&self, token: &str) -> Option<String> {
        let (name, signature) = token.strip_prefix(TOKEN)?.split_once('.')?;
        if !is_same(&self.sign(name), signature) {
            return None;
        }
        String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()
    }

    fn sign(&self, name: &str) -> String {
        URL_SAFE_NO_PAD.encode(&Sha256::digest(format!("{}\nuser\n{name}", self.secret))[..24])
    }
}

impl User {
    /// The user of a token: the one who logged in for it, otherwise the archive's owner. A server that accepts uploads
    /// always has one.
    pub fn of_token(site: &Site, index: &Index, token: Option<&str>) -> io::Result<Option<User>> {
        let named = token.and_then(|token| site.accounts.username(token));
        let nobody = site.uploads.as_ref().map(|_| NOBODY);
        let name = named.as_deref().or(index.owner()).or(nobody);
        name.map(|name| User::named(index, name)).transpose()
    }

    /// The user of a request that adds to the archive.
    pub fn uploading(site: &Site, index: &Index, token: Option<&str>) -> io::Result<User> {
        match User::of_token(site, index, token)? {
            Some(user) => Ok(user),
            None => User::named(index, NOBODY),
        }
    }

    /// A user with the id that the archive has for the name. If its rows have none, the name is the id; a user without
    /// images gets an id derived from the name.
    fn named(index: &Index, username: &str) -> io::Result<User> {
        let has_images = !index.list(kind::USERNAME, username)?.is_empty();
        let id = match index.id_of_user(username)? {
            Some(id) => id,
            None if has_images => username.to_owned(),
            None => made_id(username),
        };
        Ok(User { id, username: username.to_owned() })
    }
}

fn made_id(username: &str) -> String {
    super::number(&Sha256::digest(format!("user\n{username}")), 15)
}

/// `/login`: accepts any user and password, unless the server has a token, which then is the password.
pub fn login(site: &Site, index: &Index, body: &[u8]) -> Result<Answer, Refusal> {
    let form = form(body);
    let said = |key: &str| form.get(key).map(String::as_str).unwrap_or_default();
    let (name, password) = (said("email").split('@').next().unwrap_or_default(), said("password"));
    let name: String = name.chars().filter(|c| c.is_alphanumeric() || "._-".contains(*c)).collect();
    if name.is_empty() || name.chars().count() > NAME_LIMIT || password.is_empty() {
        return Err(Refusal::credentials("Enter an e-mail address and a password"));
    }
    if site.token.as_deref().is_some_and(|right| !is_same(right, password)) {
        return Err(Refusal::credentials("The password is not the token of this server"));
    }
    let user = User::named(index, &name)?;
    let token = site.accounts.token(&user.username);
    Ok(Answer::json(json!({"access_token": token, "user_id": user.id}).to_string()))
}

/// `/token`: a code is already a user token, and a refreshed token is the same as before.
pub fn token(site: &Site, body: &[u8]) -> Result<Answer, Refusal> {
    let form = form(body);
    let given = match form.get("grant_type").map(String::as_str) {
        Some("authorization_code") => form.get("code"),
        Some("refresh_token") => form.get("refresh_token"),
        _ => None,
    };
    let given = given.ok_or_else(|| {
        let wanted = "grant_type authorization_code with code, or refresh_token with refresh_token";
        Refusal::parameter(format!("The parameters are incomplete: {wanted}"))
    })?;
    let name = site.accounts.username(given);
    let name = name.ok_or_else(|| Refusal::new(400, 190, "Invalid OAuth 2.0 Access Token"))?;
    let token = site.accounts.token(&name);
    Ok(Answer::json(
        json!({"access_token": token, "expires_in": TOKEN_LIFE_S, "token_type": "bearer"})
            .to_string(),
    ))
}

/// `/connect`: gives a code at once to a program on the same machine, since there is nobody to ask for consent.
pub fn connect(site: &Site, index: &Index, query: &Query) -> Result<Answer, Refusal> {
    let back = query.get("redirect_uri").unwrap_or_default();
    if !is_loopback(back) {
        let text = "redirect_uri must be a page of this machine, such as http://localhost:1234/";
        return Err(Refusal::parameter(text));
    }
    if site.token.is_some() {
        let text = "this server has a token: log in at /login, with the token as password";
        return Err(Refusal::parameter(text));
    }
    let user = User::uploading(site, index, None)?;
    let given = Query::default().with("code", &site.accounts.token(&user.username));
    let given = match query.get("state") {
        Some(state) => given.with("state", state),
        None => given,
    };
    let sign = if back.contains('?') { '&' } else { '?' };
    let place = format!("{back}{sign}{}", given.written());
    Ok(Answer::text(302, "").with("location", place))
}

/// Whether it is a page on this machine. Any other page would get access to this server with the code.
fn is_loopback(uri: &str) -> bool {
    let rest = uri.strip_prefix("http://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host
        .strip_suffix(|c: char| c.is_ascii_digit())
        .map_or(host, |_| host.rsplit_once(':').map_or(host, |(name, _)| name));
    ["localhost", "127.0.0.1", "[::1]"].contains(&name) && uri.bytes().all(|b| b.is_ascii_graphic())
}

impl Index {
    /// The user id in the images of a user.
    pub fn id_of_user(&self, username: &str) -> io::Result<Option<String>> {
        let list = self.list(kind::USERNAME, username)?;
        let images = self.posted(list.start..list.end.min(list.start + TRIES))?;
        Ok(images.iter().find_map(|image| self.name(image.record.creator)).map(String::from))
    }
}

/// The number of a user's images searched for the user's id.
const TRIES: u64 = 1000;

#[cfg(test)]
mod tests;
