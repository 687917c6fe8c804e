//! Error messages of the client: the requested object, the service's message, and what to do.

use super::super::classify::{Endpoint, ResponseClass};
use super::super::error::{Error, ErrorKind};
use super::super::request::{Ask, Request};
use super::super::token::Scheme;
use super::Client;

impl Client {
    /// The error for a verdict that is not an answer; `what` names the requested object.
    pub(in crate::service) fn error(&self, what: &str, verdict: &ResponseClass) -> Error {
        let reason = verdict.reason();
        let (kind, reason) = match verdict {
            ResponseClass::BadToken(reason) => return self.refused(Request::Entity, reason),
            ResponseClass::TooMuch(_) => (ErrorKind::TooMuch, reason.to_owned()),
            ResponseClass::Expired(_) => {
                (ErrorKind::Expired, format!("the picture's URL is refused: {reason}"))
            }
            ResponseClass::WrongType(_) => {
                (ErrorKind::WrongType, format!("this id is not of that type: {reason}"))
            }
            ResponseClass::Throttled(..) => {
                (ErrorKind::Row, format!("asked too fast, a lower --rate helps: {reason}"))
            }
            _ => (ErrorKind::Row, reason.to_owned()),
        };
        Error::new(kind, self.clean(&format!("cannot get {what}: {reason}")))
    }

    pub(in crate::service) fn refused(&self, of: Request, reason: &str) -> Error {
        let is_panoramax =
            self.settings.token.as_ref().is_some_and(|token| token.scheme() == Scheme::Bearer);
        let advice = match of {
            _ if is_panoramax => PANORAMAX_ADVICE,
            Request::Upload => LOGIN_ADVICE,
            _ => TOKEN_ADVICE,
        };
        let what = match &self.settings.token {
            Some(_) => "refuses the token",
            None => "wants a token, and there is none",
        };
        let message = format!("the service {what} ({reason}): {advice}");
        Error::new(ErrorKind::Run, self.clean(&message))
    }

    /// A redirect is not followed because the token would still be sent in the clear.
    pub(in crate::service) fn needs_https(&self, ask: &Ask, reason: &str) -> Error {
        let (base, variable) = match ask.kind.endpoint() {
            Endpoint::Tile => (&self.tiles, "MAPILLARY_TILES_ENDPOINT"),
            Endpoint::InternetArchive => (&self.internet_archive, "INTERNET_ARCHIVE_ENDPOINT"),
            Endpoint::Upload => (&self.upload, "MAPILLARY_UPLOAD_ENDPOINT"),
            Endpoint::Graph | Endpoint::Picture => (&self.graph, "MAPILLARY_GRAPH_API_ENDPOINT"),
        };
        let message = format!(
            "'{base}' answers only at https ({reason}): write {variable} with https instead of http"
        );
        Error::new(ErrorKind::Run, self.clean(&message))
    }
}

pub(super) const TOKEN_ADVICE: &str = "set MAPILLARY_TOKEN to a client token from mapillary.com/dashboard/developers, or keep it by 'mly config set access_token'";

const PANORAMAX_ADVICE: &str =
    "PANORAMAX_TOKEN has one of 'My settings' at the instance, or 'panoramax_cli login' gets one";

const LOGIN_ADVICE: &str = "uploads need the token of a user, which 'mly login' gets";
