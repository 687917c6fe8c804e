//! Faults to order: which request is answered badly, and how. What happens to
//! a request depends on the seed, on what it asks and on how often that was
//! asked before, so it does not depend on timing.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use crate::value::words::words;

use super::answer::{Answer, Refusal};
use super::route::Surface;

/// A way to fail that the service, or the way to it, really has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
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
}

use Fault::*;

words!(Fault:
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
);

/// The kinds that mean: not so fast.
const THROTTLING: [Fault; 3] = [AppLimit, Xml, Login];

impl Fault {
    fn strikes(self, surface: Surface) -> bool {
        match self {
            AppLimit | Transient | Timeout => surface == Surface::Graph,
            Login => surface == Surface::Tiles,
            Expired => surface == Surface::Pictures,
            Malformed => surface != Surface::Pictures,
            Xml | Server | Slow | Cut | Length | Html | Drop => true,
        }
    }

    /// The answer that takes the place of the right one, where the fault is
    /// not in how the right one is sent.
    pub fn answer(self, trace: &str) -> Option<Answer> {
        let page = "<!DOCTYPE html>\n<html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>\n";
        Some(match self {
            AppLimit => {
                Refusal::new(429, 4, "Application request limit reached").transient().answer(trace)
            }
            Xml => Answer::new(
                429,
                "application/xml",
                "<?xml version=\"1.0\"?>\n<Error><Code>TooManyRequests</Code></Error>\n",
            ),
            Login => Answer::new(302, "text/html", "")
                .with("location", "https://www.mapillary.com/login"),
            Transient => {
                Refusal::new(500, 2, "Service temporarily unavailable").transient().answer(trace)
            }
            Timeout => Refusal::new(400, -2, "Request timed out").answer(trace),
            Server => Answer::new(502, "text/html", page),
            Expired => Answer::text(403, "URL signature expired"),
            Html => Answer::new(200, "text/html; charset=utf-8", page),
            Slow | Cut | Length | Malformed | Drop => return None,
        })
    }
}

/// `KIND=SHARE`: one kind, `throttle` for its three shapes, or `all`, and the
/// share of answers that it strikes, 0 to 1 or in percent.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    kinds: Vec<Fault>,
    share: f64,
}

impl FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Order, String> {
        let (kind, share) = text
            .split_once('=')
            .ok_or_else(|| format!("'{text}' is not KIND=SHARE, such as cut=0.05"))?;
        let kinds = match kind {
            "all" => Fault::ALL.to_vec(),
            "throttle" => THROTTLING.to_vec(),
            one => vec![one.parse().map_err(|_| unknown(one))?],
        };
        let (number, unit) = match share.strip_suffix('%') {
            Some(number) => (number, 0.01),
            None => (share, 1.0),
        };
        let share = number.parse::<f64>().ok().map(|number| number * unit);
        let share = share.filter(|share| (0.0..=1.0).contains(share));
        let share =
            share.ok_or_else(|| format!("the share in '{text}' is not 0 to 1, or 0% to 100%"))?;
        Ok(Order { kinds, share })
    }
}

fn unknown(kind: &str) -> String {
    let names: Vec<&str> = Fault::ALL.iter().map(|fault| fault.word()).collect();
    format!("'{kind}' is not a fault: all, throttle, {}", names.join(", "))
}

/// What a request is dealt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dealt {
    pub fault: Fault,
    /// 0 to 1, for what the fault itself leaves open, such as where a body is cut.
    pub chance: f64,
}

/// Deals the faults ordered.
#[derive(Debug)]
pub struct Dealer {
    orders: Vec<Order>,
    seed: u64,
    /// How often each request came, by a digest of it.
    asked: Mutex<HashMap<[u8; 16], u32>>,
}

impl Dealer {
    pub fn new(orders: Vec<Order>, seed: u64) -> Dealer {
        Dealer { orders, seed, asked: Mutex::default() }
    }

    /// The fault for this request, if any. `request` is what it asks, without
    /// what changes from run to run (tokens, signatures).
    pub fn deal(&self, surface: Surface, request: &str) -> Option<Dealt> {
        if self.orders.is_empty() {
            return None;
        }
        let turn = self.turn(request);
        let mut roll = self.roll(request, turn, "which");
        for order in &self.orders {
            if roll < order.share {
                let kinds: Vec<Fault> =
                    order.kinds.iter().copied().filter(|kind| kind.strikes(surface)).collect();
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
mod tests {
    use super::*;

    fn orders(texts: &[&str]) -> Vec<Order> {
        texts.iter().map(|text| text.parse().expect("an order")).collect()
    }

    fn deal_all(seed: u64, surface: Surface, texts: &[&str]) -> Vec<Option<Dealt>> {
        let dealer = Dealer::new(orders(texts), seed);
        (0..2000).map(|n| dealer.deal(surface, &format!("/{}", n % 500))).collect()
    }

    #[test]
    fn the_same_seed_deals_the_same_faults() {
        let deal = |seed| deal_all(seed, Surface::Graph, &["all=20%"]);
        assert_eq!(deal(7), deal(7));
        assert_ne!(deal(7), deal(8));
    }

    #[test]
    fn the_order_of_requests_does_not_matter() {
        let dealer = Dealer::new(orders(&["all=0.5"]), 3);
        let forth: Vec<_> = (0..100).map(|n| dealer.deal(Surface::Tiles, &n.to_string())).collect();
        let dealer = Dealer::new(orders(&["all=0.5"]), 3);
        let mut back: Vec<_> =
            (0..100).rev().map(|n| dealer.deal(Surface::Tiles, &n.to_string())).collect();
        back.reverse();
        assert_eq!(forth, back);
    }

    #[test]
    fn the_share_ordered_is_dealt() {
        for surface in [Surface::Graph, Surface::Tiles, Surface::Pictures] {
            let struck = deal_all(1, surface, &["all=0.2"]).iter().flatten().count();
            assert!((300..500).contains(&struck), "{struck} of 2000 on {surface:?}");
        }
    }

    #[test]
    fn a_request_struck_once_is_answered_later() {
        let dealer = Dealer::new(orders(&["drop=0.5"]), 1);
        let tries = (0..64).map(|_| dealer.deal(Surface::Graph, "/1")).collect::<Vec<_>>();
        assert!(tries.iter().any(Option::is_some) && tries.iter().any(Option::is_none));
    }

    #[test]
    fn every_kind_that_fits_is_dealt_and_no_other() {
        for surface in [Surface::Graph, Surface::Tiles, Surface::Pictures] {
            let dealt = deal_all(1, surface, &["all=1"]);
            for fault in Fault::ALL {
                let name = fault.word();
                let seen = dealt.iter().flatten().any(|dealt| dealt.fault == fault);
                assert_eq!(seen, fault.strikes(surface), "{name} on {surface:?}");
            }
        }
    }

    #[test]
    fn a_wrong_order_says_what_there_is() {
        assert!("flood=1".parse::<Order>().expect_err("unknown").contains("app-limit"));
        assert!("cut".parse::<Order>().expect_err("no share").contains("KIND=SHARE"));
        assert!("cut=2".parse::<Order>().is_err());
        assert_eq!("cut=5%".parse::<Order>(), "cut=0.05".parse());
    }
}
