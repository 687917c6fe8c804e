//! Which photos belong to the same camera, judged by rows and folders.

use crate::row::{Field, Row};

/// Photos of one folder and one camera belong together. A camera that has filled a folder continues in a new one
/// beside it, so such folders count as their parent folder.
pub fn camera_key(row: &Row) -> String {
    let part = |field| row.get(field).unwrap_or_default();
    [&folder_of(row), part(Field::Make), part(Field::Model)].join("\0")
}

/// The folder of a row's file, or its parent if the folder is one that a camera numbers.
pub fn folder_of(row: &Row) -> String {
    let folder = |path: &str| path.rsplit_once('/').map_or("", |parts| parts.0).to_string();
    let mut place = row.get(Field::Path).map(folder).unwrap_or_default();
    if is_numbered(place.rsplit('/').next().unwrap_or_default()) {
        place = folder(&place);
    }
    place
}

/// Whether a folder has a camera's number, as in `101GOPRO` or `100_0501`: three digits from 100 on, and five
/// letters, digits or underscores (DCF 2.0, CP-3461B, on directory names). Eight digits are a date.
fn is_numbered(folder: &str) -> bool {
    let Some((number, rest)) = folder.split_at_checked(3).filter(|_| folder.len() == 8) else {
        return false;
    };
    number.bytes().all(|byte| byte.is_ascii_digit())
        && !number.starts_with('0')
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !rest.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
