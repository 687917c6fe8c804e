//! The table of names: every known field, its spelling in CSV and JSON, its type, and its location in a Graph
//! API object.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Column, Columns};

/// How a value is written in JSON. In CSV every value is its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Text,
    /// A string even when it looks like a number: ids are longer than a double can hold.
    Id,
    /// A number whose original text is kept.
    Number,
    Bool,
    /// An array or an object, in a cell as compact JSON.
    Json,
}

/// The location of a field in a JSON row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonPlace {
    /// At the top level, under this key.
    Top(&'static str),
    /// In the object under the first key, under the second.
    In(&'static str, &'static str),
    /// In the GeoJSON point under this key: 0 is the longitude, 1 the latitude.
    Point(&'static str, usize),
}

/// The table entry of one field.
#[derive(Debug)]
pub struct FieldInfo {
    pub field: Field,
    /// The name in CSV.
    pub flat: &'static str,
    pub stand: JsonPlace,
    pub kind: Type,
    /// Further spellings that are accepted in CSV and JSON.
    pub others: &'static [&'static str],
    /// A short description for the help of tools that set the field.
    pub about: &'static str,
}

macro_rules! table {
    ($($field:ident $flat:literal $kind:ident $stand:expr, [$($other:literal),*], $about:literal;)*) => {
        /// A field that the tools know by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field { $(#[doc = $about] $field),* }

        /// Every known field, in the order of [`Field`].
        pub static TABLE: &[FieldInfo] = &[$(FieldInfo {
            field: Field::$field, flat: $flat, stand: $stand, kind: Type::$kind,
            others: &[$($other),*], about: $about,
        }),*];
    };
}

use JsonPlace::{In, Point, Top};

table! {
    OrgId "org_id" Id In("organization", "id"), ["organization_id"], "organization that the picture belongs to";
    SeqId "seq_id" Id Top("sequence"), ["sequence_id"], "sequence of the picture";
    ImgId "img_id" Id Top("id"), ["image_id"], "the picture";
    CreatorId "creator_id" Id In("creator", "id"), [], "user who uploaded it";
    CreatorUsername "creator_username" Text In("creator", "username"), [], "that user's name";
    CapturedAt "captured_at" Number Top("captured_at"), [], "instant of capture, ms since 1970 UTC";
    Lon "lon" Number Point("geometry", 0), ["longitude", "lng"], "longitude as recorded, degrees";
    Lat "lat" Number Point("geometry", 1), ["latitude"], "latitude as recorded, degrees";
    ComputedLon "computed_lon" Number Point("computed_geometry", 0), ["computed_longitude"], "longitude after structure from motion";
    ComputedLat "computed_lat" Number Point("computed_geometry", 1), ["computed_latitude"], "latitude after structure from motion";
    Altitude "altitude" Number Top("altitude"), [], "height above sea level as recorded, m";
    ComputedAltitude "computed_altitude" Number Top("computed_altitude"), [], "height after structure from motion, m";
    CompassAngle "compass_angle" Number Top("compass_angle"), [], "direction of view, degrees clockwise from true north";
    ComputedCompassAngle "computed_compass_angle" Number Top("computed_compass_angle"), [], "direction of view after structure from motion";
    CameraType "camera_type" Text Top("camera_type"), [], "perspective, fisheye, equirectangular or spherical";
    CameraParameters "camera_parameters" Json Top("camera_parameters"), [], "focal length and distortion [focal, k1, k2]";
    IsPano "is_pano" Bool Top("is_pano"), [], "whether it is a 360 degree picture";
    Make "make" Text Top("make"), [], "maker of the camera";
    Model "model" Text Top("model"), [], "model of the camera";
    ExifOrientation "exif_orientation" Number Top("exif_orientation"), [], "orientation tag of the upload, 1 to 8";
    Width "width" Number Top("width"), [], "width of the upload, pixels";
    Height "height" Number Top("height"), [], "height of the upload, pixels";
    QualityScore "quality_score" Number Top("quality_score"), [], "the service's guess of quality, 0 to 1";
    AtomicScale "atomic_scale" Number Top("atomic_scale"), [], "scale of the reconstruction";
    ComputedRotation "computed_rotation" Json Top("computed_rotation"), [], "rotation as an axis times its angle, radians";
    MergeCc "merge_cc" Number Top("merge_cc"), [], "connected component of the reconstruction";
    Mesh "mesh" Json Top("mesh"), [], "mesh of the reconstruction: id and link";
    SfmCluster "sfm_cluster" Json Top("sfm_cluster"), [], "cluster of the reconstruction: id and link";
    Detections "detections" Json Top("detections"), [], "objects found in the picture";
    Thumb256Url "thumb_256_url" Text Top("thumb_256_url"), [], "signed link to 256 pixels of width";
    Thumb1024Url "thumb_1024_url" Text Top("thumb_1024_url"), [], "signed link to 1024 pixels of width";
    Thumb2048Url "thumb_2048_url" Text Top("thumb_2048_url"), [], "signed link to 2048 pixels of width";
    ThumbOriginalUrl "thumb_original_url" Text Top("thumb_original_url"), [], "signed link to the full size";
    RawJson "raw_json" Json Top("raw_json"), [], "the service's whole answer";
    FirstCapturedAt "first_captured_at" Number Top("first_captured_at"), [], "earliest capture seen in the sequence, ms since 1970 UTC";
    ImageCount "image_count" Number Top("image_count"), [], "pictures of the sequence seen in the area, or of the collection";
    SampleImgId "sample_img_id" Id Top("sample_img_id"), [], "one picture of the sequence";
    Path "path" Text Top("path"), [], "file on disk";
    Quality "quality" Text Top("quality"), [], "which picture this is: 256, 1024, 2048 or original";
    Bytes "bytes" Number Top("bytes"), [], "size of the file";
    Sha256 "sha256" Text Top("sha256"), [], "digest of the file";
    Archive "archive" Text Top("archive"), [], "tar that holds the picture";
    Member "member" Text Top("member"), [], "its name in that tar";
    Offset "offset" Number Top("offset"), [], "where its bytes begin in that tar";
    Collection "collection" Text Top("collection"), ["identifier"], "collection that the picture belongs to: mapillary-USER-QUALITY";
    TakenAt "taken_at" Text Top("taken_at"), [], "the camera's clock, local, without a zone";
    TimeBy "time_by" Text Top("time_by"), [], "what tells taken_at: original, digitized, xmp, sidecar, modified, name or given";
    Zone "zone" Text Top("zone"), [], "zone of the camera's clock";
    SpeedKmh "speed_kmh" Number Top("speed_kmh"), [], "speed of travel, km/h";
    TrackDeg "track_deg" Number Top("track_deg"), [], "direction of travel, degrees clockwise from true north";
    Hdop "hdop" Number Top("hdop"), [], "horizontal dilution of precision of the fix";
    PositionBy "position_by" Text Top("position_by"), [], "how the position was found";
    DirectionBy "direction_by" Text Top("direction_by"), [], "how the direction was found";
    ZoneBy "zone_by" Text Top("zone_by"), [], "how the zone was found";
    CutBy "cut_by" Text Top("cut_by"), [], "why a sequence begins here";
    GapS "gap_s" Number Top("gap_s"), [], "seconds between the fixes around";
    GapM "gap_m" Number Top("gap_m"), [], "metres between the fixes around";
    Why "why" Text Top("why"), [], "why there is no value";
    Status "status" Text Top("status"), [], "the last tool's word: done, kept, held or planned";
    Error "error" Text Top("error"), [], "why the row failed";
}

