//! A server that answers as a test specifies: what the local server never does.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::tool::{Tool, tool};

type Answer = dyn Fn(&str) -> (u16, Vec<u8>) + Send + Sync;

/// The server; it answers until the process ends.
pub struct Odd {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// Answers each path, including its query, with a status and a body.
pub fn odd<B: Into<Vec<u8>>>(answer: impl Fn(&str) -> (u16, B) + Send + Sync + 'static) -> Odd {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    let answer: Arc<Answer> = Arc::new(move |path: &str| {
        let (status, body) = answer(path);
        (status, body.into())
    });
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
            std::thread::spawn(move || _ = serve(stream, &log, &*answer));
        }
    });
    Odd { url, asked }
}

#[allow(dead_code)]
impl Odd {
    /// A tool that uses this server, with minimal waits.
    pub fn tool(&self, name: &str) -> Tool {
        tool(name)
            .env("MAPILLARY_GRAPH_API_ENDPOINT", &self.url)
            .env("MAPILLARY_TILES_ENDPOINT", &self.url)
            .env("INTERNET_ARCHIVE_ENDPOINT", &self.url)
            .env("MAPILLARY_TOKEN", "MLY|1|secret")
            .args(&["--retry-wait", "0.001", "--retries", "2"])
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The number of requests so far whose path or query contains this text.
    pub fn asked(&self, what: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|path| path.contains(what)).count()
    }
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<String>>, answer: &Answer) -> std::io::Result<()> {
    let mut head = String::new();
    let mut lines = BufReader::new(stream.try_clone()?);
    while !head.ends_with("\r\n\r\n") {
        if lines.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let path = head.split(' ').nth(1).unwrap_or_default().to_string();
    log.lock().unwrap().push(path.clone());
    let (status, body) = answer(&path);
    let length = body.len();
    write!(stream, "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n")?;
    stream.write_all(&body)
}
