//! Turns the echo of the terminal off, and on again however the process ends.

use std::io::{self, stdin};

pub use system::Hidden;

#[cfg(unix)]
mod system {
    use std::sync::{Mutex, PoisonError};
    use std::thread;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::iterator::{Handle, Signals};

    use super::{io, stdin};

    /// The terminal settings before.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    /// Echo is off while this lives, and each byte arrives as it is typed. Any of these signals ends the process at
    /// once, because no work has begun while a question is shown.
    pub struct Hidden(Option<Handle>);

    impl Hidden {
        pub fn set(signals: &[i32]) -> io::Result<Hidden> {
            let before = tcgetattr(stdin())?;
            let mut now = before.clone();
            now.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
            *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
            let handle = Signals::new(signals).ok().map(|mut signals| {
                let handle = signals.handle();
                thread::spawn(move || {
                    if signals.forever().next().is_some() {
                        show();
                        signal_hook::low_level::exit(130);
                    }
                });
                handle
            });
            tcsetattr(stdin(), OptionalActions::Drain, &now)?;
            Ok(Hidden(handle))
        }
    }

    impl Drop for Hidden {
        fn drop(&mut self) {
            self.0.iter().for_each(Handle::close);
            show();
        }
    }

    /// Turns the echo on again, if it was off.
    pub fn show() {
        let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
        before.iter().for_each(|before| _ = tcsetattr(stdin(), OptionalActions::Now, before));
    }
}

#[cfg(unix)]
pub use system::show;

#[cfg(not(unix))]
mod system {
    use super::io;

    pub struct Hidden;

    impl Hidden {
        pub fn set(_: &[i32]) -> io::Result<Hidden> {
            Err(io::Error::other(
                "it cannot be told not to show what is typed: use MAPILLARY_TOKEN",
            ))
        }
    }
}
