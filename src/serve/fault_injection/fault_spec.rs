//! A fault specification: which faults, and for what share of responses.

use std::str::FromStr;

use super::InjectedFault;
use super::InjectedFault::*;

/// The faults that ask the client to slow down.
const THROTTLING: [InjectedFault; 5] = [AppLimit, Xml, Login, RetryAfter, Backoff];

/// The faults after which a list cannot be completed.
const LISTS: [InjectedFault; 3] = [PageGone, BadNext, Loop];

/// `KIND=SHARE`: a fault, `throttle` or `lists` for several, or `all` for all except `lists`, and the share of
/// responses that fail, 0 to 1 or in percent.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub(super) kinds: Vec<InjectedFault>,
    pub(super) share: f64,
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

/// Text that is not a fault specification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error("'{0}' is not KIND=SHARE, such as cut=0.05")]
    NoPair(String),
    #[error("'{0}' is not a fault: all, throttle, lists, {names}", names = kinds())]
    UnknownKind(String),
    #[error("the share in '{0}' is not 0 to 1, or 0% to 100%")]
    Share(String),
}

pub(super) fn kinds() -> String {
    InjectedFault::ALL.map(InjectedFault::word).join(", ")
}
