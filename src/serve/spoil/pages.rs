//! Faults in pages: nulls, half of the rows, and wrong links to the next page.

use std::collections::BTreeMap;

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::payload::Payload;
use super::super::search;
use super::Asked;

/// An object whose values keep their original text.
type Object = BTreeMap<String, Box<RawValue>>;

/// Changes a response that is a JSON object; others, such as errors, stay unchanged.
pub(super) fn rewrite(answer: &mut Answer, change: impl FnOnce(&mut Object)) {
    let body = answer.body.in_memory().filter(|_| answer.status == 200);
    let body = body.and_then(|body| serde_json::from_slice::<Object>(body).ok());
    let Some(mut body) = body else { return };
    change(&mut body);
    let members = body.iter().map(|(key, value)| format!("{}:{value}", json!(key)));
    let text = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
    answer.body = Payload::bytes(text.into());
}

/// Sets every value to null.
pub(super) fn nulls(body: &mut Object) {
    body.values_mut().for_each(|value| *value = raw(&Value::Null));
}

/// Keeps half of the rows, and links to the rest as the next page.
pub(super) fn shorten(page: &mut Object, asked: &Asked<'_>) {
    let rows = page.get("data").and_then(|data| serde_json::from_str(data.get()).ok());
    let Some(mut rows) = rows.filter(|rows: &Vec<Box<RawValue>>| rows.len() > 1) else { return };
    rows.truncate(rows.len() / 2);
    let end = search::cursor_behind(asked.query, rows.len());
    let text: Vec<&str> = rows.iter().map(|row| row.get()).collect();
    if let Ok(data) = RawValue::from_string(format!("[{}]", text.join(","))) {
        page.insert("data".into(), data);
        set_next(page, |_| next(asked, &end));
    }
}

/// Changes the link to the next page.
pub(super) fn set_next(page: &mut Object, change: impl FnOnce(Option<String>) -> String) {
    let paging = page.get("paging").and_then(|paging| serde_json::from_str(paging.get()).ok());
    let mut paging: Value = paging.unwrap_or_else(|| json!({}));
    let next = change(paging["next"].as_str().map(str::to_owned));
    paging["next"] = json!(next);
    page.insert("paging".into(), raw(&paging));
}

fn raw(value: &Value) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

pub(super) fn next(asked: &Asked<'_>, cursor: &str) -> String {
    format!("{}?{}", asked.place, asked.query.with("after", cursor).written())
}
