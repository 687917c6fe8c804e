//! The server over loopback, as clients use it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::*;
use crate::value::s2_cell::S2Cell;

mod entities;
mod fast_path;
mod faults;
mod http;
mod index;
#[cfg(unix)]
mod links;
mod pictures;
mod search;
mod tiles;
mod web;

/// A response as received.
#[derive(Debug)]
struct Got {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    fn header(&self, name: &str) -> Option<&str> {
        let line = |line: &'_ &str| line.to_ascii_lowercase().starts_with(&format!("{name}:"));
        Some(self.head.lines().find(line)?.split_once(':')?.1.trim())
    }
}

fn send(server: &Server, request: &str) -> std::io::Result<Got> {
    let mut stream = TcpStream::connect(server.address())?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Ok(Got { status, head, body: bytes[end + 4..].to_vec() })
}

fn ask(server: &Server, method: &str, target: &str, headers: &str) -> Got {
    let host = server.address();
    let request =
        format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
    send(server, &request).expect("an answer")
}

fn get(server: &Server, target: &str) -> Got {
    ask(server, "GET", target, "Authorization: OAuth MLY|1|2\r\n")
}

/// A link to this server without its host.
fn target(link: &Value) -> String {
    let link = link.as_str().expect("a link");
    format!("/{}", link.splitn(4, '/').nth(3).expect("a path"))
}

const PICTURE: &[u8] = b"\xff\xd8\xff\xfe a small picture \xff\xd9";

struct Town {
    dir: tempfile::TempDir,
}

impl Town {
    /// Five images of ada in sequence `S`, one of bob; 3 has no picture, 5 is gone.
    fn new() -> Town {
        let dir = tempfile::tempdir().expect("a folder");
        let mut rows = String::new();
        for n in 1..=6 {
            let (name, user, sequence) = if n < 6 { ("ada", 77, "S") } else { ("bob", 88, "T") };
            rows.push_str(&format!(
                "{{\"captured_at\": {}, \"geometry\": {{\"type\": \"Point\", \"coordinates\": [13.40{n}0, 52.520]}}, \
                 \"sequence\": \"{sequence}\", \"creator\": {{\"username\": \"{name}\", \"id\": \"{user}\"}}, \
                 \"organization\": {{\"id\": \"99\"}}, \"is_pano\": {}, \"make\": \"Acme\", \
                 \"merge_cc\": 4.50e+18, \"id\": \"10{n}\"}}\n",
                1_717_245_296_000i64 + n * 1000,
                n == 2,
            ));
        }
        rows.push_str("{\"__complete__\": true}\n");
        fs::write(dir.path().join("metadata.jsonl"), rows).expect("rows");
        for name in ["101.jpg", "101_256.jpg", "2024/S/102.jpg", "104.jpg", "105.jpg", "106.jpg"] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, PICTURE).expect("a picture");
        }
        Town { dir }
    }

    fn serve(&self, change: impl FnOnce(&mut ServerSettings)) -> Server {
        let mut settings =
            ServerSettings { gone: vec!["105".into()], ..ServerSettings::new(self.dir.path()) };
        change(&mut settings);
        Server::start(settings).expect("a server")
    }
}

fn ids(got: &Got) -> Vec<String> {
    let data = got.json()["data"].as_array().expect("data").clone();
    data.iter().map(|image| image["id"].as_str().expect("an id").to_owned()).collect()
}

fn error_of(got: &Got) -> (u16, i64, Value) {
    let error = got.json()["error"].clone();
    assert!(error["fbtrace_id"].is_string() && error["message"].is_string(), "{error}");
    (got.status, error["code"].as_i64().expect("a code"), error["error_subcode"].clone())
}

/// Waits until the condition holds; the server checks for changes on a thread of its own.
fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        std::thread::sleep(Duration::from_millis(2));
    }
}

const TILE: &str = "/maps/vtp/mly1_public/2/0/0/0";
