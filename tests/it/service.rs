//! The local server over the sample archive, with configured faults.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use mapillary_pipes::serve::{Server, ServerSettings};

use crate::sample;
use crate::tool::{Tool, tool};
use crate::town;

/// A server over the sample town that records its requests.
pub struct Service {
    pub folder: tempfile::TempDir,
    server: Server,
    asked: Arc<Mutex<Vec<String>>>,
}

/// The sample town, served without a fault.
pub fn service() -> Service {
    service_with(|_| {})
}

/// The sample town, served with the settings of `change`.
pub fn service_with(change: impl FnOnce(&mut ServerSettings)) -> Service {
    let folder = tempfile::tempdir().unwrap();
    town::write(folder.path());
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    let mut settings = ServerSettings::new(folder.path());
    settings.gone = vec![sample::DELETED.to_string()];
    settings.log = Some(Arc::new(move |line: &str| log.lock().unwrap().push(line.to_string())));
    change(&mut settings);
    let server = Server::start(settings).unwrap();
    Service { folder, server, asked }
}

#[allow(dead_code)]
impl Service {
    /// A tool that uses this server, with minimal waits.
    pub fn tool(&self, name: &str) -> Tool {
        let url = self.server.url();
        tool(name)
            .env("MAPILLARY_GRAPH_API_ENDPOINT", &url)
            .env("MAPILLARY_TILES_ENDPOINT", &url)
            .env("MAPILLARY_TOKEN", "MLY|1|secret")
            .args(&["--retry-wait", "0.001"])
    }

    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The number of requests so far that contain this text.
    pub fn asked(&self, what: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|line| line.contains(what)).count()
    }

    /// The requests so far, in the order of their answers.
    pub fn log(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The number of all requests so far.
    pub fn requests(&self) -> usize {
        self.asked("")
    }

    pub fn pictures(&self) -> std::path::PathBuf {
        self.folder.path().join("pictures")
    }
}

/// The names and bytes of all files below a folder, without the tools' notes.
#[allow(dead_code)]
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut folders, mut files) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap().map(Result::unwrap) {
            let path = entry.path();
            match path.is_dir() {
                true if entry.file_name() == ".mapillary-pipes" => {}
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                    files.push((name, fs::read(&path).unwrap()));
                }
            }
        }
    }
    files.sort();
    files
}
