//! Deals the faults that are ordered: the same ones in each run.

use std::collections::HashMap;
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use super::order::Order;
use super::{InjectedFault, RequestTarget};

/// What a request is dealt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AssignedFaults {
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
    pub fn deal(
        &self,
        target: RequestTarget,
        request: impl Fn() -> String,
    ) -> Option<AssignedFaults> {
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
                return kinds.get(at).map(|&fault| AssignedFaults { fault, chance });
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
