//! Injects the configured faults, the same ones in each run.

use std::collections::HashMap;
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use super::fault_spec::Order;
use super::{InjectedFault, RequestTarget};

/// The fault assigned to a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AssignedFaults {
    pub fault: InjectedFault,
    /// 0 to 1, for the details of the fault, such as where a body is cut.
    pub chance: f64,
}

/// Assigns the configured faults to requests.
#[derive(Debug)]
pub struct FaultInjector {
    orders: Vec<Order>,
    seed: u64,
    /// The number of times that each request was received, by its digest.
    asked: Mutex<HashMap<[u8; 16], u32>>,
}

impl FaultInjector {
    pub fn new(orders: Vec<Order>, seed: u64) -> FaultInjector {
        FaultInjector { orders, seed, asked: Mutex::default() }
    }

    /// Whether no faults are configured.
    pub fn is_idle(&self) -> bool {
        self.orders.is_empty()
    }

    /// The fault for this request, if any. `request` is the request without the parts that change from run to run
    /// (tokens, signatures).
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

    /// A pseudorandom number in 0..1 that is always the same for the same arguments.
    fn roll(&self, request: &str, turn: u32, purpose: &str) -> f64 {
        let digest = Sha256::digest(format!("{} {turn} {purpose} {request}", self.seed));
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest[..8]);
        // A double holds 53 bits.
        (u64::from_be_bytes(bytes) >> 11) as f64 / (1u64 << 53) as f64
    }
}
