//! Entities of the Graph API: an image, a user, an organization, whoever asks.

use std::collections::HashSet;
use std::time::SystemTime;

use serde_json::json;

use super::Site;
use super::answer::{Answer, Refusal};
use super::record::{Image, RECORDED_FIELDS};
use super::route::{self, Query};
use crate::value::quality::Quality;

/// What is asked of the Graph API, apart from the path.
#[derive(Debug)]
pub struct Ask<'a> {
    pub query: &'a Query,
    /// As the client calls this server; links in the answer begin with it.
    pub origin: &'a str,
    pub now: SystemTime,
}

const USER_FIELDS: [&str; 2] = ["username", "id"];
const ORGANIZATION_FIELDS: [&str; 4] = ["slug", "name", "description", "id"];

/// `/{id}`
pub fn entity(site: &Site, ask: &Ask, id: &str) -> Result<Answer, Refusal> {
    let fields = route::fields(ask.query);
    Ok(Answer::json(object(site, ask, id, fields.as_deref())?))
}

/// `/?ids=`: one dead id fails the whole batch, unless the site is lenient.
pub fn entities(site: &Site, ask: &Ask) -> Result<Answer, Refusal> {
    let ids = ask.query.list("ids").filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| Refusal::parameter("The parameter ids is required"))?;
    let fields = route::fields(ask.query);
    let mut entries: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for id in ids.into_iter().filter(|id| seen.insert(*id)) {
        match object(site, ask, id, fields.as_deref()) {
            Ok(object) => entries.push(format!("{}:{object}", json!(id))),
            Err(dead) if dead.subcode == Some(33) && site.lenient_ids => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(Answer::json(format!("{{{}}}", entries.join(","))))
}

/// `/me`: there are no accounts, so whoever asks owns the archive.
pub fn me(site: &Site, ask: &Ask) -> Result<Answer, Refusal> {
    let (id, _) = site.archive.owner().ok_or_else(|| Refusal::no_such_object("me"))?;
    entity(site, ask, id)
}

/// `/{id}/detections`: the archive keeps none.
pub fn detections(site: &Site, id: &str) -> Result<Answer, Refusal> {
    site.archive.image(id).ok_or_else(|| Refusal::no_such_object(id))?;
    Ok(Answer::json("{\"data\":[]}".to_owned()))
}

/// `/{id}/tiles`: the archive has no pictures cut into tiles, and a viewer does without.
pub fn image_tiles(site: &Site, id: &str) -> Result<Answer, Refusal> {
    detections(site, id)
}

/// Links to files of the service that no archive holds: absent, since a page that follows them would ask outside hosts.
const NOT_HELD: [&str; 2] = ["mesh", "sfm_cluster"];

/// An image with the fields asked for, in that order, and its id at the end.
pub fn image(
    site: &Site,
    ask: &Ask,
    image: &Image,
    fields: Option<&[String]>,
) -> Result<String, Refusal> {
    let held = image.fields();
    write(&image.id, fields, |field| match Quality::of_field(field) {
        Some(quality) => {
            let offered = match site.held_sizes_only {
                true => site.pictures.picture(&image.id, quality).is_some(),
                false => site.pictures.offers(&image.id, quality),
            };
            Ok(offered.then(|| {
                json!(site.signer.link(ask.origin, &image.id, quality, ask.now)).to_string()
            }))
        }
        None if NOT_HELD.contains(&field) => Ok(None),
        None if RECORDED_FIELDS.contains(&field) => {
            Ok(held.get(field).map(|raw| raw.get().to_owned()))
        }
        None => Err(nonexisting(field, "Image")),
    })
}

fn object(site: &Site, ask: &Ask, id: &str, fields: Option<&[String]>) -> Result<String, Refusal> {
    if let Some(found) = site.archive.image(id) {
        return image(site, ask, found, fields);
    }
    if let Some(username) = site.archive.username(id) {
        return write(id, fields, |field| match field {
            "username" => Ok(Some(json!(username).to_string())),
            other => known(other, &USER_FIELDS, "User"),
        });
    }
    let mut of_organization = site.archive.of_organization(id);
    let one = of_organization.next().ok_or_else(|| Refusal::no_such_object(id))?;
    write(id, fields, |field| {
        known(field, &ORGANIZATION_FIELDS, "Organization")?;
        Ok(one.text_in("organization", field).map(|text| json!(text).to_string()))
    })
}

fn known(field: &str, fields: &[&str], kind: &str) -> Result<Option<String>, Refusal> {
    if fields.contains(&field) { Ok(None) } else { Err(nonexisting(field, kind)) }
}

fn nonexisting(field: &str, kind: &str) -> Refusal {
    Refusal::parameter(format!("Tried accessing nonexisting field ({field}) on node type ({kind})"))
}

/// Absent values have no key. Without fields there is only the id.
fn write(
    id: &str,
    fields: Option<&[String]>,
    value_of: impl Fn(&str) -> Result<Option<String>, Refusal>,
) -> Result<String, Refusal> {
    let mut text = String::from("{");
    for field in fields.unwrap_or_default().iter().filter(|field| *field != "id") {
        if let Some(value) = value_of(field)? {
            text.push_str(&format!("{}:{value},", json!(field)));
        }
    }
    Ok(format!("{text}\"id\":{}}}", json!(id)))
}
