//! One row of the archive: the text of every field that the service would answer, and
//! what searches look at, parsed.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::value::geo::Position;

/// Fields of an image that are answered from the record. Links to pictures
/// are not among them: those are made anew for each answer.
pub const RECORDED_FIELDS: &[&str] = &[
    "altitude",
    "atomic_scale",
    "camera_parameters",
    "camera_type",
    "captured_at",
    "compass_angle",
    "computed_altitude",
    "computed_compass_angle",
    "computed_geometry",
    "computed_rotation",
    "created_at",
    "creator",
    "detections",
    "exif_orientation",
    "geometry",
    "height",
    "is_pano",
    "make",
    "merge_cc",
    "mesh",
    "model",
    "organization",
    "quality_score",
    "sequence",
    "sfm_cluster",
    "width",
];

/// What only a row of one detection has: the id of get-detections, or of gchoumos/mapillary.
pub const DETECTION_IDS: [&str; 2] = ["detection_id", "detections.id"];

/// The fields of a JSON object, each with its own text.
pub type Fields<'a> = BTreeMap<String, &'a RawValue>;

/// A row of the archive: an image, and what is said of its file.
#[derive(Debug)]
pub struct Record {
    pub id: String,
    /// A compact object of the recorded fields.
    pub text: String,
    /// Deleted from the service: listed in its sequence, and no longer an entity.
    pub is_gone: bool,
    pub path: Option<String>,
    pub quality: Option<String>,
}

/// What searches and tiles look at.
#[derive(Debug, Default, PartialEq)]
pub struct Facts {
    pub sequence: Option<String>,
    /// Milliseconds since 1970, UTC.
    pub captured_ms: Option<i64>,
    /// As recorded.
    pub place: Option<Position>,
    /// After structure from motion.
    pub computed: Option<Position>,
    pub compass_deg: Option<f64>,
    pub username: Option<String>,
    /// The id of the user.
    pub creator: Option<String>,
    pub organization: Option<String>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub is_pano: Option<bool>,
}

/// The fields of an object that this module has written.
pub fn fields_of(text: &str) -> Fields<'_> {
    serde_json::from_str(text).unwrap_or_default()
}

/// What an earlier and a later row say of an image, the later one's word last. `user` made it if neither names a creator.
pub fn merged(before: Option<&str>, later: &str, user: Option<&str>) -> String {
    let mut fields = before.map(fields_of).unwrap_or_default();
    fields.extend(fields_of(later));
    let creator = user.map(|user| format!("{{\"username\":{}}}", serde_json::json!(user)));
    let creator = creator.and_then(|text| RawValue::from_string(text).ok());
    if let Some(creator) = &creator {
        fields.entry("creator".to_owned()).or_insert(creator);
    }
    write(&fields)
}

impl Facts {
    /// # Errors
    /// A time or a place that cannot be read.
    pub fn read(text: &str) -> Result<Facts, String> {
        let fields = fields_of(text);
        let said = |key: &str| fields.get(key).and_then(|raw| self::text(raw));
        Ok(Facts {
            sequence: said("sequence"),
            captured_ms: captured_ms(&fields)?,
            place: place(&fields, "geometry")?,
            // What the service worked out, and got wrong, is no reason to do without the image.
            computed: place(&fields, "computed_geometry").unwrap_or_default(),
            compass_deg: said("compass_angle").and_then(|text| text.parse().ok()),
            username: inner(&fields, "creator", "username"),
            creator: inner(&fields, "creator", "id"),
            organization: inner(&fields, "organization", "id"),
            make: said("make"),
            model: said("model"),
            is_pano: said("is_pano").and_then(|text| text.parse().ok()),
        })
    }
}

/// A value one level down, such as `creator`, `username`.
fn inner(fields: &Fields, field: &str, key: &str) -> Option<String> {
    let object: Fields = serde_json::from_str(fields.get(field)?.get()).ok()?;
    object.get(key).and_then(|raw| text(raw))
}

