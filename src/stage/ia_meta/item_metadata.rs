//! The metadata tags of a collection as an item at archive.org.

use std::collections::BTreeMap;

use super::facts::CollectionFacts;
use super::wish::TagOverride;
use crate::value::collection::{Collection, count_words};
use crate::value::human_format::grouped;
use crate::value::quality::Quality;

/// Tags and their values, in order.
pub type Tags = BTreeMap<String, Vec<String>>;
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The tags of the collection.
pub fn derive(
    collection: &Collection,
    facts: &CollectionFacts,
    into: &str,
    wishes: &[TagOverride],
) -> Tags {
    let user = &collection.user;
    let form = if collection.is_webp { ", WebP" } else { "" };
    let dates = facts.dates();
    let mut tags = Tags::new();
    let mut put = |tag: &str, values: Vec<String>| _ = tags.insert(tag.to_string(), values);
    put("title", vec![format!("Mapillary images by {user} ({}{form})", size(collection.quality))]);
    put("description", vec![description(collection, facts)]);
    put("subject", subjects(facts));
    put("creator", vec![user.clone()]);
    put("date", dates.iter().map(|(first, _)| first.clone()).collect());
    put("coverage", coverage(facts));
    put("licenseurl", vec!["https://creativecommons.org/licenses/by-sa/4.0/".to_string()]);
    put("source", vec![format!("https://www.mapillary.com/app/user/{user}")]);
    put("scanner", vec![format!("mapillary-pipes {VERSION}")]);
    // Items of these tools are found by this tag.
    put("mapillary_pipes", vec![VERSION.to_string()]);
    put("mediatype", vec!["data".to_string()]);
    put("collection", vec![into.to_string()]);
    wishes.iter().for_each(|wish| _ = tags.insert(wish.tag.clone(), Vec::new()));
    for wish in wishes.iter().filter(|wish| !wish.value.is_empty()) {
        tags.entry(wish.tag.clone()).or_default().push(wish.value.clone());
    }
    tags
}

fn size(quality: Quality) -> String {
    match quality {
        Quality::Original => "full size".to_string(),
        width => format!("{width} pixels wide"),
    }
}

fn description(collection: &Collection, facts: &CollectionFacts) -> String {
    let mut text = format!(
        "Street-level pictures of the Mapillary user '{}'. {} ({}{})",
        collection.user,
        count_words(facts.pictures),
        size(collection.quality),
        if collection.is_webp { ", converted to WebP" } else { "" },
    );
    if facts.sequences() > 0 {
        text += &format!(" of {} sequences", grouped(facts.sequences()));
    }
    if let Some((first, last)) = facts.dates() {
        text += &if first == last {
            format!(", taken on {first}")
        } else {
            format!(", taken from {first} to {last} on {} days", grouped(facts.days()))
        };
    }
    if facts.panoramas > 0 {
        text += &format!("; {} of them show 360 degrees", grouped(facts.panoramas));
    }
    text += ".";
    if facts.is_indexed {
        text += " They are packed in tars; beside each tar, TAR.jsonl has a row for each picture with its place in the \
                 tar and its SHA-256, so that one picture can be read by a range request, and TAR.sha256 is for \
                 sha256sum -c.";
    }
    text += " metadata.jsonl.gz has what Mapillary knew of each picture: time, place, direction, camera. Faces and \
             number plates were blurred by Mapillary. Licence: CC BY-SA 4.0; name the user and Mapillary.";
    text
}

fn subjects(facts: &CollectionFacts) -> Vec<String> {
    let all = ["mapillary", "street-level imagery", "street view", "geotagged photographs"];
    let round = (facts.panoramas > 0).then_some("360 degree photographs");
    all.into_iter().chain(round).map(String::from).collect()
}

/// Dates and area: the area is a DCMI box around all pictures with a position.
fn coverage(facts: &CollectionFacts) -> Vec<String> {
    let when = facts.dates().map(|(first, last)| format!("{first} - {last}"));
    let place = facts.bounds.map(|[west, south, east, north]| {
        format!(
            "northlimit={north:.5}; southlimit={south:.5}; westlimit={west:.5}; eastlimit={east:.5}"
        )
    });
    when.into_iter().chain(place).collect()
}
