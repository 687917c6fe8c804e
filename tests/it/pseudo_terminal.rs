//! A terminal, as a program sees it.

use std::fs::File;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// The user's side.
pub struct PseudoTerminal {
    keys: File,
    shown: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
}

/// A terminal with this many columns, and the file that a program uses as its terminal.
pub fn pseudo_terminal(columns: u16) -> (PseudoTerminal, File) {
    let here = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&here).unwrap();
    unlockpt(&here).unwrap();
    tcsetwinsize(&here, Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 })
        .unwrap();
    let there = ptsname(&here, Vec::new()).unwrap().into_string().unwrap();
    let there = File::options().read(true).write(true).open(there).unwrap();
    let mut screen = File::from(here);
    let keys = screen.try_clone().unwrap();
    let shown: Arc<Mutex<String>> = Arc::default();
    let all = Arc::clone(&shown);
    // The terminal ends when its other side is closed everywhere.
    let reader = spawn(move || {
        let mut part = [0; 4096];
        while let Ok(count @ 1..) = screen.read(&mut part) {
            all.lock().unwrap().push_str(&String::from_utf8_lossy(&part[..count]));
        }
    });
    (PseudoTerminal { keys, shown, reader }, there)
}

impl PseudoTerminal {
    /// Types once this text is shown.
    pub fn answer(&mut self, question: &str, keys: &str) {
        let start = Instant::now();
        while !self.shown.lock().unwrap().contains(question) {
            assert!(start.elapsed() < Duration::from_secs(60), "'{question}' is not shown");
            sleep(Duration::from_millis(5));
        }
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Everything that was shown, after all programs have ended.
    pub fn shown(self) -> String {
        self.reader.join().unwrap();
        let shown = self.shown.lock().unwrap();
        shown.clone()
    }
}
