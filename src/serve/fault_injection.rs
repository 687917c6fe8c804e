//! Faults to order: which request is answered badly, and how. What happens to
//! a request depends on the seed, on what it asks and on how often that was
//! asked before, so it does not depend on timing.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use crate::value::string_enum::words;

use super::route::Surface;

/// A way to fail that the service, or the way to it, really has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InjectedFault {
    /// Throttling: status 429, code 4.
    AppLimit,
    /// Throttling: status 429 with an XML body.
    Xml,
    /// Throttling of tiles: a redirect to a login page.
    Login,
    /// Status 500, code 2, transient.
    Transient,
    /// Status 400, code -2: the service ran out of time.
    Timeout,
    /// Status 502 with a page of HTML.
    Server,
    /// The right answer, late.
    Slow,
    /// The connection breaks within the body.
    Cut,
    /// A body of another length than it has or than is announced.
    Length,
    /// Status 403: the signature of a picture's link is too old.
    Expired,
    /// A page of HTML with status 200.
    Html,
    /// Not the JSON, or not the tile, that it claims to be.
    Malformed,
    /// The connection closes without an answer.
    Drop,
    /// The answer stops within its body, for twenty times as long as a slow one waits; then the connection breaks.
    Stall,
    /// A byte in each tenth of that time, for as long.
    Drip,
    /// Said to be gone, and is not.
    FalseGone,
    /// Status 200 with JSON that is no answer: an error, a note, nulls.
    Error200,
    /// Throttling: status 429 that says how long, in seconds or as a date.
    RetryAfter,
    /// The right answer, and the app's quota nearly used up.
    AppUsage,
    /// A page with half of its rows, that goes on behind them.
    ShortPage,
    /// The page after the first is said to be gone.
    PageGone,
    /// The next page is no URL, or a relative one.
    BadNext,
    /// The next page is this one.
    Loop,
    /// Status 412: the offset is said to be wrong.
    Offset,
    /// Told to be slower by the host of uploads: status 400 or 429 with `backoff` in milliseconds.
    Backoff,
    /// The connection breaks while bytes of a file come: some are kept.
    UploadCut,
    /// What has come is not made a sequence: status 400 or 500.
    FinishFailed,
}

use InjectedFault::*;

words!(InjectedFault:
    AppLimit = "app-limit",
    Xml = "xml",
    Login = "login",
    Transient = "transient",
    Timeout = "timeout",
    Server = "server",
    Slow = "slow",
    Cut = "cut",
    Length = "length",
    Expired = "expired",
    Html = "html",
    Malformed = "malformed",
    Drop = "drop",
    Stall = "stall",
    Drip = "drip",
    FalseGone = "false-gone",
    Error200 = "error-200",
    RetryAfter = "retry-after",
    AppUsage = "app-usage",
    ShortPage = "short-page",
    PageGone = "page-gone",
    BadNext = "bad-next",
    Loop = "loop",
    Offset = "offset",
    Backoff = "backoff",
    UploadCut = "upload-cut",
    FinishFailed = "finish-failed",
);

/// The kinds that mean: not so fast.
const THROTTLING: [InjectedFault; 5] = [AppLimit, Xml, Login, RetryAfter, Backoff];

/// The kinds after which a list cannot be had whole.
const LISTS: [InjectedFault; 3] = [PageGone, BadNext, Loop];

/// What a request asks for, as far as faults go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestTarget {
    pub surface: Surface,
    /// Of a list that comes in pages: whether this is a later one.
    pub page: Option<bool>,
    /// Whether the list goes on by cursors of its own.
    pub has_cursors: bool,
    /// Of an upload: which step this is.
    pub step: Option<UploadStep>,
}

/// The requests of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadStep {
    /// How many bytes are held.
    Offset,
    /// Bytes of a file.
    Bytes,
    Finish,
    /// Tokens, and what clients tell of themselves.
    Account,
}

