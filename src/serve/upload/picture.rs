//! One received picture: whether it is complete, and its row.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::disk::open;
use crate::format::completeness::Whole;
use crate::format::description::{self, Description};
use crate::format::picture::PictureFormat;
use crate::photo::camera::{Camera, Photo};
use crate::value::geo::{Position, normal_deg};
use crate::value::height_validity::Heights;

/// A picture that can be added to the archive.
#[derive(Debug)]
pub struct Picture {
    /// The file with its bytes.
    pub file: PathBuf,
    pub digest: [u8; 32],
    /// The fields the service would return, except those of its sequence.
    pub fields: Map<String, Value>,
}

/// Why a picture is refused.
#[derive(Debug, thiserror::Error)]
pub enum PictureFault {
    #[error("it cannot be read: {0}")]
    Disk(#[from] io::Error),
    #[error("it is damaged: {0}")]
    Damaged(String),
    #[error("it is no JPEG")]
    NoJpeg,
    #[error("its description cannot be read: {0}")]
    Description(String),
    #[error("it has no position")]
    NoPosition,
    #[error("its position is none: {0}")]
    Position(String),
    #[error("it has no time")]
    NoTime,
}

impl Picture {
    /// Reads it, and waits until it is synced to disk.
    pub fn read(file: &Path) -> Result<Picture, PictureFault> {
        let digest = digest(file)?;
        let photo = Photo::new(open::file(file)?)
            .map_err(|what| PictureFault::Damaged(what.to_string()))?;
        if photo.picture.kind != PictureFormat::Jpeg {
            return Err(PictureFault::NoJpeg);
        }
        let text = photo.facts.exif.description.as_deref().unwrap_or_default();
        let read = description::read(text).unwrap_or_default();
        if !read.unread.is_empty() {
            let unread: Vec<String> = read.unread.iter().map(ToString::to_string).collect();
            return Err(PictureFault::Description(unread.join("; ")));
        }
        let camera = Camera::from_facts(&photo.facts, None, Heights::default());
        let fields = fields(&read.description, &camera)?;
        Ok(Picture { file: file.to_path_buf(), digest, fields })
    }
}

/// The digest of a picture that is complete, and by now synced to disk.
fn digest(file: &Path) -> Result<[u8; 32], PictureFault> {
    let mut from = open::file(file)?;
    let (mut whole, mut sum, mut part) = (Whole::default(), Sha256::new(), vec![0; 128 * 1024]);
    loop {
        match from.read(&mut part)? {
            0 => break,
            n => {
                whole.push(&part[..n]);
                sum.update(&part[..n]);
            }
        }
    }
    match whole.fault() {
        Some(why) => Err(PictureFault::Damaged(why)),
        None => {
            from.sync_all()?;
            Ok(sum.finalize().into())
        }
    }
}

/// Values of the description take precedence over those of the camera.
fn fields(described: &Description, camera: &Camera) -> Result<Map<String, Value>, PictureFault> {
    let place = match (described.lon_deg, described.lat_deg) {
        (Some(lon_deg), Some(lat_deg)) => Position::new(lon_deg, lat_deg)
            .map_err(|error| PictureFault::Position(error.to_string()))?,
        _ => camera.position.ok_or(PictureFault::NoPosition)?,
    };
    let captured_ms = described.captured_ms.or(camera.captured_ms).ok_or(PictureFault::NoTime)?;
    let heading_deg = described.heading.map(|heading| heading.true_deg);
    let heading_deg = heading_deg.or(camera.direction.map(|direction| direction.deg));
    let mut fields = Map::new();
    let mut set = |key: &str, value: Option<Value>| {
        fields.extend(value.map(|value| (key.to_owned(), value)));
    };
    let point = json!({"type": "Point", "coordinates": [place.lon_deg(), place.lat_deg()]});
    set("geometry", Some(point));
    set("captured_at", Some(json!(captured_ms)));
    set("altitude", described.altitude_m.or(camera.altitude_m).map(|m| json!(m)));
    set("compass_angle", heading_deg.map(|deg| json!(normal_deg(deg))));
    set("make", described.make.clone().or(camera.make.clone()).map(|text| json!(text)));
    set("model", described.model.clone().or(camera.model.clone()).map(|text| json!(text)));
    let orientation = described.orientation.or(camera.orientation);
    set("exif_orientation", Some(json!(orientation.unwrap_or(1))));
    set("width", camera.size.map(|(width, _)| json!(width)));
    set("height", camera.size.map(|(_, height)| json!(height)));
    set("is_pano", Some(json!(camera.is_pano)));
    let kind = if camera.is_pano { "spherical" } else { "perspective" };
    set("camera_type", Some(json!(kind)));
    set("quality", Some(json!("original")));
    Ok(fields)
}
