//! The HTML page in which the data is embedded.

use serde_json::Value;

/// The page, with a mark for the data.
const PAGE: &str = include_str!("page.html");

pub const MARK: &str = "/*DATA*/";

/// The page before the data, and after it.
pub fn page() -> (&'static str, &'static str) {
    PAGE.split_once(MARK).expect("the page has a place for the data")
}

/// A cell with `</script>` must not end the script.
pub fn within_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}
