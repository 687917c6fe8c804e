//! Termination signals (SIGINT, SIGTERM, and SIGHUP on Linux): the first ends the run cleanly, the second immediately.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::run::Stop;

#[cfg(unix)]
use super::terminal_echo;

/// The variable with the process id of the tool that started this one, so that this one ends with it.
pub const PARENT: &str = "MAPILLARY_PIPES_PARENT";

/// In a tool started by another one: requests SIGTERM when that one ends for any reason.
#[cfg(target_os = "linux")]
pub fn end_with_parent() {
    use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
    let Ok(parent) = std::env::var(PARENT) else { return };
    // Where that is not possible, this process runs to its end alone, which is harmless.
    let _ = set_parent_process_death_signal(Some(Signal::TERM));
    let own = getppid().map(Pid::as_raw_nonzero);
    if own.is_none_or(|own| own.to_string() != parent) {
        signal_hook::low_level::exit(130);
    }
}

#[cfg(not(target_os = "linux"))]
pub fn end_with_parent() {}

/// What SIGHUP does instead of ending the process: a server has no terminal that could be closed, and reloads.
#[derive(Clone, Default)]
pub struct Hangup(Arc<Mutex<Option<Action>>>);

type Action = Box<dyn Fn() + Send>;

impl Hangup {
    /// From now on SIGHUP calls this action and ends nothing.
    pub fn set(&self, action: impl Fn() + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(action));
    }

    #[cfg(unix)]
    fn is_answered(&self) -> bool {
        let action = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        action.iter().for_each(|action| action());
        action.is_some()
    }
}

impl fmt::Debug for Hangup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hangup")
    }
}

/// The termination signals that the caller has not set to be ignored.
#[cfg(unix)]
pub fn heard() -> Vec<i32> {
    let ignored = unix::ignored();
    unix::SIGNALS.into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0).collect()
}

#[cfg(not(unix))]
pub fn heard() -> Vec<i32> {
    Vec::new()
}

/// Sets the stop on a termination signal; before the work has begun, the signal ends the process at once. Signals that
/// the caller ignores stay ignored: SIGHUP under `nohup`, SIGINT after a shell's `&`.
#[cfg(unix)]
pub fn watch(stop: &Stop, has_begun: &Arc<AtomicBool>, hangup: &Hangup) {
    // A file that would be longer than the limit (`ulimit -f`) is an error of its write, with a message.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    // Without a handler they still end the tool, only less cleanly.
    if let Ok(mut signals) = signal_hook::iterator::Signals::new(heard()) {
        let (stop, has_begun, hangup) = (stop.clone(), Arc::clone(has_begun), hangup.clone());
        std::thread::spawn(move || {
            let is_to_end =
                |signal: &i32| *signal != signal_hook::consts::SIGHUP || !hangup.is_answered();
            let requests = signals.forever().filter(is_to_end);
            let requests = requests.map(|_| std::time::Instant::now());
            let has_begun = || has_begun.load(Ordering::Relaxed);
            unix::hear(requests, &stop, has_begun, || {
                terminal_echo::show();
                signal_hook::low_level::exit(130)
            });
        });
    }
}

#[cfg(windows)]
pub fn watch(stop: &Stop, has_begun: &Arc<AtomicBool>, _: &Hangup) {
    let (stop, has_begun) = (stop.clone(), Arc::clone(has_begun));
    // Without a handler Ctrl-C still ends the tool, only less cleanly.
    let _ = ctrlc::set_handler(move || {
        if has_begun.load(Ordering::Relaxed) && !stop.is_set() {
            stop.set();
        } else {
            std::process::exit(130);
        }
    });
}

#[cfg(unix)]
mod unix {
    use std::time::{Duration, Instant};

    use super::Stop;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    /// Only Linux reports which signals are ignored; elsewhere SIGHUP keeps its default action.
    pub const SIGNALS: [i32; if cfg!(target_os = "linux") { 3 } else { 2 }] = [
        SIGINT,
        SIGTERM,
        #[cfg(target_os = "linux")]
        SIGHUP,
    ];
    /// `timeout` and shells send a signal both to the process and to its group: that counts as one request.
    const ONE_REQUEST: Duration = Duration::from_millis(300);

    /// Takes termination requests by their times, and ends the process at the second.
    pub fn hear(
        requests: impl Iterator<Item = Instant>,
        stop: &Stop,
        has_begun: impl Fn() -> bool,
        end: impl Fn(),
    ) {
        let mut first: Option<Instant> = None;
        for now in requests {
            stop.set();
            let is_second = now.duration_since(*first.get_or_insert(now)) > ONE_REQUEST;
            if is_second || !has_begun() {
                end();
            }
        }
    }

    /// The signals that were ignored when the program began, one bit each.
    pub fn ignored() -> u64 {
        std::fs::read_to_string("/proc/self/status").map_or(0, |text| mask(&text))
    }

    fn mask(status: &str) -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_first_request_stops_the_run_and_the_second_ends_the_process() {
            let (start, ends) = (Instant::now(), std::cell::Cell::new(0));
            let heard = |has_begun: bool, after_ms: &[u64]| {
                let stop = Stop::default();
                let times = after_ms.iter().map(|&ms| start + Duration::from_millis(ms));
                hear(times, &stop, || has_begun, || ends.set(ends.get() + 1));
                (stop.is_set(), ends.take())
            };
            assert_eq!(heard(true, &[]), (false, 0));
            assert_eq!(heard(true, &[0]), (true, 0));
            assert_eq!(heard(true, &[0, 5]), (true, 0), "sent to the process and to its group");
            assert_eq!(heard(true, &[0, 5, 900]), (true, 1));
            assert_eq!(heard(false, &[0]), (true, 1), "nothing is to be ended in order yet");
        }

        #[test]
        fn the_system_tells_what_is_ignored() {
            let mask = mask("Name:\trows\nSigBlk:\t0000000000000004\nSigIgn:\t0000000000001003\n");
            assert_eq!([SIGHUP, SIGINT, SIGTERM].map(|signal| mask >> (signal - 1) & 1), [1, 1, 0]);
        }
    }
}
