//! Uploads one sequence to an instance of Panoramax: an upload set, which is recorded in the journal, and its photos,
//! each recorded once the instance has it. A photo that is sent again after a lost response is recognized there by
//! its MD5.

use std::collections::{HashMap, HashSet};

use crate::format::description::Description;
use crate::service::Client;
use crate::service::upload::panoramax::Added;
use crate::shape::Diagnostics;

use super::error::Error;
use super::journal::{Journal, now_ms};
use super::outgoing_photo::{Item, Photo};
use super::prepared::Prepared;
use super::survey::Survey;

/// The journal key of the set.
const SET: &str = "upload set";

/// An upload set that photos are added to.
pub struct Set<'a> {
    pub id: String,
    client: &'a Client,
    journal: &'a Journal,
    names: Vec<String>,
}

impl<'a> Set<'a> {
    /// Resumes the set of an earlier run, or creates a new one.
    pub fn begin(
        client: &'a Client,
        journal: &'a Journal,
        items: &[Item],
    ) -> Result<Set<'a>, Error> {
        let id = match journal.handle(SET) {
            Some(id) => id.to_owned(),
            None => {
                let id = client.begin_upload_set(&title(items), items.len())?;
                journal.note(SET, &id, now_ms())?;
                id
            }
        };
        Ok(Set { id, client, journal, names: names(items) })
    }

    /// Adds the photo at this index of the sequence, as it is on disk, together with the values of its row. If an app
    /// has described the photo, the clean description replaces that one, because old apps wrote the e-mail address of
    /// their user into it.
    pub fn add(
        &self,
        at: usize,
        item: &Item,
        known: &Survey,
        notes: &dyn Diagnostics,
    ) -> Result<Photo, Error> {
        let (key, prepared) = if known.is_described {
            (&known.md5, Prepared::photo(item, known)?)
        } else {
            (&known.original_md5, Prepared::original(item, known)?)
        };
        let bytes = prepared.content.len();
        let handle = match self.journal.handle(key) {
            Some(handle) => handle.to_owned(),
            None => {
                let fields = fields(&item.description);
                let added = self.client.add_to_upload_set(
                    &self.id,
                    &self.names[at],
                    &prepared.content,
                    &fields,
                )?;
                prepared.check()?;
                let handle = match added {
                    Added::New(id) | Added::Here(id) => id,
                    Added::Elsewhere(id) => {
                        notes.count("there from an earlier upload", 1);
                        id
                    }
                };
                self.journal.note(key, &handle, now_ms())?;
                notes.count("bytes sent", bytes);
                handle
            }
        };
        Ok(Photo { handle, md5: key.clone(), bytes })
    }
}

/// The capture time as title: titles are public, and a folder may have a private name.
fn title(items: &[Item]) -> String {
    let ms = items.iter().filter_map(|item| item.description.captured_ms).min();
    let time = ms.and_then(chrono::DateTime::from_timestamp_millis);
    time.map_or("Sequence".into(), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// The names of the files, without their folders. A set identifies files by name, so each name is used once; and it
/// only accepts names with this extension.
fn names(items: &[Item]) -> Vec<String> {
    let name = |item: &Item| {
        let stem = item.path.file_stem().unwrap_or_default().to_string_lossy();
        format!("{stem}.jpg")
    };
    let mut count: HashMap<String, usize> = HashMap::new();
    items.iter().for_each(|item| *count.entry(name(item).to_lowercase()).or_default() += 1);
    let is_shared = |name: &String| count[&name.to_lowercase()] > 1;
    let mut used: HashSet<String> = items
        .iter()
        .map(name)
        .filter(|name| !is_shared(name))
        .map(|name| name.to_lowercase())
        .collect();
    let numbered = |(at, item): (usize, &Item)| {
        let mut name = name(item);
        if is_shared(&name) {
            name = format!("{at}-{name}");
            while !used.insert(name.to_lowercase()) {
                name = format!("{at}-{name}");
            }
        }
        name
    };
    items.iter().enumerate().map(numbered).collect()
}

/// The values of the row, which override those of the file.
fn fields(said: &Description) -> Vec<(&'static str, String)> {
    let mut fields = vec![("isBlurred", "false".to_owned())];
    let mut set = |name, value: Option<String>| fields.extend(value.map(|value| (name, value)));
    let time = said.captured_ms.and_then(chrono::DateTime::from_timestamp_millis);
    let iso = |time: chrono::DateTime<chrono::Utc>| {
        time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    };
    set("override_capture_time", time.map(iso));
    set("override_longitude", said.lon_deg.map(|deg| format!("{deg:.7}")));
    set("override_latitude", said.lat_deg.map(|deg| format!("{deg:.7}")));
    let heading_deg = said.heading.map(|heading| heading.true_deg);
    set("override_Exif.GPSInfo.GPSImgDirection", heading_deg.map(|deg| rational(deg, 100)));
    set("override_Exif.GPSInfo.GPSImgDirectionRef", heading_deg.map(|_| "T".to_owned()));
    set("override_Exif.GPSInfo.GPSAltitude", said.altitude_m.map(|m| rational(m.abs(), 1000)));
    let below = |m: f64| if m < 0.0 { "1" } else { "0" }.to_owned();
    set("override_Exif.GPSInfo.GPSAltitudeRef", said.altitude_m.map(below));
    fields
}

fn rational(number: f64, of: u32) -> String {
    format!("{:.0}/{of}", number * f64::from(of))
}

#[cfg(test)]
mod tests;
