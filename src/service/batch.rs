//! Requests many entities at once. An id that makes its batch fail is found by bisection; an id is reported as gone
//! only if the service says so for that id alone.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use serde_json::value::RawValue;

use super::classify::{ResponseClass, shown};
use super::client::Client;
use super::error::Error;
use super::graph::{Entity, entity_ask, not_an_id};
use super::no_answer::NoAnswer;
use super::request::Ask;
use super::search::is_id;
use super::tiles::join;

/// mapillary_tools and the other clients of the service send no more ids at once.
const MOST_IDS: usize = 50;
/// The bytes for ids in a URL, which must stay below about 8 kB with its fields.
const MOST_IDS_BYTES: usize = 4000;
/// Retries for a part of a batch: the whole batch has had its own.
const PART_RETRIES: u32 = 2;
/// Parts of one batch that may fail in a row without an answer: one bad id is found with fewer, and a service that is
/// down is not asked for each of fifty.
const MOST_SILENT: u32 = 12;
/// A failure that takes this long counts as several.
const SLOW: Duration = Duration::from_secs(10);
const SLOW_COUNTS: u32 = 6;

const ALL_GONE: &str = "a token without permission gets the same answer, which 'mly doctor' checks; with --recheck they count as gone";

type Entities = HashMap<String, Entity>;

/// The result of a request for several ids.
enum Reply<'a> {
    /// All but these ids were answered.
    Answered(Vec<&'a str>),
    /// The service refuses these ids together: one id makes the request fail, or they are more than the service returns
    /// at once.
    Refused(ResponseClass),
    /// No answer after all tries.
    Silent(ResponseClass),
    /// No answer, for a reason that applies to smaller parts too.
    Barred(ResponseClass),
}

impl Client {
    /// Many objects of one type, in the order of the ids. An error concerns the run; a failure of single ids is their
    /// `Entity::Failed`.
    pub fn multi_get(&self, ids: &[&str], fields: &str) -> Result<Vec<(String, Entity)>, Error> {
        let mut seen = HashSet::new();
        let sound: Vec<&str> =
            ids.iter().copied().filter(|id| is_id(id) && seen.insert(*id)).collect();
        let mut found = Entities::new();
        for batch in batches(&sound) {
            self.get_batch(batch, fields, &mut found)?;
        }
        self.doubt_if_all_gone(&mut found);
        Ok(ids.iter().map(|id| (id.to_string(), take(id, &found))).collect())
    }

    /// Fails the ids that are said to be gone, if not one of many was known.
    fn doubt_if_all_gone(&self, found: &mut Entities) {
        let is =
            |wanted: fn(&Entity) -> bool| found.values().filter(|entity| wanted(entity)).count();
        if is(|entity| matches!(entity, Entity::Found(_))) > 0 {
            return self.gone_doubt.found();
        }
        let gone = is(|entity| matches!(entity, Entity::Gone));
        let Some(doubted) = self.gone_doubt.gone(gone) else { return };
        for (id, entity) in found.iter_mut().filter(|(_, entity)| matches!(entity, Entity::Gone)) {
            let what = format!("cannot get '{id}': the service knows none of {doubted} pictures");
            *entity = Entity::Failed(Error::row(format!("{what}: {ALL_GONE}")));
        }
    }

    /// Requests all ids at once, and the halves if that fails and one id may be the cause. If the first half is
    /// complete, the bad id is in the second, which is then split without being requested as a whole.
    fn get_batch(&self, ids: &[&str], fields: &str, found: &mut Entities) -> Result<(), Error> {
        let (mut waiting, mut alone) = (vec![(ids, false)], Vec::new());
        let (mut silent, mut is_there) = (0, false);
        while let Some((part, known_bad)) = waiting.pop() {
            let (asked, other) = part.split_at(if known_bad { part.len() / 2 } else { part.len() });
            let start = self.clock().now();
            let reply = self.get_once(asked, fields, found, asked.len() < ids.len())?;
            let is_whole = matches!(&reply, Reply::Answered(left) if left.is_empty());
            match &reply {
                Reply::Answered(left) => alone.extend_from_slice(left),
                Reply::Barred(verdict) => return self.give_up(ids, verdict, found),
                Reply::Refused(_) | Reply::Silent(_) if asked.len() > 1 => {
                    waiting.push((asked, true));
                }
                Reply::Refused(verdict) | Reply::Silent(verdict) => {
                    self.fail(asked, verdict, found);
                }
            }
            if let Reply::Silent(verdict) = &reply {
                let is_slow = self.clock().now().saturating_duration_since(start) > SLOW;
                silent += if is_slow && asked.len() < ids.len() { SLOW_COUNTS } else { 1 };
                if silent > MOST_SILENT || (waiting.is_empty() && other.is_empty() && !is_there) {
                    return self.give_up(ids, verdict, found);
                }
            } else {
                (silent, is_there) = (0, true);
            }
            // The other half is next: its good answers show that the service is up.
            if !other.is_empty() {
                waiting.push((other, is_whole && other.len() > 1));
            }
        }
        for id in alone {
            let entity = self.single(id, fields, false)?;
            found.insert(id.to_owned(), entity);
        }
        Ok(())
    }

