//! Which photos are of one camera, as far as their rows and folders tell.

use crate::row::{Field, Row};

/// Photos of one folder and one camera are of one hand. A camera that has filled a folder goes on in the next
/// one beside it, so such folders count as the one that they lie in.
pub fn camera_key(row: &Row) -> String {
    let part = |field| row.get(field).unwrap_or_default();
    [&folder_of(row), part(Field::Make), part(Field::Model)].join("\0")
}

/// The folder of a row's file; of one that a camera numbers, the folder that it lies in.
pub fn folder_of(row: &Row) -> String {
    let folder = |path: &str| path.rsplit_once('/').map_or("", |parts| parts.0).to_string();
    let mut place = row.get(Field::Path).map(folder).unwrap_or_default();
    if is_numbered(place.rsplit('/').next().unwrap_or_default()) {
        place = folder(&place);
    }
    place
}

/// Whether a folder has a camera's number, as in `101GOPRO` or `100_0501`: three digits from 100 on, and five
/// letters, digits or underscores (DCF 2.0, CP-3461B, on the names of directories). Eight digits are a date.
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
mod tests {
    use super::*;

    #[test]
    fn a_camera_that_begins_a_new_folder_is_still_the_same() {
        let key =
            |path: &str| camera_key(&Row::from_cells(&[(Field::Path, path), (Field::Model, "M")]));
        assert_eq!(key("card/DCIM/100GOPRO/a.jpg"), key("card/DCIM/101GOPRO/b.jpg"));
        assert_eq!(key("100_0501/a.jpg"), key("101_0502/b.jpg"));
        assert_ne!(key("left/DCIM/100GOPRO/a.jpg"), key("right/DCIM/100GOPRO/a.jpg"));
        for other in ["20240501", "20240502", "000GOPRO", "100GOPROS", "left", "10\u{e9}GOPR"] {
            assert_ne!(key(&format!("card/{other}/a.jpg")), key("card/101GOPRO/a.jpg"), "{other}");
        }
    }
}
