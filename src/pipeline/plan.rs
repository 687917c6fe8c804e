//! Which tools a job runs, in which order, and the files between them.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::value::digest::Digest;

use super::command_line::{CommandLine, path_flag};
use super::job::Job;

/// The commands of a job, and their files.
pub struct Plan {
    /// Lists the pictures, for an estimate.
    pub list: CommandLine,
    /// Lists, describes and downloads them, then processes them: a pipe, so that each step begins with the first rows
    /// of the one before.
    pub pipe: Vec<CommandLine>,
    /// The rows of the pipe as the CSV file that the user wants.
    pub csv: Option<CommandLine>,
    pub files: Files,
}

/// The files between the tools, below the folder of the pictures.
pub struct Files {
    pub folder: PathBuf,
    /// The list of an estimate.
    pub images: PathBuf,
    /// The cached responses of the list, until it is complete, and of the descriptions.
    pub listed: PathBuf,
    pub described: PathBuf,
    pub pictures: PathBuf,
}

impl Files {
    /// Each selection has its own files: a folder may hold several.
    fn new(job: &Job) -> Files {
        let mut words = Sha256::new();
        job.selection
            .iter()
            .for_each(|word| words.update([word.as_encoded_bytes(), b"\0"].concat()));
        let digest = Digest(words.finalize().into()).to_string();
        let folder = job.into.join(".mapillary-pipes").join(format!("fetch-{}", &digest[..12]));
        let [images, listed, described, pictures] =
            ["images.csv", "listed", "described", "pictures.csv"].map(|name| folder.join(name));
        Files { folder, images, listed, described, pictures }
    }

    /// Where a tool reports what failed, and how its run went.
    pub fn failed(&self, tool: &str) -> PathBuf {
        self.folder.join(format!("{tool}.failed.csv"))
    }

    pub fn summary(&self, tool: &str) -> PathBuf {
        self.folder.join(format!("{tool}.summary.json"))
    }
}

impl Plan {
    pub fn new(job: &Job) -> Plan {
        let files = Files::new(job);
        let ready = |tool: &'static str| {
            let failed = path_flag("failed", files.failed(tool));
            CommandLine::new(tool).with(failed).with(["--accept-failed"])
        };
        let list = ready("get-images").with(job.selection.clone()).with(job.search.clone());
        let list = list.with(job.service.clone());
        let is_whole = job.has_sidecars || job.csv.is_some();
        let describe = ready("get-meta").with(job.picture.clone()).with(job.service.clone());
        let describe = describe
            .with(is_whole.then_some(["--fields", "all", "--raw-json"]).into_iter().flatten())
            .with(path_flag("keep-list", &files.described));
        let download = ready("download").with(path_flag("into", &job.into));
        let download = download.with(job.picture.clone()).with(job.download.clone());
        let mut pipe = vec![
            list.clone().with(path_flag("keep-list", &files.listed)),
            describe,
            download.with(job.service.clone()).with(["--format", "csv"]),
        ];
        pipe.extend(job.tag.then(|| ready("tag-exif").with(["--zone", "position"])));
        pipe.extend(job.webp.then(|| ready("to-webp").with(["--delete"])));
        let pack = || ready("pack-tar").with(path_flag("into", &job.into)).with(["--delete"]);
        pipe.extend(job.pack.then(pack));
        if let Some(last) = pipe.pop() {
            pipe.push(last.with(path_flag("output", &files.pictures)));
        }
        let csv = job.csv.as_deref().map(|path| csv(&files, path));
        let list = list.with(path_flag("output", &files.images));
        Plan { list, pipe, csv, files }
    }

    /// All commands as shell input, one per line.
    pub fn lines(&self) -> Vec<String> {
        let last = self.pipe.len().saturating_sub(1);
        let of_pipe = |(at, tool): (usize, &CommandLine)| {
            if at < last { format!("{tool} |") } else { tool.to_string() }
        };
        let pipe = self.pipe.iter().enumerate().map(of_pipe);
        pipe.chain(self.csv.as_ref().map(ToString::to_string)).collect()
    }
}

fn csv(files: &Files, path: &Path) -> CommandLine {
    let rows = CommandLine::new("rows").with(["--format", "csv"]).with([&files.pictures]);
    rows.with(path_flag("output", path))
}