    fn get_once<'a>(
        &self,
        ids: &[&'a str],
        fields: &str,
        found: &mut Entities,
        is_part: bool,
    ) -> Result<Reply<'a>, Error> {
        let mut url = join(&self.graph, "/");
        url.query_pairs_mut().append_pair("ids", &ids.join(",")).append_pair("fields", fields);
        let retries = is_part.then_some(PART_RETRIES);
        let ask = Ask { retries, counts: false, ..entity_ask(url) };
        let is_one = ids.len() == 1;
        Ok(match self.ask(&ask, |body| read_objects(&body, ids))? {
            Ok(objects) => {
                let left = ids.iter().copied().filter(|id| !objects.contains_key(*id)).collect();
                found.extend(objects.into_iter().map(|(id, row)| (id, Entity::Found(row))));
                Reply::Answered(left)
            }
            // An answer to a batch of one id does not prove that the id is gone.
            Err(ResponseClass::Gone(_)) if is_one => Reply::Answered(ids.to_vec()),
            Err(verdict @ ResponseClass::Again(..)) => Reply::Silent(verdict),
            Err(verdict @ ResponseClass::Throttled(..)) => Reply::Barred(verdict),
            Err(verdict) => Reply::Refused(verdict),
        })
    }

    /// Fails the ids without an answer, and counts that as one failure of the service.
    fn give_up(
        &self,
        ids: &[&str],
        verdict: &ResponseClass,
        found: &mut Entities,
    ) -> Result<(), Error> {
        if let Some(error) = self.given_up(&entity_ask(self.graph.clone()), verdict) {
            return Err(error);
        }
        let left: Vec<&str> = ids.iter().copied().filter(|id| !found.contains_key(*id)).collect();
        self.fail(&left, verdict, found);
        Ok(())
    }

    fn fail(&self, ids: &[&str], verdict: &ResponseClass, found: &mut Entities) {
        found.extend(
            ids.iter().map(|id| {
                (id.to_string(), Entity::Failed(self.error(&format!("'{id}'"), verdict)))
            }),
        );
    }
}

fn batches<'a>(ids: &'a [&'a str]) -> impl Iterator<Item = &'a [&'a str]> {
    let mut rest = ids;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |id: &&&str| {
            // A comma is three bytes in a query.
            bytes += id.len() + 3;
            bytes <= MOST_IDS_BYTES
        };
        let n = rest.iter().take(MOST_IDS).take_while(fits).count();
        let (batch, later) = rest.split_at(n);
        rest = later;
        (!batch.is_empty()).then_some(batch)
    })
}

fn take(id: &str, found: &Entities) -> Entity {
    match found.get(id) {
        // The same id may occur twice in the request.
        Some(Entity::Found(row)) => Entity::Found(row.clone()),
        Some(Entity::Failed(error)) => Entity::Failed(error.clone()),
        Some(Entity::Gone) => Entity::Gone,
        None => Entity::Failed(not_an_id(id)),
    }
}

/// The objects of an answer, by id. A non-empty answer with none of the ids is invalid. An empty one is accepted: a
/// service that omits what is gone would answer so, and each id is then requested alone.
fn read_objects(body: &[u8], ids: &[&str]) -> Result<BTreeMap<String, Box<RawValue>>, NoAnswer> {
    let mut rows: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(body).map_err(|_| NoAnswer::OtherShape(shown(body)))?;
    let is_other = !rows.is_empty() && !ids.iter().any(|id| rows.contains_key(*id));
    if is_other {
        return Err(NoAnswer::NoneOfTheIds(shown(body)));
    }
    rows.retain(|id, row| ids.contains(&id.as_str()) && is_object_of(row, id));
    Ok(rows)
}

/// Whether a value is a non-empty object without an `error`, and without a different `id`.
fn is_object_of(row: &RawValue, id: &str) -> bool {
    let Ok(row) = serde_json::from_str::<BTreeMap<&str, &RawValue>>(row.get()) else {
        return false;
    };
    let own = row.get("id").map(|own| own.get().trim_matches('"'));
    !row.is_empty() && !row.contains_key("error") && own.is_none_or(|own| own == id)
}

#[cfg(test)]
mod tests;