/// A value one level down of an image's text.
pub fn text_in(object: &str, field: &str, key: &str) -> Option<String> {
    inner(&fields_of(object), field, key)
}

impl Record {
    /// Reads one row in its JSON form. `None` is a row that is no image: a
    /// sequence row, or the line that closes a metadata file. The error says
    /// what could not be read.
    pub fn read(row: &str) -> Result<Option<Record>, String> {
        let fields: Fields = serde_json::from_str(row).map_err(|e| e.to_string())?;
        let Some(id) = fields.get("id").and_then(|raw| text(raw)) else { return Ok(None) };
        let whole = fields.get("raw_json").copied().and_then(unfolded);
        let mut kept = recorded(&fields);
        if DETECTION_IDS.iter().any(|name| fields.contains_key(*name)) {
            // It is that of the detection.
            kept.remove("created_at");
        }
        if let Some(whole) = &whole {
            let answer: Fields =
                serde_json::from_str(whole).map_err(|e| format!("raw_json: {e}"))?;
            kept.extend(recorded(&answer));
        }
        let said = |key: &str| fields.get(key).and_then(|raw| text(raw));
        Ok(Some(Record {
            id,
            text: write(&kept),
            is_gone: said("error").is_some_and(|error| error.starts_with("gone")),
            path: said("path"),
            quality: said("quality"),
        }))
    }
}

/// The text of a value: a string without its quotes, anything else as it is
/// written. Null and the empty string are no value.
pub fn text(raw: &RawValue) -> Option<String> {
    match raw.get() {
        "null" | "\"\"" => None,
        quoted if quoted.starts_with('"') => serde_json::from_str(quoted).ok(),
        plain => Some(plain.to_owned()),
    }
}

/// `raw_json` is an object, or its text inside a string.
fn unfolded(raw: &RawValue) -> Option<String> {
    text(raw).filter(|text| text.starts_with('{'))
}

fn recorded<'a>(fields: &Fields<'a>) -> Fields<'a> {
    let known = |key: &str| RECORDED_FIELDS.contains(&key);
    let held = |raw: &RawValue| !matches!(raw.get(), "null" | "\"\"");
    fields
        .iter()
        .filter(|(key, raw)| known(key) && held(raw))
        .map(|(k, v)| (k.clone(), *v))
        .collect()
}

fn captured_ms(fields: &Fields) -> Result<Option<i64>, String> {
    let Some(text) = fields.get("captured_at").and_then(|raw| text(raw)) else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| format!("captured_at '{text}' is not a number of milliseconds"))
}

fn place(fields: &Fields, field: &str) -> Result<Option<Position>, String> {
    let Some(raw) = fields.get(field) else { return Ok(None) };
    let unreadable = || format!("{field} '{}' is not a point of longitude and latitude", raw.get());
    let object: Fields = serde_json::from_str(raw.get()).map_err(|_| unreadable())?;
    let pair = object.get("coordinates").ok_or_else(unreadable)?;
    let pair: Vec<f64> = serde_json::from_str(pair.get()).map_err(|_| unreadable())?;
    match pair[..] {
        [lon_deg, lat_deg, ..] => {
            Position::new(lon_deg, lat_deg).map(Some).map_err(|e| e.to_string())
        }
        _ => Err(unreadable()),
    }
}

/// An object of these fields, compact, every value with its own digits.
fn write(fields: &Fields) -> String {
    let pairs: Vec<String> =
        fields.iter().map(|(key, raw)| format!("\"{key}\":{}", compact(raw.get()))).collect();
    format!("{{{}}}", pairs.join(","))
}

