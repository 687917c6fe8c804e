//! Flags of tools that send requests to a service: rate, retries, patience.

use std::path::PathBuf;

use clap::Args;

use crate::service::settings::MAX_FAILURES;

use super::written_file::WrittenFile;

/// How the service is asked. The token comes from MAPILLARY_TOKEN, from
/// --token-file, or from the config file; it is not a flag, since anyone can
/// read the flags of a process.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Service")]
pub struct Api {
    /// Read the token from FILE [default: MAPILLARY_TOKEN, or the config file].
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    #[command(flatten)]
    pub patience: RequestFlags,
    /// Repeat requests whose answer was gone, empty or incomplete.
    #[arg(long)]
    pub recheck: bool,
}

/// How the service is asked by a tool that can keep its answers.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Service")]
pub struct CachedApiFlags {
    #[command(flatten)]
    pub api: Api,
    /// Keep the answers in FILE, so that the same command in a pipe requests only what is missing; a complete list is
    /// reused until --force.
    #[arg(long, value_name = "FILE")]
    pub keep_list: Option<WrittenFile>,
}

/// How fast and how patiently a service is asked.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Service")]
pub struct RequestFlags {
    /// Maximum requests per second of each kind (entities, searches, tiles, pictures) [default: the
    /// service's own limits]; also applies to a server on this machine.
    #[arg(long, value_name = "N", value_parser = rate)]
    pub rate: Option<f64>,
    /// Ask 'mly pace' at this address before each request, so that all processes share one rate; if it does not
    /// answer, continue at a small share of it.
    #[arg(long, value_name = "URL")]
    pub pace: Option<String>,
    /// Number of retries of a failing request.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub retries: u32,
    /// End the run after this many consecutive requests failed with all their retries; 0 disables this.
    #[arg(long, value_name = "N", default_value_t = MAX_FAILURES)]
    pub max_failures: u32,
    /// Base unit of the back-off, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds)]
    pub retry_wait: f64,
    /// Request timeout, in seconds; also if a response is slower than 1 kB per second for this long.
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = some_seconds)]
    pub timeout: f64,
}

impl std::ops::Deref for CachedApiFlags {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl std::ops::Deref for Api {
    type Target = RequestFlags;

    fn deref(&self) -> &RequestFlags {
        &self.patience
    }
}

/// A day: nobody waits longer for a response, and it fits in a `Duration`.
const MAX_SECONDS: f64 = 86_400.0;
/// Sixty days: uploaded pictures may take days to appear.
const MAX_MINUTES: f64 = 86_400.0;

/// A flag value that is not a number of the accepted range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NumberError {
    #[error("not a number of seconds from 0 to {MAX_SECONDS}")]
    Seconds,
    #[error("not a number of seconds above 0, up to {MAX_SECONDS}")]
    SomeSeconds,
    #[error("not a number of minutes from 0 to {MAX_MINUTES}")]
    Minutes,
    #[error("not a number of hours")]
    Hours,
    #[error("not a number from 0.001 to 1000000")]
    Rate,
}

pub(super) fn seconds(text: &str) -> Result<f64, NumberError> {
    match text.parse::<f64>() {
        Ok(number) if (0.0..=MAX_SECONDS).contains(&number) => Ok(number),
        _ => Err(NumberError::Seconds),
    }
}

pub(super) fn minutes(text: &str) -> Result<f64, NumberError> {
    match text.parse::<f64>() {
        Ok(number) if (0.0..=MAX_MINUTES).contains(&number) => Ok(number),
        _ => Err(NumberError::Minutes),
    }
}

fn some_seconds(text: &str) -> Result<f64, NumberError> {
    match seconds(text) {
        Ok(number) if number > 0.0 => Ok(number),
        _ => Err(NumberError::SomeSeconds),
    }
}

pub(super) fn rate(text: &str) -> Result<f64, NumberError> {
    match text.parse::<f64>() {
        Ok(number) if (0.001..=1e6).contains(&number) => Ok(number),
        _ => Err(NumberError::Rate),
    }
}

#[cfg(test)]
mod tests;