impl InjectedFault {
    fn strikes(self, target: RequestTarget) -> bool {
        match self {
            AppLimit | Transient | Timeout | AppUsage => target.surface == Surface::Graph,
            FalseGone => target.surface == Surface::Graph && target.step.is_none(),
            Login => target.surface == Surface::Tiles,
            Expired => target.surface == Surface::Pictures,
            Malformed => target.surface != Surface::Pictures,
            ShortPage => target.page.is_some() && target.has_cursors,
            PageGone => target.page == Some(true),
            BadNext | Loop => target.page.is_some(),
            Offset | UploadCut => target.step == Some(UploadStep::Bytes),
            Backoff => target.surface == Surface::Uploads,
            FinishFailed => target.step == Some(UploadStep::Finish),
            Xml | Server | Slow | Cut | Length | Html | Drop | Stall | Drip | Error200
            | RetryAfter => true,
        }
    }
}

/// `KIND=SHARE`: one kind, `throttle` or `lists` for several, or `all` but for
/// `lists`, and the share of answers that it strikes, 0 to 1 or in percent.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    kinds: Vec<InjectedFault>,
    share: f64,
}

impl FromStr for Order {
    type Err = OrderError;

    fn from_str(text: &str) -> Result<Order, OrderError> {
        let (kind, share) =
            text.split_once('=').ok_or_else(|| OrderError::NoPair(text.to_string()))?;
        let kinds = match kind {
            "all" => {
                InjectedFault::ALL.into_iter().filter(|fault| !LISTS.contains(fault)).collect()
            }
            "throttle" => THROTTLING.to_vec(),
            "lists" => LISTS.to_vec(),
            one => vec![one.parse().map_err(|_| OrderError::UnknownKind(one.to_string()))?],
        };
        let (number, unit) = match share.strip_suffix('%') {
            Some(number) => (number, 0.01),
            None => (share, 1.0),
        };
        let share = number.parse::<f64>().ok().map(|number| number * unit);
        let share = share.filter(|share| (0.0..=1.0).contains(share));
        let share = share.ok_or_else(|| OrderError::Share(text.to_string()))?;
        Ok(Order { kinds, share })
    }
}

/// A text that orders no faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error("'{0}' is not KIND=SHARE, such as cut=0.05")]
    NoPair(String),
    #[error("'{0}' is not a fault: all, throttle, lists, {names}", names = kinds())]
    UnknownKind(String),
    #[error("the share in '{0}' is not 0 to 1, or 0% to 100%")]
    Share(String),
}

fn kinds() -> String {
    InjectedFault::ALL.map(InjectedFault::word).join(", ")
}

/// What a request is dealt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dealt {
    pub fault: InjectedFault,
    /// 0 to 1, for what the fault itself leaves open, such as where a body is cut.
    pub chance: f64,
}

/// Deals the faults ordered.
#[derive(Debug)]
pub struct FaultInjector {
    orders: Vec<Order>,
    seed: u64,
    /// How often each request came, by a digest of it.
    asked: Mutex<HashMap<[u8; 16], u32>>,
}

impl FaultInjector {
    pub fn new(orders: Vec<Order>, seed: u64) -> FaultInjector {
        FaultInjector { orders, seed, asked: Mutex::default() }
    }

    /// Whether no fault is ordered.
    pub fn is_idle(&self) -> bool {
        self.orders.is_empty()
    }

    /// The fault for this request, if any. `request` is what it asks, without
    /// what changes from run to run (tokens, signatures).
    pub fn deal(&self, target: RequestTarget, request: impl Fn() -> String) -> Option<Dealt> {
        if self.orders.is_empty() {
            return None;
        }
        let request = &request();
        let turn = self.turn(request);
        let mut roll = self.roll(request, turn, "which");
        for order in &self.orders {
            if roll < order.share {
                let kinds: Vec<InjectedFault> =
                    order.kinds.iter().copied().filter(|kind| kind.strikes(target)).collect();
                let chance = self.roll(request, turn, "how");
                let at = (roll / order.share * kinds.len() as f64) as usize;
                return kinds.get(at).map(|&fault| Dealt { fault, chance });
            }
            roll -= order.share;
        }
        None
    }

    fn turn(&self, request: &str) -> u32 {
        let digest = Sha256::digest(request);
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        let mut asked = self.asked.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let count = asked.entry(key).or_default();
        *count += 1;
        *count
    }

    /// A number in 0..1 that looks like chance and is always the same.
    fn roll(&self, request: &str, turn: u32, purpose: &str) -> f64 {
        let digest = Sha256::digest(format!("{} {turn} {purpose} {request}", self.seed));
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest[..8]);
        // 53 bits are what a double holds.
        (u64::from_be_bytes(bytes) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests;
