//! Handles an HTTP request: methods, tokens, CORS, faults, logging.

mod dispatch;
mod respond;

use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hyper::body::Incoming;
use hyper::{Method, Request, Response};

use crate::disk::cached_io;

use super::answer::{Answer, Refusal};
use super::base_url::origin;
use super::call::Call;
use super::fault_injection::{AssignedFaults, InjectedFault};
use super::payload::Payload;
use super::route::ServiceHost;
use super::spoil::{self, spoil};
use super::{Site, upload};
pub use respond::CORS;
use respond::respond;

/// The connection is closed without a response.
#[derive(Debug)]
pub struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection dropped on order")
    }
}

impl Error for Dropped {}

/// Answers a request, or closes its connection.
pub async fn serve(
    site: Arc<Site>,
    peer: Option<SocketAddr>,
    request: Request<Incoming>,
) -> Result<Response<Payload>, Dropped> {
    let busy = site.busy.clone();
    let (head, body) = request.into_parts();
    let call = Arc::new(Call::new(head, peer));
    let mut response = answer(&site, &call, body).await?;
    response.body_mut().hold(busy);
    Ok(response)
}

async fn answer(
    site: &Arc<Site>,
    call: &Arc<Call>,
    body: Incoming,
) -> Result<Response<Payload>, Dropped> {
    let dealt = match call.method {
        Method::OPTIONS => None,
        _ => site.dealer.deal(call.target(), || call.asked()),
    };
    if dealt.is_some_and(|dealt| dealt.fault == InjectedFault::Slow) {
        tokio::time::sleep(site.slow).await;
    }
    let origin = origin(&call.headers, &site.host);
    let answer = match dealt {
        None => {
            let modified = site.archive.get().modified;
            let mut answer = right(site, call, body, &origin, None).await;
            call.negotiate(modified, &mut answer);
            answer
        }
        Some(dealt) => spoilt(site, call, body, &origin, dealt).await,
    };
    call.log(site, &answer, dealt);
    let is_dropped = |dealt: AssignedFaults| {
        matches!(dealt.fault, InjectedFault::Drop | InjectedFault::UploadCut)
    };
    if dealt.is_some_and(is_dropped) {
        return Err(Dropped);
    }
    Ok(respond(answer, &call.method))
}

/// Whether a request can be answered by [`plain`].
pub fn is_plain(site: &Site, call: &Call) -> bool {
    site.dealer.is_idle() && !upload::is_upload(call)
}

/// The response to a request without a body, where no faults are configured.
pub async fn plain(site: &Arc<Site>, call: &Arc<Call>) -> Answer {
    let origin = origin(&call.headers, &site.host);
    let modified = site.archive.get().modified;
    let mut answer = looked_up(site, call, &origin).await;
    call.negotiate(modified, &mut answer);
    call.log(site, &answer, None);
    answer
}

/// The response with a fault in it, or instead of it.
async fn spoilt(
    site: &Arc<Site>,
    call: &Arc<Call>,
    body: Incoming,
    origin: &str,
    dealt: AssignedFaults,
) -> Answer {
    let question = spoil::Asked {
        place: format!("{origin}{}", call.path),
        query: &call.query,
        slow: site.slow,
        now: SystemTime::now(),
        trace: &call.trace(),
    };
    if let Some(instead) = dealt.fault.answer(dealt.chance, &question) {
        upload::drain(body).await;
        return instead;
    }
    let mut answer = right(site, call, body, origin, Some(dealt)).await;
    spoil(&mut answer, dealt, &question);
    answer
}

/// The time limit for a disk; after it the client gets an error, and the thread that waits is abandoned.
const DISK_TIMEOUT: Duration = Duration::from_secs(30);

/// The correct response.
async fn right(
    site: &Arc<Site>,
    call: &Arc<Call>,
    body: Incoming,
    origin: &str,
    dealt: Option<AssignedFaults>,
) -> Answer {
    if upload::is_upload(call) && call.method != Method::OPTIONS {
        let cut = dealt.filter(|dealt| dealt.fault == InjectedFault::UploadCut);
        return upload::answer(site, call, body, cut.map(|dealt| dealt.chance)).await;
    }
    looked_up(site, call, origin).await
}

/// The response from the archive. Disk reads and long computations run off the threads that serve all connections.
async fn looked_up(site: &Arc<Site>, call: &Arc<Call>, origin: &str) -> Answer {
    let refused = |refusal: Refusal| refusal.answer(&call.trace());
    if !call.is_work(site) {
        return call.answer(site, origin).unwrap_or_else(refused);
    }
    // Waking another thread costs more than such a response.
    if call.is_short()
        && let Some(answer) = cached_io::refused(|| call.answer(site, origin))
    {
        return answer.unwrap_or_else(refused);
    }
    let gate = match call.surface {
        ServiceHost::Pictures => &site.reading,
        _ => &site.computing,
    };
    let (site, call, origin) = (Arc::clone(site), Arc::clone(call), origin.to_owned());
    let work = async {
        let place = Arc::clone(gate).acquire_owned().await;
        let threads = site.blocking.clone();
        let work = threads.spawn_blocking(move || {
            let answer = call.answer(&site, &origin);
            drop(place);
            answer
        });
        work.await
    };
    match tokio::time::timeout(DISK_TIMEOUT, work).await {
        Ok(Ok(answer)) => answer.unwrap_or_else(refused),
        Ok(Err(_)) => refused(Refusal::new(500, 1, "An unknown error occurred")),
        Err(_) => Answer::text(503, "the disk does not answer"),
    }
}
