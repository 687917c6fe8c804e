//! Messages as JSON objects, one a line, for programs that run the tools (`--log-format json`).

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::super::log_file::Level;
use crate::run::{Counts, Progress};
use crate::shape::End;

/// The source of a message.
#[derive(Debug, Clone, Default)]
pub struct Speaker {
    pub tool: String,
    /// The task that a workflow engine gave it.
    pub task: Option<String>,
}

/// A message, a wait or a request.
pub fn message(speaker: &Speaker, level: Level, text: &str) -> String {
    line(speaker, level.event(), json!({"level": level.word(), "text": text}))
}

/// The progress of the run.
pub fn progress(speaker: &Speaker, counts: &Counts, at: Progress) -> String {
    let more = json!({"share": at.share, "is_waiting": at.is_waiting, "counts": of_counts(counts)});
    line(speaker, "progress", more)
}

/// The result of the run.
pub fn counts(speaker: &Speaker, counts: &Counts, took: Duration, text: &str) -> String {
    let took = took.as_millis() as f64 / 1000.0;
    let more = json!({"level": Level::Info.word(), "text": text, "duration_s": took, "counts": of_counts(counts)});
    line(speaker, "counts", more)
}

/// Counts under the names of docs/contract.md.
pub fn of_counts(counts: &Counts) -> Map<String, Value> {
    let Counts { rows, filtered, failed, found, others, .. } = counts;
    let ended: BTreeMap<&str, u64> = End::ALL
        .iter()
        .map(|end| (end.word(), counts.ended.get(end).copied().unwrap_or(0)))
        .collect();
    let bytes = others.get("bytes").copied().unwrap_or(0);
    let others: BTreeMap<_, _> = others.iter().filter(|(what, _)| **what != "bytes").collect();
    let object = json!({
        "rows": rows,
        "rows_total": counts.passed(),
        "left_out": filtered,
        "ended": ended,
        "failed": failed,
        "found": found,
        "bytes": bytes,
        "counts": others,
    });
    object.as_object().cloned().unwrap_or_default()
}

fn line(speaker: &Speaker, event: &str, mut more: Value) -> String {
    let time = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    more["time"] = time.into();
    more["tool"] = speaker.tool.clone().into();
    if let Some(task) = &speaker.task {
        more["task"] = task.clone().into();
    }
    more["event"] = event.into();
    format!("{more}\n")
}
