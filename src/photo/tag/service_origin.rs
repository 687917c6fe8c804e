//! Whether a row shows that its picture comes from the service.

use crate::row::{Field, Row};

/// An id alone is no evidence, because other programs number their photos too. Columns that only the service or
/// `download` fills are evidence.
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

/// Ids of the service have 15 to 17 digits; the range leaves some margin.
fn is_service_id(id: &str) -> bool {
    (10..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}
