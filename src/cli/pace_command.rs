//! `mly pace`: one shared request rate for all processes of a job.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::run::Summary;
use crate::serve::permit_endpoint::PaceServer;
use crate::service::Rates;
use crate::service::shared_quota::Permits;
use crate::shape::FatalError;

use super::request_flags::rate;
use super::written_file::WrittenFile;
use super::{MessageFlags, Session};

/// Keep one pace for many processes: tools with --pace URL ask here before each request.
///
/// Gives a permit for each request to the service, by kind, as fast as one process would ask, whatever their number.
/// What one of them is told of a throttle holds and slows all. When it ends, the tools go on slowly by themselves.
/// GET / tells how many permits were given, and how fast.
#[derive(Parser)]
#[command(
    name = "pace",
    bin_name = "mly pace",
    after_help = "Example: mly pace --listen 127.0.0.1:8090 & get-meta --pace http://127.0.0.1:8090 part-1.csv",
    after_long_help = "Prints its address on standard output. Pictures and uploads have no quota that is known, and need \
no permit. Who reaches the address can take permits and slow the others down; there is nothing else to be had."
)]
pub struct Flags {
    /// Address to listen on; port 0 takes a free one [default: this machine alone].
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Requests of all processes per second for entities and the ids of sequences (get-meta, download, get-images).
    #[arg(long, value_name = "N", default_value_t = Rates::default().entity, value_parser = rate)]
    entity: f64,
    /// The same for searches (get-images of an area, a user or an organization).
    #[arg(long, value_name = "N", default_value_t = Rates::default().search, value_parser = rate)]
    search: f64,
    /// The same for coverage tiles (get-sequences, get-images of an area).
    #[arg(long, value_name = "N", default_value_t = Rates::default().tile, value_parser = rate)]
    tile: f64,
    /// The same for questions to archive.org.
    #[arg(long, value_name = "N", default_value_t = Rates::default().internet_archive, value_parser = rate)]
    internet_archive: f64,
    /// Write the address to FILE when ready, for scripts.
    #[arg(long, value_name = "FILE")]
    address_file: Option<WrittenFile>,
    #[command(flatten)]
    talk: MessageFlags,
}

crate::tool!(Flags, no rows);

pub fn main() -> ExitCode {
    super::main(|flags: Flags, session| flags.run(session))
}

impl Flags {
    fn run(&self, session: &Session) -> Result<Summary, FatalError> {
        let rates = Rates {
            entity: self.entity,
            search: self.search,
            tile: self.tile,
            internet_archive: self.internet_archive,
        };
        if !self.listen.ip().to_canonical().is_loopback() {
            session.say(&format!(
                "anyone who reaches {} can take permits, and slow the others down",
                self.listen
            ));
        }
        let wrong = |error| FatalError(format!("cannot listen on '{}': {error}", self.listen));
        let server = PaceServer::start(self.listen, Permits::new(rates)).map_err(wrong)?;
        session.interrupted();
        session.tell_address(&server.url(), self.address_file.as_deref())?;
        while !session.stop.is_set() {
            session.stop.sleep(Duration::from_secs(3600));
        }
        session.add_to_summary("permits", server.status());
        Ok(Summary::nothing())
    }
}
