//! Objects of the Graph API as text: the fields that are asked for, and the refusal of those that a type has not.

use serde_json::json;

use super::answer::Refusal;

pub fn known(field: &str, fields: &[&str], kind: &str) -> Result<Option<String>, Refusal> {
    if fields.contains(&field) { Ok(None) } else { Err(nonexisting(field, kind)) }
}

pub fn nonexisting(field: &str, kind: &str) -> Refusal {
    Refusal::parameter(format!("Tried accessing nonexisting field ({field}) on node type ({kind})"))
}

/// Absent values have no key. Without fields there is only the id.
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
