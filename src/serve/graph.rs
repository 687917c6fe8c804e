//! Graph API entities: an image, a user, an organization, and the requesting user.

use std::collections::HashSet;
use std::time::SystemTime;

use serde_json::json;

use super::Site;
use super::answer::{Answer, Refusal};
use super::detection_row::Detection;
use super::entity_cache::{EntityCache, Found};
use super::index::{HeldPicture, Image, Index, kind};
use super::map_features;
use super::object::{known, nonexisting, write};
use super::record::{self, RECORDED_FIELDS};
use super::route::{self, Query};
use super::upload::accounts::User;
use crate::value::quality::Quality;

/// A Graph API request, apart from the path.
#[derive(Debug)]
pub struct Ask<'a> {
    pub query: &'a Query,
    /// The archive as it is now.
    pub index: &'a Index,
    /// The base URL by which the client reaches this server; links in the response begin with it.
    pub origin: &'a str,
    pub now: SystemTime,
    pub token: Option<&'a str>,
}

const USER_FIELDS: [&str; 2] = ["username", "id"];
const DETECTION_FIELDS: [&str; 5] = ["created_at", "geometry", "image", "value", "id"];
const ORGANIZATION_FIELDS: [&str; 4] = ["slug", "name", "description", "id"];

/// `/{id}`
pub fn entity(site: &Site, ask: &Ask, id: &str, lately: &EntityCache) -> Result<Answer, Refusal> {
    lately.answer(id, ask.query, || object(site, ask, id, route::fields(ask.query).as_deref()))
}