/// The same JSON without blanks outside strings. Parsing and writing it again
/// would change the digits of numbers.
fn compact(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let keep = |c: &char| {
        let blank = !quoted && c.is_ascii_whitespace();
        let quote = *c == '"' && !escaped;
        escaped = quoted && *c == '\\' && !escaped;
        quoted ^= quote;
        !blank
    };
    json.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(row: &str) -> Record {
        Record::read(row).expect("readable").expect("an image")
    }

    fn read(row: &str) -> Result<Option<Facts>, String> {
        Record::read(row)?.map(|record| Facts::read(&record.text)).transpose()
    }

    #[test]
    fn numbers_keep_their_digits_and_blanks_go() {
        let image = image(r#"{"merge_cc": 4.546427159383e+18, "make": "a \" b", "id": "7"}"#);
        assert_eq!(image.text, r#"{"make":"a \" b","merge_cc":4.546427159383e+18}"#);
    }

    #[test]
    fn an_id_written_as_a_number_is_read_with_all_digits() {
        assert_eq!(image(r#"{"id": 10123456789012345678}"#).id, "10123456789012345678");
    }

    #[test]
    fn the_closing_line_and_a_sequence_row_are_no_images() {
        assert!(Record::read(r#"{"__complete__": true}"#).expect("readable").is_none());
        assert!(Record::read(r#"{"sequence":"abc"}"#).expect("readable").is_none());
    }

    #[test]
    fn null_empty_and_foreign_values_are_left_out() {
        let image =
            image(r#"{"id":"1","make":"","model":null,"thumb_256_url":"http://x","mood":"blue"}"#);
        assert_eq!(image.text, "{}");
    }

    #[test]
    fn the_whole_answer_goes_before_the_row() {
        let image =
            image(r#"{"id":"1","altitude":3,"raw_json":"{\"altitude\":3.000,\"width\":5}"}"#);
        assert_eq!(image.text, r#"{"altitude":3.000,"width":5}"#);
    }

    #[test]
    fn a_time_or_place_that_cannot_be_read_is_an_error() {
        for row in [
            r#"{"id":"1","captured_at":"yesterday"}"#,
            r#"{"id":"1","geometry":{"type":"Point","coordinates":[1]}}"#,
            r#"{"id":"1","geometry":{"type":"Point","coordinates":[1,91]}}"#,
            r#"{"id":"1","geometry":"here"}"#,
            r#"{"id":"1""#,
        ] {
            assert!(read(row).is_err(), "{row}");
        }
    }

    const FULL: &str = r#"{"id":"1","captured_at": 5,"geometry":{"type":"Point","coordinates":[1.5,2.5]},"make":"a\u00e9\"","raw_json":"{\"width\":5}"}"#;

    #[test]
    fn a_row_cut_anywhere_is_an_error() {
        assert!(read(FULL).is_ok());
        for end in 0..FULL.len() {
            assert!(read(&FULL[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_mutated_row_is_an_error_or_can_be_answered() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let mut bytes = FULL.as_bytes().to_vec();
            for _ in 0..random.usize(1..5) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(32..127);
            }
            let text = String::from_utf8(bytes).expect("ASCII");
            if let Ok(Some(record)) = Record::read(&text) {
                let _ = (Facts::read(&record.text), merged(Some(&record.text), "{}", Some("a")));
            }
        }
    }

    #[test]
    fn a_later_row_adds_to_an_earlier_one() {
        let first = image(r#"{"id":"1","sequence":"s","altitude":3}"#).text;
        let later = image(r#"{"id":"1","altitude":4,"captured_at":5}"#).text;
        let both = merged(Some(&first), &later, None);
        assert_eq!(both, r#"{"altitude":4,"captured_at":5,"sequence":"s"}"#);
        let facts = Facts::read(&both).expect("facts");
        assert_eq!((facts.sequence.as_deref(), facts.captured_ms), (Some("s"), Some(5)));
    }

    #[test]
    fn a_user_of_the_folder_made_what_has_no_creator() {
        let named = merged(None, r#"{"make":"Acme"}"#, Some("a\"b"));
        assert_eq!(Facts::read(&named).expect("facts").username.as_deref(), Some("a\"b"));
        let real = r#"{"creator":{"username":"grace","id":"7"}}"#;
        for (before, later) in [(Some(&*named), real), (Some(real), "{}"), (None, real)] {
            let facts = Facts::read(&merged(before, later, Some("ada"))).expect("facts");
            assert_eq!(facts.username.as_deref(), Some("grace"), "{before:?} {later}");
        }
    }
}
