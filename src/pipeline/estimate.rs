//! Estimates what a job would fetch and request: from its full list, and the pictures of a small sample, which are not
//! kept.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::disk::atomic_file;
use crate::disk::{Action, PathError};
use crate::row::Field;
use crate::shape::FatalError;
use crate::value::human_format::{bytes, counted, grouped, span};

use super::command_line::{CommandLine, path_flag};
use super::images_file::for_each;
use super::job::Job;
use super::plan::Files;

/// The number of pictures fetched, spread over the list.
const SAMPLE: u64 = 8;
/// The number of pictures in one get-meta request.
const AT_ONCE: u64 = 50;

/// The result of a sample.
pub struct Estimate {
    found: u64,
    sampled: u64,
    bytes: u64,
    took: Duration,
}

/// The files of the sample.
pub struct Sample<'a> {
    files: &'a Files,
    begun: Instant,
}

impl Sample<'_> {
    /// Picks the sample from a list of n pictures.
    pub fn pick(files: &Files, found: u64) -> Result<Sample<'_>, FatalError> {
        let (mut text, mut at, every) = ("img_id\n".to_string(), 0, found.div_ceil(SAMPLE));
        for_each(&files.images, |row| {
            if at % every == 0 {
                let _ = writeln!(text, "{}", row.get(Field::ImgId).unwrap_or_default());
            }
            at += 1;
            Ok(())
        })?;
        let sample = Sample { files, begun: Instant::now() };
        atomic_file::write(&files.folder.join("sample.csv"), text.as_bytes())
            .map_err(|error| sample.wrong(error))?;
        Ok(sample)
    }

    fn wrong(&self, error: io::Error) -> FatalError {
        PathError::new(Action::WriteIn, &self.files.folder, error).into()
    }

    /// The pipe that fetches the sample.
    pub fn pipe(&self, job: &Job) -> Vec<CommandLine> {
        let file = |name| self.files.folder.join(name);
        let meta =
            CommandLine::new("get-meta").with([file("sample.csv")]).with(job.picture.clone());
        let download = CommandLine::new("download").with(path_flag("into", file("sample")));
        let download =
            download.with(job.picture.clone()).with(job.service.clone()).with(["--force"]);
        let rows = path_flag("output", file("sampled.csv"));
        vec![
            meta.with(job.service.clone()).with(["--format", "csv"]),
            download.with(["--accept-failed"]).with(rows),
        ]
    }

    /// Measures the pictures, and deletes them again.
    pub fn weigh(&self, found: u64) -> Result<Estimate, FatalError> {
        let took = self.begun.elapsed();
        let mut estimate = Estimate { found, sampled: 0, bytes: 0, took };
        for_each(&self.files.folder.join("sampled.csv"), |row| {
            let bytes = row.integer(Field::Bytes).ok().flatten().unwrap_or(0).max(0);
            (estimate.sampled, estimate.bytes) =
                (estimate.sampled + 1, estimate.bytes + bytes as u64);
            Ok(())
        })?;
        fs::remove_dir_all(self.files.folder.join("sample")).map_err(|error| self.wrong(error))?;
        Ok(estimate)
    }
}

impl Estimate {
    /// Bytes and time of all pictures, at the size and the pace of the sample.
    fn all(&self) -> Option<(u64, Duration)> {
        let scale = self.found as f64 / self.sampled as f64;
        let bytes = (self.sampled > 0).then_some(self.bytes as f64 * scale)?;
        let took = Duration::try_from_secs_f64(self.took.as_secs_f64() * scale).ok()?;
        Some((bytes as u64, took))
    }

    pub fn text(&self, into: &Path) -> String {
        let mut text =
            format!("{} would go into '{}'\n", counted(self.found, "pictures"), into.display());
        let Some((size, took)) = self.all() else {
            return text
                + "no picture of the sample can be fetched: nothing is known of their sizes\n";
        };
        let _ = writeln!(text, "about {}, by a sample of {}", bytes(size), grouped(self.sampled));
        let (meta, pictures) = (self.found.div_ceil(AT_ONCE), self.found);
        let _ = writeln!(
            text,
            "requests: {} for metadata, {} for pictures",
            grouped(meta),
            grouped(pictures)
        );
        let _ = writeln!(text, "about {} at the pace of the sample", span(took.as_millis() as u64));
        text
    }

    pub fn json(&self) -> Value {
        let all = self.all();
        json!({
            "pictures": self.found,
            "bytes": all.map(|(bytes, _)| bytes),
            "requests": self.found.div_ceil(AT_ONCE) + self.found,
            "duration_s": all.map(|(_, took)| took.as_secs()),
            "sampled": self.sampled,
        })
    }
}
