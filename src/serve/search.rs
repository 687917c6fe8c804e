//! Lists of images: `/images` by place, user, organization, sequence, time and
//! camera; and `/image_ids` of a sequence.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde_json::json;

use super::Site;
use super::answer::{Answer, Refusal};
use super::graph::{self, Ask};
use super::record::Image;
use super::route::{self, Query};
use crate::value::area::BBox;
use crate::value::geo::Position;

/// The documented limit of a page, and what comes without one.
const PAGE_LIMIT: usize = 2000;

/// Larger boxes are refused, square degrees.
const BOX_LIMIT_DEG2: f64 = 0.01;

/// The other reading of the documentation, for each side.
const SIDE_LIMIT_DEG: f64 = 0.01;

const RADIUS_LIMIT_M: f64 = 50.0;

/// `/images`
pub fn search(site: &Site, ask: &Ask) -> Result<Answer, Refusal> {
    let wanted = Wanted::of(ask.query)?;
    let fields = route::fields(ask.query);
    let limit = limit(ask.query)?;
    let selected = select(site, ask.query)?;
    let mut matching = selected.images.into_iter().filter(|image| wanted.takes(image));
    let skip = if selected.paged { after(ask.query)? } else { 0 };
    let page: Vec<&Image> = matching.by_ref().skip(skip).take(limit).collect();
    let objects: Result<Vec<String>, Refusal> =
        page.iter().map(|image| graph::image(site, ask, image, fields.as_deref())).collect();
    let data = format!("\"data\":[{}]", objects?.join(","));
    let paging = match selected.paged && !page.is_empty() {
        true => format!(",{}", paging(ask, skip, page.len(), matching.next().is_some())),
        false => String::new(),
    };
    Ok(Answer::json(format!("{{{data}{paging}}}")))
}

/// `/image_ids?sequence_id=`: all ids in capture order, gone ones among them;
/// an unknown sequence is an empty list.
pub fn image_ids(site: &Site, query: &Query) -> Result<Answer, Refusal> {
    let sequence = query.get("sequence_id");
    let sequence =
        sequence.ok_or_else(|| Refusal::parameter("The parameter sequence_id is required"))?;
    let ids: Vec<String> =
        site.archive.sequence(sequence).map(|image| json!({"id": *image.id}).to_string()).collect();
    Ok(Answer::json(format!("{{\"data\":[{}]}}", ids.join(","))))
}

/// The images that the first selector gives, for the others to narrow.
struct Selected<'a> {
    images: Vec<&'a Image>,
    /// Only lists of a user or an organization come in pages.
    paged: bool,
}

fn select<'a>(site: &'a Site, query: &Query) -> Result<Selected<'a>, Refusal> {
    let archive = &site.archive;
    let bounds = bounds(site, query)?;
    let whole = |images: Vec<&'a Image>| Ok(Selected { images, paged: false });
    if let Some(bounds) = bounds {
        let images: Vec<_> = archive.within(bounds).collect();
        if images.len() > site.density_limit {
            let message =
                "Please reduce the amount of data you're asking for, then retry your request";
            return Err(Refusal::new(500, 1, message));
        }
        return whole(images);
    }
    if let Some(ids) = query.list("image_ids") {
        return whole(ids.iter().filter_map(|id| archive.image(id)).collect());
    }
    if let Some(sequences) = query.list("sequence_ids") {
        let images = sequences.iter().flat_map(|id| archive.sequence(id));
        return whole(images.filter(|image| !image.gone).collect());
    }
    if let Some(username) = query.get("creator_username") {
        return Ok(Selected { images: archive.of_user(username).collect(), paged: true });
    }
    if let Some(id) = query.get("organization_id") {
        return Ok(Selected { images: archive.of_organization(id).collect(), paged: true });
    }
    Err(Refusal::parameter(
        "At least one of bbox, lat and lng, creator_username, organization_id, sequence_ids, image_ids is required",
    ))
}

/// The box asked for, or the one around the circle asked for.
fn bounds(site: &Site, query: &Query) -> Result<Option<BBox>, Refusal> {
    if let Some(circle) = circle(query)? {
        return Ok(Some(circle.bounds()));
    }
    let Some(text) = query.get("bbox") else { return Ok(None) };
    let sides: Option<Vec<f64>> = text.split(',').map(|side| side.trim().parse().ok()).collect();
    let Some(&[west, south, east, north]) = sides.as_deref() else {
        return Err(Refusal::parameter(format!("Invalid bbox '{text}': four numbers expected")));
    };
    let bounds = BBox::new(west, south, east, north);
    let bounds = bounds.ok().filter(|_| west <= east);
    let bounds = bounds.ok_or_else(|| Refusal::parameter(format!("Invalid bbox '{text}'")))?;
    let (width_deg, height_deg) = (bounds.width_deg(), bounds.height_deg());
    let wide = width_deg >= SIDE_LIMIT_DEG || height_deg >= SIDE_LIMIT_DEG;
    if width_deg * height_deg >= BOX_LIMIT_DEG2 || (site.strict_box && wide) {
        return Err(Refusal::parameter(
            "The bbox is too large: it must be smaller than 0.01 degrees square",
        ));
    }
    Ok(Some(bounds))
}

struct Circle {
    center: Position,
    radius_m: f64,
}

