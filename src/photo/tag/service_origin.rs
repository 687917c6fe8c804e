//! Whether a row shows that its picture is one of the service's.

use crate::row::{Field, Row};

/// An id alone is no sign: rows of other programs number their photos too. What
/// only the service knows, or download writes, is one.
pub fn is_of_service(row: &Row) -> bool {
    const SIGNS: [Field; 8] = [
        Field::CreatorUsername,
        Field::CreatorId,
        Field::Thumb256Url,
        Field::Thumb1024Url,
        Field::Thumb2048Url,
        Field::ThumbOriginalUrl,
        Field::RawJson,
        Field::Quality,
    ];
    let img_id = row.get(Field::ImgId).map(str::trim).unwrap_or_default();
    is_service_id(img_id) && SIGNS.iter().any(|&field| row.get(field).is_some())
}

/// Ids of the service have 15 to 17 digits; some room is left on both sides.
fn is_service_id(id: &str) -> bool {
    (10..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}
