//! One picture as an asset: link, time, direction and camera.

use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::href::relative;
use crate::row::column_type::position;
use crate::row::{Field, Row, WrongValue};
use crate::value::geo::{Position, normal_deg};
use crate::value::instant::format_instant;

/// An asset, and the data that its item needs.
pub struct Asset {
    pub id: String,
    pub captured_ms: i64,
    pub position: Option<Position>,
    pub creator: Option<String>,
    pub has_view: bool,
    pub has_camera: bool,
    pub json: Map<String, Value>,
}

/// Why a row cannot be in the collection.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    #[error("'{0}' in column 'seq_id' cannot be the name of a folder")]
    Name(String),
    #[error(transparent)]
    Value(#[from] WrongValue),
    #[error("cannot make a link to '{file}': {error}")]
    Place { file: String, error: io::Error },
}

impl Asset {
    /// `folder` is the folder of its item.
    ///
    /// # Errors
    /// If a value is unreadable.
    pub fn new(row: &Row, folder: &Path) -> Result<Asset, AssetError> {
        let captured_ms = row.instant_ms(Field::CapturedAt)?.unwrap_or_default();
        let time = format_instant(captured_ms);
        let time = time.ok_or_else(|| row.wrong(Field::CapturedAt, "an instant"))?;
        let position = position(row)?;
        let mut asset = place(row, folder)?;
        asset.insert("datetime".into(), time.into());
        let azimuth = match row.number(Field::CompassAngle)? {
            Some(angle) => Some(angle),
            None => row.number(Field::ComputedCompassAngle)?,
        };
        if let Some(azimuth) = azimuth {
            asset.insert("view:azimuth".into(), json!(normal_deg(azimuth)));
        }
        let camera = camera(row)?;
        let has_camera = !camera.is_empty();
        asset.extend(camera);
        Ok(Asset {
            id: row.get(Field::ImgId).unwrap_or_default().to_string(),
            captured_ms,
            position,
            creator: row.get(Field::CreatorUsername).map(String::from),
            has_view: azimuth.is_some(),
            has_camera,
            json: asset,
        })
    }
}

/// The link to the picture: a file, a tar that contains it, or its page.
fn place(row: &Row, folder: &Path) -> Result<Map<String, Value>, AssetError> {
    let mut asset = Map::new();
    let file = row.get(Field::Path).or(row.get(Field::Archive));
    let (href, kind, role) = match file {
        Some(file) => {
            let href = relative(folder, Path::new(file));
            let href = href.map_err(|error| AssetError::Place { file: file.to_string(), error })?;
            (href, media_type(file), "data")
        }
        None => (page(row), "text/html", "overview"),
    };
    asset.insert("href".into(), href.into());
    asset.insert("type".into(), kind.into());
    asset.insert("roles".into(), json!([role]));
    if row.get(Field::Path).is_none() && file.is_some() {
        asset.insert("mapillary:member".into(), row.get(Field::Member).into());
        asset.insert("mapillary:offset".into(), json!(row.integer(Field::Offset)?));
    }
    Ok(asset)
}

/// The picture's page on the service.
fn page(row: &Row) -> String {
    format!("https://www.mapillary.com/app/?pKey={}", row.get(Field::ImgId).unwrap_or_default())
}

fn media_type(file: &str) -> &'static str {
    let ending = Path::new(file).extension().unwrap_or_default().to_ascii_lowercase();
    match ending.to_str() {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("png") => "image/png",
        Some("heic" | "heif") => "image/heic",
        Some("tif" | "tiff") => "image/tiff",
        Some("tar") => "application/x-tar",
        _ => "application/octet-stream",
    }
}

/// The applicable fields of the perspective imagery extension: the position after structure from motion, and the
/// camera. The rotation does not fit, because it is in the local system of the reconstruction, and the distortion has
/// no unit of length.
fn camera(row: &Row) -> Result<Map<String, Value>, WrongValue> {
    let mut fields = Map::new();
    let computed = (row.number(Field::ComputedLon)?, row.number(Field::ComputedLat)?);
    if let (Some(lon), Some(lat)) = computed
        && Position::new(lon, lat).is_ok()
    {
        fields.insert("pers:perspective_center".into(), json!([lon, lat]));
        fields.insert("pers:crs".into(), json!(4326));
    }
    let mut inside = Map::new();
    for (field, name) in [(Field::Make, "camera_manufacturer"), (Field::Model, "camera_model")] {
        row.get(field).into_iter().for_each(|text| _ = inside.insert(name.into(), text.into()));
    }
    if let (Some(width), Some(height)) = (row.integer(Field::Width)?, row.integer(Field::Height)?) {
        inside.insert("sensor_array_dimensions".into(), json!([width, height]));
        if let Some(view_deg) = field_of_view(row, width as f64, height as f64) {
            inside.insert("field_of_view".into(), json!(view_deg));
        }
    }
    if !inside.is_empty() {
        fields.insert("pers:interior_orientation".into(), Value::Object(inside));
    }
    Ok(fields)
}

/// The horizontal field of view in degrees, for a perspective camera. Its focal length is relative to the longer
/// side.
fn field_of_view(row: &Row, width: f64, height: f64) -> Option<f64> {
    let is_flat = row.get(Field::CameraType) == Some("perspective");
    let focal = row.get(Field::CameraParameters).filter(|_| is_flat)?;
    let focal = serde_json::from_str::<Vec<f64>>(focal).ok()?.first().copied()?;
    let view_deg = 2.0 * (width / width.max(height) / 2.0 / focal).atan().to_degrees();
    (focal > 0.0 && view_deg.is_finite()).then(|| (view_deg * 1e4).round() / 1e4)
}