/// `/?ids=`: one dead id fails the whole batch, unless the site is lenient.
pub fn entities(site: &Site, ask: &Ask) -> Result<Answer, Refusal> {
    let ids = ask.query.list("ids").filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| Refusal::parameter("The parameter ids is required"))?;
    let fields = route::fields(ask.query);
    let mut entries: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for id in ids.into_iter().filter(|id| seen.insert(*id)) {
        match object(site, ask, id, fields.as_deref()).map(Found::into_text) {
            Ok(object) => entries.push(format!("{}:{object}", json!(id))),
            Err(dead) if dead.subcode == Some(33) && site.lenient_ids => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(Answer::json(format!("{{{}}}", entries.join(","))))
}

/// `/me`: the logged-in user, otherwise the owner of the archive.
pub fn me(site: &Site, ask: &Ask) -> Result<Answer, Refusal> {
    let user = User::of_token(site, ask.index, ask.token)?;
    let user = user.ok_or_else(|| Refusal::no_such_object("me"))?;
    // JOSM requests no fields, and reads the name.
    let fields = route::fields(ask.query).unwrap_or_else(|| vec!["username".to_owned()]);
    Ok(Answer::json(user_object(&user.id, &user.username, Some(&fields))?))
}

fn user_object(id: &str, username: &str, fields: Option<&[String]>) -> Result<String, Refusal> {
    write(id, fields, |field| match field {
        "username" => Ok(Some(json!(username).to_string())),
        other => known(other, &USER_FIELDS, "User"),
    })
}

/// `/{id}/detections`
pub fn detections(ask: &Ask, id: &str) -> Result<Answer, Refusal> {
    let image = ask.index.present(id)?.ok_or_else(|| Refusal::no_such_object(id))?;
    let fields = route::fields(ask.query).unwrap_or_default();
    let text = ask.index.fields_text(&image)?;
    Ok(Answer::json(list(id, &record::fields_of(&text), &fields)?))
}

/// The detections of an image, each with the requested fields and its id.
fn list(image: &str, held: &record::JsonFields, fields: &[String]) -> Result<String, Refusal> {
    let found = held.get("detections").map(|raw| Detection::of_list(raw.get()));
    let objects = found.unwrap_or_default().into_iter().map(|found| {
        write(&found.id, Some(fields), |field| match (field, found.field(field)) {
            (_, Some(text)) => Ok(Some(text)),
            ("image", None) => Ok(Some(place_of(image, held))),
            (other, None) => known(other, &DETECTION_FIELDS, "ObjectDetection"),
        })
    });
    let objects: Result<Vec<String>, Refusal> = objects.collect();
    Ok(format!("{{\"data\":[{}]}}", objects?.join(",")))
}

/// An image as an object within its detections.
fn place_of(id: &str, held: &record::JsonFields) -> String {
    let place = held.get("geometry").map(|raw| format!("\"geometry\":{},", raw.get()));
    format!("{{{}\"id\":{}}}", place.unwrap_or_default(), json!(id))
}

/// `/{id}/tiles`: always empty, since the archive has no tiled pictures and viewers work without them.
pub fn image_tiles(ask: &Ask, id: &str) -> Result<Answer, Refusal> {
    ask.index.present(id)?.ok_or_else(|| Refusal::no_such_object(id))?;
    Ok(Answer::json("{\"data\":[]}".to_owned()))
}

/// Links to files of the service that no archive holds: left out, since a page that followed them would contact other
/// hosts.
const NOT_HELD: [&str; 2] = ["mesh", "sfm_cluster"];

/// An image with the requested fields in that order, and its id at the end.
pub fn image(
    site: &Site,
    ask: &Ask,
    image: &Image,
    fields: Option<&[String]>,
) -> Result<String, Refusal> {
    let text = ask.index.fields_text(image)?;
    let held = record::fields_of(&text);
    let named = fields.into_iter().flatten();
    let pictures = match named.filter_map(|field| Quality::of_field(field)).next() {
        Some(_) => ask.index.pictures(image)?,
        None => Vec::new(),
    };
    write(&image.id, fields, |field| match Quality::of_field(field) {
        Some(quality) => {
            // Smaller sizes are made from larger ones.
            let is_held = |held: &HeldPicture| {
                if site.held_sizes_only { held.quality == quality } else { held.quality >= quality }
            };
            Ok(pictures.iter().any(is_held).then(|| {
                json!(site.signer.link(ask.origin, &image.id, quality, ask.now)).to_string()
            }))
        }
        None if NOT_HELD.contains(&field) => Ok(None),
        // An image without detections has no such key.
        None if field == "detections" => {
            let within = route::fields_within(ask.query, field);
            held.get(field).map(|_| list(&image.id, &held, &within)).transpose()
        }
        None if RECORDED_FIELDS.contains(&field) => {
            Ok(held.get(field).map(|raw| raw.get().to_owned()))
        }
        None => Err(nonexisting(field, "Image")),
    })
}

fn object(site: &Site, ask: &Ask, id: &str, fields: Option<&[String]>) -> Result<Found, Refusal> {
    let Some(found) = ask.index.find(id)? else {
        return other(site, ask, id, fields).map(Found::Other);
    };
    // A deleted image is not looked up as a user either.
    let found = Some(found).filter(|image| !image.is_gone());
    let found = found.ok_or_else(|| Refusal::no_such_object(id))?;
    image(site, ask, &found, fields).map(Found::Image)
}

/// An object that is not an image.
fn other(site: &Site, ask: &Ask, id: &str, fields: Option<&[String]>) -> Result<String, Refusal> {
    let index = ask.index;
    if let Some(feature) = index.feature(id)? {
        return map_features::entity(index, &feature, fields);
    }
    let first = |kind| -> Result<Option<Image>, Refusal> {
        let list = index.list(kind, id)?;
        Ok(index.posted(list.start..list.end.min(list.start + 1))?.pop())
    };
    let user = first(kind::CREATOR)?.map(|one| one.record.username);
    let user = match user {
        Some(username) => index.name(username),
        // If no row has the id of a user, the name is used as the id.
        None => first(kind::USERNAME)?.map(|_| id),
    };
    if let Some(username) = user {
        return user_object(id, username, fields);
    }
    // A user who has just logged in has no images yet.
    if let Some(user) = User::of_token(site, index, ask.token)?.filter(|user| user.id == id) {
        return user_object(id, &user.username, fields);
    }
    organization(index, id, fields)
}

/// The number of images searched for the names of an organization: not every row has them.
const NAMED_BY: u64 = 100;

fn organization(index: &Index, id: &str, fields: Option<&[String]>) -> Result<String, Refusal> {
    let list = index.list(kind::ORGANIZATION, id)?;
    let images = index.posted(list.start..list.end.min(list.start + NAMED_BY))?;
    if images.is_empty() {
        return Err(Refusal::no_such_object(id));
    }
    let texts: Vec<_> =
        images.iter().map(|image| index.fields_text(image)).collect::<Result<_, _>>()?;
    write(id, fields, |field| {
        known(field, &ORGANIZATION_FIELDS, "Organization")?;
        let value = texts.iter().find_map(|text| record::text_in(text, "organization", field));
        Ok(value.map(|text| json!(text).to_string()))
    })
}
