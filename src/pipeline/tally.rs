//! Combines the output of a job's tools: messages are forwarded, counts become one line.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cli::log_file::Level;
use crate::run::{Counts, Progress};
use crate::shape::End;
use crate::value::human_format::{bytes, grouped};

/// The state of the tools so far.
#[derive(Default)]
pub struct ToolTotals {
    /// The last counts of each tool.
    counts: BTreeMap<String, Value>,
    /// The progress of the list, from 0 to 1, from which the number still to be found is estimated.
    listed: Option<f64>,
    /// What the tools are waiting for, until something moves.
    wait: Option<String>,
}

/// What to do with a line.
pub enum LineAction {
    Say(Level, String),
    Show,
    Nothing,
}

impl ToolTotals {
    /// Processes a line that a tool wrote to stderr.
    pub fn hear(&mut self, tool: &str, line: &str) -> LineAction {
        let Ok(event @ Value::Object(_)) = serde_json::from_str::<Value>(line) else {
            // Only errors from before the flags were read are not JSON objects.
            let text = if line.is_empty() { return LineAction::Nothing } else { line.to_string() };
            return LineAction::Say(Level::Error, text);
        };
        let text = || format!("{tool}: {}", event["text"].as_str().unwrap_or_default());
        if event["counts"].is_object() {
            self.moved(tool, &event);
        }
        match event["event"].as_str() {
            Some("progress") => LineAction::Show,
            Some("counts") => LineAction::Say(Level::Info, text()),
            Some("wait") => {
                self.wait = event["text"].as_str().map(String::from);
                LineAction::Say(Level::Wait, text())
            }
            Some("request") => LineAction::Say(Level::Request, text()),
            _ if event["level"] == "error" => LineAction::Say(Level::Error, text()),
            _ if event["level"] == "info" => LineAction::Say(Level::Info, text()),
            _ => LineAction::Say(Level::Warning, text()),
        }
    }

    fn moved(&mut self, tool: &str, event: &Value) {
        let before = self.counts.insert(tool.to_string(), event["counts"].clone());
        if before.is_some_and(|before| before != event["counts"]) {
            self.wait = None;
        }
        if tool == "get-images" {
            let is_over = event["event"] == "counts";
            self.listed = if is_over { Some(1.0) } else { event["share"].as_f64() };
        }
    }

    /// The overall progress: of the pictures found, plus those that the rest of the list will have at this pace, the
    /// share that is finished.
    pub fn at(&self) -> Progress {
        let ended = |tool: &str| {
            let ended = End::ALL.iter().filter_map(|end| self.count(tool, &["ended", end.word()]));
            ended.sum::<u64>() + self.count(tool, &["failed"]).unwrap_or_default()
        };
        let fetched = self.count("download", &["rows_total"]);
        let done = fetched.map(|rows| rows + ended("download") + ended("get-meta"));
        let share = done.zip(self.listed).filter(|_| self.found() > 0);
        let share =
            share.map(|(done, listed)| (listed * done as f64 / self.found() as f64).min(1.0));
        Progress { share, is_waiting: false }
    }

    fn count(&self, tool: &str, of: &[&str]) -> Option<u64> {
        of.iter().fold(self.counts.get(tool), |value, key| value?.get(*key))?.as_u64()
    }

    /// `59 found, 58 described, 23 fetched, 12 kept, 512 MB`.
    pub fn line(&self) -> String {
        let parts = [
            ("get-images", &["rows_total"][..], "found"),
            ("get-meta", &["rows_total"], "described"),
            ("download", &["rows", "done"], "fetched"),
            ("download", &["rows", "kept"], "kept"),
            ("tag-exif", &["rows_total"], "tagged"),
            ("to-webp", &["rows_total"], "converted"),
            ("pack-tar", &["rows_total"], "packed"),
        ];
        let said = |(tool, of, word): &(&str, &[&str], &str)| {
            Some(format!("{} {word}", grouped(self.count(tool, of)?)))
        };
        let mut line: Vec<String> = parts.iter().filter_map(said).collect();
        line.extend(self.count("download", &["bytes"]).filter(|&n| n > 0).map(bytes));
        line.extend(self.failed_line());
        line.extend(self.wait.clone());
        line.join(", ")
    }

    fn failed_line(&self) -> Option<String> {
        let failed = self.sum(&["failed"]);
        (failed > 0).then(|| format!("{} failed", grouped(failed)))
    }

    /// The sum of the same counts over all tools.
    fn sum(&self, of: &[&str]) -> u64 {
        self.counts.keys().filter_map(|tool| self.count(tool, of)).sum()
    }

    /// The number of pictures in the list.
    pub fn found(&self) -> u64 {
        self.count("get-images", &["rows_total"]).unwrap_or_default()
    }

    /// The overall counts: the rows of the downloads, the failures of all tools.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { failed: self.sum(&["failed"]), ..Counts::default() };
        let rows = self.counts.get("download").and_then(|all| all["rows"].as_object());
        for (status, number) in rows.into_iter().flatten() {
            counts.rows.insert(status.clone(), number.as_u64().unwrap_or_default());
        }
        for end in End::ALL {
            let number = self.sum(&["ended", end.word()]);
            if number > 0 {
                counts.ended.insert(end, number);
            }
        }
        if let Some(bytes @ 1..) = self.count("download", &["bytes"]) {
            counts.others.insert("bytes", bytes);
        }
        counts
    }
}

#[cfg(test)]
mod tests;
