//! The kept answers of a run, as its threads share them.

use std::sync::{Mutex, PoisonError};

use crate::stage::{Fault, Outcome};

use super::answer::Answer;
use super::answers::Answers;

/// Answers, if any are kept.
pub struct Kept(Option<Mutex<Answers>>);

impl Kept {
    pub fn new(answers: Option<Answers>) -> Kept {
        Kept(answers.map(Mutex::new))
    }

    pub fn is_any(&self) -> bool {
        self.0.is_some()
    }

    pub fn get(&self, key: Option<&str>) -> Option<Answer> {
        self.0.as_ref()?.lock().ok()?.get(key?)
    }

    /// Keeps what an outcome leaves to keep.
    pub fn put(&self, key: Option<&str>, outcome: &Outcome) -> Result<(), Fault> {
        let (Some(answers), Some(key), Some(answer)) = (&self.0, key, Answer::of(outcome)) else {
            return Ok(());
        };
        answers.lock().unwrap_or_else(PoisonError::into_inner).put(key, &answer)
    }

    pub fn into_inner(self) -> Option<Answers> {
        self.0.map(|answers| answers.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}
