//! Messages and counts as text.

use std::fmt::Write as _;
use std::time::Duration;

use crate::run::Counts;
use crate::run::stats::ROWS;
use crate::value::human_format::{bytes, counted, grouped};
use crate::value::provenance::Status;
use crate::value::shown;

/// The maximum length of a message, whatever it contains.
const MOST: usize = 2000;

/// The text on one line, without control characters.
pub fn plain(text: &str) -> String {
    let text = shown::message(text);
    let printed = text.chars().take(MOST).map(|c| if shown::is_invisible(c) { ' ' } else { c });
    let rest = if text.chars().nth(MOST).is_some() { "..." } else { "" };
    printed.collect::<String>() + rest
}

pub fn line(name: &str, text: &str) -> String {
    format!("{name}: {}\n", plain(text))
}

/// `1,203 done, 40 kept, 3 gone, 2 failed, 512 MB`.
pub fn sum(counts: &Counts) -> String {
    let mut parts: Vec<String> = Vec::new();
    let [done, planned, kept, held] =
        [Status::Done, Status::Planned, Status::Kept, Status::Held].map(Status::word);
    let order = [done, planned, kept, held, ROWS];
    let known = order.iter().filter_map(|word| counts.rows.get_key_value(*word));
    let others = counts.rows.iter().filter(|(word, _)| !order.contains(&word.as_str()));
    parts.extend(known.chain(others).map(|(word, n)| counted(*n, word)));
    if parts.is_empty() {
        parts.push("0 rows".to_string());
    }
    if counts.filtered > 0 {
        parts.push(format!("{} left out", grouped(counts.filtered)));
    }
    parts.extend(counts.ended.iter().map(|(end, n)| format!("{} {}", grouped(*n), end.word())));
    if counts.failed > 0 {
        parts.push(format!("{} failed", grouped(counts.failed)));
    }
    for (what, n) in &counts.others {
        parts.push(match *what {
            "bytes" => bytes(*n),
            what => counted(*n, what),
        });
    }
    parts.join(", ")
}

pub fn duration(took: Duration) -> String {
    let seconds = took.as_secs();
    let mut text = String::new();
    if seconds >= 3600 {
        let _ = write!(text, "{} h ", seconds / 3600);
    }
    if seconds >= 60 {
        let _ = write!(text, "{} min ", seconds / 60 % 60);
    }
    let _ = if seconds < 10 {
        write!(text, "{:.1} s", took.as_secs_f64())
    } else {
        write!(text, "{} s", seconds % 60)
    };
    text
}
