//! Graph API objects as text: the requested fields, and the error for fields that a type does not have.

use serde_json::json;

use super::answer::Refusal;

pub fn known(field: &str, fields: &[&str], kind: &str) -> Result<Option<String>, Refusal> {
    if fields.contains(&field) { Ok(None) } else { Err(nonexisting(field, kind)) }
}

pub fn nonexisting(field: &str, kind: &str) -> Refusal {
    Refusal::parameter(format!("Tried accessing nonexisting field ({field}) on node type ({kind})"))
}

/// Writes an object. Absent values have no key. Without requested fields there is only the id.
pub fn write(
    id: &str,
    fields: Option<&[String]>,
    value_of: impl Fn(&str) -> Result<Option<String>, Refusal>,
) -> Result<String, Refusal> {
    let mut text = String::from("{");
    for field in fields.unwrap_or_default().iter().filter(|field| *field != "id") {
        if let Some(value) = value_of(field)? {
            text.push_str(&format!("{}:{value},", json!(field)));
        }
    }
    Ok(format!("{text}\"id\":{}}}", json!(id)))
}