impl Field {
    pub fn entry(self) -> &'static FieldInfo {
        &TABLE[self as usize]
    }

    /// The name in CSV.
    pub fn flat(self) -> &'static str {
        self.entry().flat
    }

    /// The field with this name, in any of its spellings.
    pub fn named(name: &str) -> Option<Field> {
        SPELLINGS.get(name).copied()
    }
}

/// The fields of an object or a point under this JSON key.
pub fn parts(key: &str) -> Option<&'static [Field]> {
    match key {
        "organization" => Some(&[Field::OrgId]),
        "creator" => Some(&[Field::CreatorId, Field::CreatorUsername]),
        "geometry" => Some(&[Field::Lon, Field::Lat]),
        "computed_geometry" => Some(&[Field::ComputedLon, Field::ComputedLat]),
        _ => None,
    }
}

/// The one of these names that was probably meant.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance =
        |other: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
    let (distance, other) =
        names.into_iter().map(|other| (distance(other), other)).min_by_key(|(far, _)| *far)?;
    (distance <= 2.max(name.chars().count() / 3)).then_some(other)
}

/// The message for a column that does not exist, with a suggestion if a similar one does.
pub fn unknown_column(column: &Column, there: &Columns) -> String {
    let table = TABLE.iter().flat_map(|entry| entry.others.iter().copied().chain([entry.flat]));
    let names = there.list().iter().map(|column| &*column.name).chain(table);
    let meant = nearest(&column.name, names);
    let meant = meant.map(|name| format!(": did you mean '{name}'?")).unwrap_or_default();
    format!("neither the input nor the table of names has a column '{}'{meant}", column.name)
}

static SPELLINGS: LazyLock<HashMap<&'static str, Field>> = LazyLock::new(|| {
    let spellings = |entry: &'static FieldInfo| {
        let top = match entry.stand {
            Top(key) => Some(key),
            In(..) | Point(..) => None,
        };
        entry.others.iter().copied().chain([entry.flat]).chain(top).map(|name| (name, entry.field))
    };
    TABLE.iter().flat_map(spellings).collect()
});

#[cfg(test)]
mod tests;
