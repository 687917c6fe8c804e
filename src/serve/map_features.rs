//! `/map_features` of an archive: the map features in its rows.

use std::io;

use serde_json::Value;
use serde_json::value::RawValue;

use super::Site;
use super::answer::{Answer, Refusal};
use super::index::{Index, StoredFeature};
use super::map_feature_row::FIELDS;
use super::object;
use super::record::{self, JsonFields, text};
use super::route::{self, Query};
use super::selectors;
use crate::value::glob;

/// `/map_features`: the features in a box, filtered by kind and time, on one page.
pub fn search(site: &Site, index: &Index, query: &Query) -> Result<Answer, Refusal> {
    let bounds = selectors::bounds(query, site.strict_box)?;
    let bounds = bounds.ok_or_else(|| Refusal::parameter("The parameter bbox is required"))?;
    let wanted = Wanted::from_query(query)?;
    let (limit, fields) = (selectors::limit(query)?, route::fields(query));
    let found = index.features_within(bounds, site.density_limit)?;
    let mut objects = Vec::new();
    for stored in found.ok_or_else(Refusal::too_much)? {
        let held = record::fields_of(&stored.text);
        if wanted.takes(&held) && objects.len() < limit {
            objects.push(written(index, &stored.id, &held, fields.as_deref())?);
        }
    }
    Ok(Answer::json(format!("{{\"data\":[{}]}}", objects.join(","))))
}

/// A map feature with the requested fields.
pub fn entity(
    index: &Index,
    stored: &StoredFeature,
    fields: Option<&[String]>,
) -> Result<String, Refusal> {
    written(index, &stored.id, &record::fields_of(&stored.text), fields)
}

fn written(
    index: &Index,
    id: &str,
    held: &JsonFields,
    fields: Option<&[String]>,
) -> Result<String, Refusal> {
    object::write(id, fields, |field| match held.get(field) {
        Some(raw) if field == "images" => Ok(Some(with_places(index, raw)?)),
        Some(raw) => Ok(Some(raw.get().to_owned())),
        None if field == "images" => Ok(None),
        None => object::known(field, &FIELDS, "MapFeature"),
    })
}

/// The images of a feature; those in the archive with their positions, as the service returns them.
fn with_places(index: &Index, list: &RawValue) -> io::Result<String> {
    let mut list: Value = serde_json::from_str(list.get()).unwrap_or_default();
    let images = list.get_mut("data").and_then(Value::as_array_mut);
    for image in images.into_iter().flatten() {
        let Some(id) = image.get("id").and_then(Value::as_str) else { continue };
        let Some(found) = index.present(id)?.filter(|_| image.get("geometry").is_none()) else {
            continue;
        };
        let text = index.fields_text(&found)?;
        if let Some(geometry) = record::fields_of(&text).get("geometry") {
            image["geometry"] = serde_json::from_str(geometry.get()).unwrap_or_default();
        }
    }
    Ok(list.to_string())
}

/// The filters of a search within its box.
struct Wanted {
    values: Option<Vec<String>>,
    /// Field, earliest and latest time in milliseconds.
    times: [(&'static str, Option<i64>, Option<i64>); 2],
}

impl Wanted {
    fn from_query(query: &Query) -> Result<Wanted, Refusal> {
        let instant = |key: &str| selectors::instant_ms(query, key);
        let values = query.list("object_values");
        let first = (instant("start_first_seen_at")?, instant("end_first_seen_at")?);
        let last = (instant("start_last_seen_at")?, instant("end_last_seen_at")?);
        Ok(Wanted {
            values: values.map(|list| list.into_iter().map(str::to_owned).collect()),
            times: [("first_seen_at", first.0, first.1), ("last_seen_at", last.0, last.1)],
        })
    }

    fn takes(&self, held: &JsonFields) -> bool {
        let said = |name: &str| held.get(name).and_then(|raw| text(raw));
        let value = said("object_value").unwrap_or_default();
        let is_value = |pattern: &String| glob::is_match(pattern, &value);
        self.values.as_ref().is_none_or(|values| values.iter().any(is_value))
            && self.times.iter().all(|(field, from, to)| {
                let seen = || said(field).and_then(|text| selectors::read_instant_ms(&text));
                from.is_none_or(|from| seen().is_some_and(|ms| ms >= from))
                    && to.is_none_or(|to| seen().is_some_and(|ms| ms <= to))
            })
    }
}
