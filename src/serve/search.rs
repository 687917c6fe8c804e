//! Lists of images: `/images` by area, user, organization, sequence, time and camera; and `/image_ids` of a sequence.

mod page;
mod selection;

use serde_json::json;

use super::answer::{Answer, Refusal};
use super::graph::{self, Ask};
use super::selectors::{self, Wanted};
use super::{Site, route};
pub use page::cursor_behind;
use page::{Page, Start, paging};
use selection::select;

/// `/images`
pub fn search(site: &Site, ask: &Ask) -> Result<Answer, Refusal> {
    let wanted = Wanted::from_query(ask.query)?;
    let fields = route::fields(ask.query);
    let limit = selectors::limit(ask.query)?;
    let selected = select(site, ask, &wanted)?;
    let start = if selected.is_paged() { Start::from_query(ask.query)? } else { Start::default() };
    let page = Page::take(ask.index, &selected, start, limit, &wanted)?;
    let objects: Result<Vec<String>, Refusal> =
        page.images.iter().map(|image| graph::image(site, ask, image, fields.as_deref())).collect();
    let data = format!("\"data\":[{}]", objects?.join(","));
    let paging = if selected.is_paged() && !page.images.is_empty() {
        format!(",{}", paging(ask, &page))
    } else {
        String::new()
    };
    Ok(Answer::json(format!("{{{data}{paging}}}")))
}

/// `/image_ids?sequence_id=`: all ids in capture order, including gone ones; an unknown sequence gives an empty list.
pub fn image_ids(ask: &Ask) -> Result<Answer, Refusal> {
    let sequence = ask.query.get("sequence_id");
    let sequence =
        sequence.ok_or_else(|| Refusal::parameter("The parameter sequence_id is required"))?;
    let images = ask.index.images_of_sequence(sequence)?;
    let ids: Vec<String> = images.iter().map(|image| json!({"id": image.id}).to_string()).collect();
    Ok(Answer::json(format!("{{\"data\":[{}]}}", ids.join(","))))
}
