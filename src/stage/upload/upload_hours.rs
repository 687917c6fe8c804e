//! The hours of the day when uploads are allowed.

use std::fmt;
use std::str::FromStr;

const DAY_S: u32 = 24 * 3600;

/// From one time of day to another, by the local time of this machine; it may pass midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    start_s: u32,
    end_s: u32,
}

impl Window {
    /// The seconds until uploads are allowed, at `now_s` seconds since midnight.
    pub fn wait_s(self, now_s: u32) -> u32 {
        let since = (now_s + DAY_S - self.start_s) % DAY_S;
        let length = (self.end_s + DAY_S - self.start_s) % DAY_S;
        if since < length { 0 } else { DAY_S - since }
    }
}

/// Seconds since midnight, in the local time of this machine.
pub fn second_of_day() -> u32 {
    chrono::Timelike::num_seconds_from_midnight(&chrono::Local::now())
}

/// A text that is not a window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not two times of the day such as 22:00-06:00")]
pub struct NoWindow;

impl FromStr for Window {
    type Err = NoWindow;

    fn from_str(text: &str) -> Result<Window, NoWindow> {
        let time = |text: &str| {
            let (hours, minutes) = text.trim().split_once(':')?;
            let number = |text: &str, most| text.parse().ok().filter(|n: &u32| *n <= most);
            let s = number(hours, 24)? * 3600 + number(minutes, 59)? * 60;
            (s <= DAY_S).then_some(s % DAY_S)
        };
        let (start, end) = text.split_once('-').ok_or(NoWindow)?;
        let (start_s, end_s) = time(start).zip(time(end)).ok_or(NoWindow)?;
        if start_s == end_s { Err(NoWindow) } else { Ok(Window { start_s, end_s }) }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [start, end] = [self.start_s, self.end_s].map(|s| (s / 3600, s / 60 % 60));
        write!(f, "{:02}:{:02}-{:02}:{:02}", start.0, start.1, end.0, end.1)
    }
}

#[cfg(test)]
mod tests;
