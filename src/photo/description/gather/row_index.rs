//! What must be known of described rows until all are described: 56 bytes each, and four for the position in the
//! sequence.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::photo::camera_key::camera_key;
use crate::photo::description::Problem;
use crate::photo::description::checks::{Limits, Shot, check};
use crate::photo::row_store::{RowCursor, RowStore};
use crate::row::{Field, Row};
use crate::shape::FatalError;

use super::row_description::Described;

/// Photos of one sequence that have no problem, in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    pub name: String,
    /// Their indexes among the described rows.
    pub members: Vec<u32>,
}

/// The data of one row. Unknown values are NaN or the maximum.
struct Facts {
    lon_deg: f64,
    lat_deg: f64,
    captured_ms: i64,
    angle_deg: f64,
    bytes: u64,
    size: (u32, u32),
    group: u32,
    /// Index into the problems, from 1; 0 for none.
    problem: u32,
}

const NO_SIZE: (u32, u32) = (u32::MAX, u32::MAX);

/// All rows, their sequences and problems.
#[derive(Default)]
pub struct Index {
    facts: Vec<Facts>,
    keys: HashMap<String, u32>,
    /// The name that its rows give to each group.
    names: Vec<Option<String>>,
    /// Names used in rows, which are not given to unnamed groups.
    taken: HashSet<String>,
    problems: Vec<Problem>,
    numbers: HashMap<String, u32>,
}

impl Index {
    pub fn take_name(&mut self, name: Option<&str>) {
        if let Some(name) = name.filter(|&name| !self.taken.contains(name)) {
            self.taken.insert(name.to_owned());
        }
    }

    /// Adds a row to the sequence of this name, or to that of its folder and, unless `by_folder`, its camera.
    pub fn add(&mut self, row: &Row, found: &Described, name: Option<&str>, by_folder: bool) {
        let key = match name {
            Some(name) => format!("\0{name}"),
            None if by_folder => folder(row),
            None => camera_key(row),
        };
        // There are no more groups than rows.
        let next = self.names.len() as u32;
        let group = *self.keys.entry(key).or_insert(next);
        if group == next {
            self.names.push(name.map(String::from));
        }
        let problem = found.problem.clone().map_or(0, |problem| self.number(problem));
        let shot = found.shot.as_ref();
        self.facts.push(Facts {
            lon_deg: shot.map_or(f64::NAN, |shot| shot.lon_deg),
            lat_deg: shot.map_or(f64::NAN, |shot| shot.lat_deg),
            captured_ms: shot.map_or(i64::MAX, |shot| shot.captured_ms),
            angle_deg: shot.and_then(|shot| shot.angle_deg).unwrap_or(f64::NAN),
            bytes: found.bytes,
            size: shot.and_then(|shot| shot.size).unwrap_or(NO_SIZE),
            group,
            problem,
        });
    }

    /// The number of a problem; the same problem has one number for all photos.
    fn number(&mut self, problem: Problem) -> u32 {
        let next = self.problems.len() as u32 + 1;
        let words = format!("{}: {problem}", problem.name());
        let number = *self.numbers.entry(words).or_insert(next);
        if number == next {
            self.problems.push(problem);
        }
        number
    }

    /// Names the groups, sorts each, and removes the photos with problems.
    pub fn sequences(
        &mut self,
        rows: &RowStore,
        limits: &Limits,
    ) -> Result<Vec<Sequence>, FatalError> {
        let taken = std::mem::take(&mut self.taken);
        let mut numbers = (0u64..).map(|n| n.to_string()).filter(|n| !taken.contains(n));
        for name in self.names.iter_mut().filter(|name| name.is_none()) {
            *name = numbers.next();
        }
        self.keys = HashMap::new();
        let (mut cursor, mut sequences) = (RowCursor::default(), Vec::new());
        for (group, mut members) in self.members().into_iter().enumerate() {
            self.sort(&mut members, rows, &mut cursor)?;
            self.check(&mut members, limits);
            if !members.is_empty() {
                members.shrink_to_fit();
                sequences.push(Sequence { name: self.name(group).to_owned(), members });
            }
        }
        Ok(sequences)
    }

    /// The rows without a problem of each group.
    fn members(&self) -> Vec<Vec<u32>> {
        let mut counts = vec![0; self.names.len()];
        let good = || self.facts.iter().enumerate().filter(|(_, facts)| facts.problem == 0);
        good().for_each(|(_, facts)| counts[facts.group as usize] += 1);
        let mut members: Vec<Vec<u32>> = counts.into_iter().map(Vec::with_capacity).collect();
        good().for_each(|(at, facts)| members[facts.group as usize].push(at as u32));
        members
    }

    /// By time, then by file name, which is read back for equal times.
    fn sort(
        &self,
        members: &mut [u32],
        rows: &RowStore,
        cursor: &mut RowCursor,
    ) -> Result<(), FatalError> {
        let ms = |at: &u32| self.facts[*at as usize].captured_ms;
        members.sort_by_key(ms);
        for same in members.chunk_by_mut(|a, b| ms(a) == ms(b)).filter(|same| same.len() > 1) {
            let named = |&at: &u32| Ok((file_name(&cursor.get(rows, at as usize)?), at));
            let mut names = same.iter().map(named).collect::<Result<Vec<_>, FatalError>>()?;
            names.sort();
            same.iter_mut().zip(names).for_each(|(place, (_, at))| *place = at);
        }
        Ok(())
    }

    fn check(&mut self, members: &mut Vec<u32>, limits: &Limits) {
        let shots: Vec<Shot> = members.iter().map(|&at| self.facts[at as usize].shot()).collect();
        for (&at, problem) in members.iter().zip(check(&shots, limits)) {
            if let Some(problem) = problem {
                self.facts[at as usize].problem = self.number(problem);
            }
        }
        members.retain(|&at| self.facts[at as usize].problem == 0);
    }

    fn name(&self, group: usize) -> &str {
        self.names[group].as_deref().unwrap_or_default()
    }

    pub fn sequence_of(&self, at: usize) -> &str {
        self.name(self.facts[at].group as usize)
    }

    pub fn problem(&self, at: usize) -> Option<&Problem> {
        let number = self.facts[at].problem as usize;
        number.checked_sub(1).map(|number| &self.problems[number])
    }

    /// The number of rows with a problem.
    pub fn problems(&self) -> u64 {
        self.facts.iter().filter(|facts| facts.problem > 0).count() as u64
    }

    pub fn bytes(&self, at: usize) -> u64 {
        self.facts[at].bytes
    }
}

impl Facts {
    fn shot(&self) -> Shot {
        let Facts { lon_deg, lat_deg, captured_ms, angle_deg, bytes, size, .. } = *self;
        let angle_deg = Some(angle_deg).filter(|deg| !deg.is_nan());
        let size = Some(size).filter(|&size| size != NO_SIZE);
        Shot { lon_deg, lat_deg, captured_ms, angle_deg, bytes, size }
    }
}

fn file_name(row: &Row) -> Option<String> {
    let name = Path::new(row.get(Field::Path)?).file_name()?;
    name.to_str().map(String::from)
}

fn folder(row: &Row) -> String {
    let parent = row.get(Field::Path).and_then(|path| Path::new(path).parent());
    parent.map(|folder| folder.display().to_string()).unwrap_or_default()
}