impl Circle {
    fn bounds(&self) -> BBox {
        let edge = |bearing_deg| self.center.destination(bearing_deg, self.radius_m);
        let (west, east) = (edge(270.0).lon_deg(), edge(90.0).lon_deg());
        // Across the antimeridian the half of the circle beyond it is left out.
        let (west, east) = if west <= east { (west, east) } else { (self.center.lon_deg(), 180.0) };
        BBox::new(west, edge(180.0).lat_deg(), east, edge(0.0).lat_deg())
            .expect("edges around a position make a box")
    }
}

fn circle(query: &Query) -> Result<Option<Circle>, Refusal> {
    if query.get("lat").is_none() && query.get("lng").is_none() {
        return Ok(None);
    }
    let number = |key: &str| {
        let value = query.get(key).and_then(|text| text.parse::<f64>().ok());
        value.ok_or_else(|| {
            Refusal::parameter(format!("lat, lng and radius go together: {key} is not a number"))
        })
    };
    let center = Position::new(number("lng")?, number("lat")?);
    let center = center.map_err(|e| Refusal::parameter(e.to_string()))?;
    let radius_m = number("radius")?;
    if !(0.0..=RADIUS_LIMIT_M).contains(&radius_m) {
        return Err(Refusal::parameter("The radius must be at most 50 meters"));
    }
    Ok(Some(Circle { center, radius_m }))
}

/// What narrows a list, whichever selector made it.
struct Wanted {
    circle: Option<Circle>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    is_pano: Option<bool>,
    username: Option<String>,
    organization: Option<String>,
    make: Option<String>,
    model: Option<String>,
    sequences: Option<Vec<String>>,
    ids: Option<Vec<String>>,
}

impl Wanted {
    fn of(query: &Query) -> Result<Wanted, Refusal> {
        let owned = |key: &str| query.get(key).map(str::to_owned);
        let list = |key: &str| Some(query.list(key)?.into_iter().map(str::to_owned).collect());
        Ok(Wanted {
            circle: circle(query)?,
            from_ms: instant_ms(query, "start_captured_at")?,
            to_ms: instant_ms(query, "end_captured_at")?,
            is_pano: match query.get("is_pano") {
                None => None,
                Some("true" | "1") => Some(true),
                Some("false" | "0") => Some(false),
                Some(other) => {
                    return Err(Refusal::parameter(format!("Invalid is_pano '{other}'")));
                }
            },
            username: owned("creator_username"),
            organization: owned("organization_id"),
            make: owned("make"),
            model: owned("model"),
            sequences: list("sequence_ids"),
            ids: list("image_ids"),
        })
    }

    /// The cheap questions come first: the later ones read the record's text.
    fn takes(&self, image: &Image) -> bool {
        let time = |holds: &dyn Fn(i64) -> bool| image.captured_ms.is_some_and(holds);
        let among = |list: &Option<Vec<String>>, value: Option<&str>| {
            list.as_ref()
                .is_none_or(|list| value.is_some_and(|value| list.iter().any(|one| one == value)))
        };
        let is = |wanted: &Option<String>, value: &dyn Fn() -> Option<String>| {
            wanted.is_none() || *wanted == value()
        };
        self.from_ms.is_none_or(|from| time(&|ms| ms >= from))
            && self.to_ms.is_none_or(|to| time(&|ms| ms <= to))
            && among(&self.ids, Some(&image.id))
            && among(&self.sequences, image.sequence.as_deref())
            && self.circle.as_ref().is_none_or(|circle| {
                image.place.is_some_and(|place| place.distance_m(circle.center) <= circle.radius_m)
            })
            && self
                .is_pano
                .is_none_or(|pano| (image.text_of("is_pano").as_deref() == Some("true")) == pano)
            && is(&self.username, &|| image.text_in("creator", "username"))
            && is(&self.organization, &|| image.text_in("organization", "id"))
            && is(&self.make, &|| image.text_of("make"))
            && is(&self.model, &|| image.text_of("model"))
    }
}

fn instant_ms(query: &Query, key: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = query.get(key) else { return Ok(None) };
    let zoned = DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_millis());
    let plain = || text.parse::<NaiveDateTime>().map(|time| time.and_utc().timestamp_millis());
    let date = || {
        text.parse::<NaiveDate>()
            .map(|day| day.and_time(Default::default()).and_utc().timestamp_millis())
    };
    let ms = zoned.or_else(|_| plain()).or_else(|_| date());
    ms.map(Some).map_err(|_| {
        Refusal::parameter(format!("Invalid {key} '{text}': an ISO 8601 time expected"))
    })
}

fn limit(query: &Query) -> Result<usize, Refusal> {
    let Some(text) = query.get("limit") else { return Ok(PAGE_LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=PAGE_LIMIT).contains(limit));
    limit.ok_or_else(|| {
        Refusal::parameter(format!("Invalid limit '{text}': 1 to {PAGE_LIMIT} expected"))
    })
}

/// How many images the pages before this one held.
pub fn after(query: &Query) -> Result<usize, Refusal> {
    let Some(cursor) = query.get("after") else { return Ok(0) };
    let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let count = text.as_deref().and_then(|text| text.strip_prefix("after:")?.parse().ok());
    count
        .ok_or_else(|| Refusal::parameter("Invalid cursors values provided in the parameter after"))
}

/// The cursor of the page that begins behind so many images.
pub fn cursor(at: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("after:{at}"))
}

fn paging(ask: &Ask, skip: usize, count: usize, more: bool) -> String {
    let end = cursor(skip + count);
    let mut paging = json!({"cursors": {"before": cursor(skip), "after": end}});
    if more {
        let query = ask.query.with("after", &end);
        paging["next"] = json!(format!("http://{}/images?{}", ask.host, query.written()));
    }
    format!("\"paging\":{paging}")
}
