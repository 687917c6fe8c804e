//! One check: its result and how it is reported.

use serde_json::{Value, json};

use crate::value::shown::message;

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Good,
    /// Needed by some jobs only.
    Note,
    Wrong,
}

pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) state: State,
    pub(super) text: String,
    /// How to fix it.
    pub(super) mend: Option<String>,
}

pub(super) fn good(name: &'static str, text: impl Into<String>) -> Check {
    Check { name, state: State::Good, text: text.into(), mend: None }
}

pub(super) fn wrong(name: &'static str, text: impl Into<String>, mend: impl Into<String>) -> Check {
    let text = message(&text.into()).into_owned();
    Check { name, state: State::Wrong, text, mend: Some(mend.into()) }
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Good => "ok",
            State::Note => "note",
            State::Wrong => "wrong",
        }
    }
}

pub(super) fn as_text(checks: &[Check]) -> String {
    let line = |check: &Check| {
        let mend = check.mend.as_ref().map(|mend| format!("\n{:17}-> {mend}", ""));
        format!(
            "{:6} {:9} {}{}\n",
            check.state.word(),
            check.name,
            check.text,
            mend.unwrap_or_default()
        )
    };
    checks.iter().map(line).collect()
}

pub(super) fn as_json(checks: &[Check]) -> String {
    let object = |check: &Check| json!({"check": check.name, "state": check.state.word(), "text": check.text, "mend": check.mend});
    format!("{:#}\n", checks.iter().map(object).collect::<Value>())
}
