//! What is said of a collection, as tags of an item at archive.org; and the files that hold them,
//! `.meta/TAG/NUMBER`, one for each value, as the uploader `rip` reads them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::str::FromStr;

use super::facts::CollectionFacts;
use super::write::Writes;
use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};
use crate::shape::RowError;
use crate::value::collection::{Collection, count_words};
use crate::value::human_format::grouped;
use crate::value::quality::Quality;

/// Tags and their values, in order.
pub type Tags = BTreeMap<String, Vec<String>>;

const FOLDER: &str = ".meta";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Tags that are written; one that has no value now loses its files.
const OWN: [&str; 12] = [
    "collection",
    "coverage",
    "creator",
    "date",
    "description",
    "licenseurl",
    "mapillary_pipes",
    "mediatype",
    "scanner",
    "source",
    "subject",
    "title",
];

/// One value of a tag that the user wants: `TAG:VALUE`; without a value, the tag is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    tag: String,
    value: String,
}

/// A text that is no tag with its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not TAG:VALUE, such as subject:Kiel")]
pub struct NoTag(String);

impl FromStr for Wish {
    type Err = NoTag;

    fn from_str(text: &str) -> Result<Wish, NoTag> {
        let wrong = || NoTag(text.to_string());
        let (tag, value) = text.split_once(':').ok_or_else(wrong)?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if !tag.is_empty() && !tag.starts_with('.') && tag.bytes().all(fits) {
            Ok(Wish { tag: tag.to_string(), value: value.trim().to_string() })
        } else {
            Err(wrong())
        }
    }
}

/// What is to be said of the collection.
pub fn derive(
    collection: &Collection,
    facts: &CollectionFacts,
    into: &str,
    wishes: &[Wish],
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
    // By this the items of these tools are found.
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

/// When, and where: the box as DCMI writes one, which bounds all pictures that have a place.
fn coverage(facts: &CollectionFacts) -> Vec<String> {
    let when = facts.dates().map(|(first, last)| format!("{first} - {last}"));
    let place = facts.bounds.map(|[west, south, east, north]| {
        format!(
            "northlimit={north:.5}; southlimit={south:.5}; westlimit={west:.5}; eastlimit={east:.5}"
        )
    });
    when.into_iter().chain(place).collect()
}

/// Writes the files of these tags, and takes those away that are no more. Tags of others stay.
pub fn write(folder: &Path, tags: &Tags, writes: &mut Writes) -> Result<(), RowError> {
    let meta = folder.join(FOLDER);
    let none = Vec::new();
    let given = tags.keys().map(String::as_str);
    for tag in OWN.into_iter().chain(given.filter(|tag| !OWN.contains(tag))) {
        let values = tags.get(tag).unwrap_or(&none);
        for (at, value) in values.iter().enumerate() {
            writes.put(&meta.join(tag).join(at.to_string()), value.as_bytes())?;
        }
        for at in numbers(&meta.join(tag))?.into_iter().filter(|&at| at >= values.len()) {
            writes.remove(&meta.join(tag).join(at.to_string()))?;
        }
    }
    Ok(())
}

/// All tags that the folder has, whoever wrote them.
pub fn read(folder: &Path) -> Result<Tags, RowError> {
    let meta = folder.join(FOLDER);
    let wrong = |error| PathError::new(Action::Read, &meta, error);
    let mut tags = Tags::new();
    let entries = match fs::read_dir(&meta) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(tags),
        entries => entries.map_err(wrong)?,
    };
    for entry in entries {
        let path = entry.map_err(wrong)?.path();
        let Some(tag) = path.file_name().and_then(|name| name.to_str()).map(String::from) else {
            continue;
        };
        let mut values = Vec::new();
        for at in numbers(&path)? {
            let value = open::text(path.join(at.to_string())).map_err(wrong)?;
            values.push(value.trim_end_matches('\n').to_string());
        }
        values.retain(|value| !value.is_empty());
        if !values.is_empty() {
            tags.insert(tag, values);
        }
    }
    Ok(tags)
}

/// The numbers of the files of a tag, in order.
fn numbers(folder: &Path) -> Result<Vec<usize>, RowError> {
    let mut numbers = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(numbers) };
    for entry in entries {
        let entry = entry.at_path(Action::Read, folder)?;
        numbers.extend(entry.file_name().to_str().and_then(|name| name.parse::<usize>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}
