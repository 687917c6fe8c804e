//! For tests: a server on loopback that sends a list of raw answers, or calls a function for each, and records the
//! heads of the requests.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::client::Client;
use super::clock::Clock;
use super::retry::Stop;
use super::settings::ClientSettings;

type Answer = dyn Fn(usize, &str) -> Vec<u8> + Send + Sync;

pub struct Script {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Script {
    /// Sends the answers in turn, and then repeats the last one.
    pub fn play(answers: Vec<Vec<u8>>) -> Self {
        Self::ask(move |n, _| answers[n.min(answers.len() - 1)].clone())
    }

    /// Sends this many bytes of the answer at once, and then a byte after each pause.
    pub fn drip(answer: Vec<u8>, at_once: usize, pause: Duration) -> Self {
        Self::with(move |_, _| answer.clone(), Some((at_once, pause)))
    }

    /// Answers request number n (from 0), whose head is given, with the result of the function.
    pub fn ask(answer: impl Fn(usize, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::with(answer, None)
    }

    fn with(
        answer: impl Fn(usize, &str) -> Vec<u8> + Send + Sync + 'static,
        drip: Option<(usize, Duration)>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (heads, answer): (_, Arc<Answer>) = (seen.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (heads, answer) = (heads.clone(), answer.clone());
                std::thread::spawn(move || serve(stream, &heads, &*answer, drip));
            }
        });
        Self { port, seen }
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// A client of this server with almost no waits, and the lines that it logs.
    pub fn client_with(
        &self,
        change: impl FnOnce(&mut ClientSettings),
    ) -> (Client, Arc<Mutex<Vec<String>>>) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let log = lines.clone();
        let mut settings = ClientSettings {
            graph: self.base(),
            tiles: self.base(),
            retry_wait: Duration::from_micros(20),
            timeout: Duration::from_secs(10),
            log: Some(Arc::new(move |line: &str| log.lock().unwrap().push(line.to_owned()))),
            ..ClientSettings::default()
        };
        change(&mut settings);
        (Client::new(settings, Arc::new(AtomicBool::new(false))).unwrap(), lines)
    }
}

/// A clock on which each wait ends at once.
#[derive(Debug)]
pub struct TestClock {
    start: Instant,
    passed: Mutex<Duration>,
}

impl Default for TestClock {
    fn default() -> Self {
        Self { start: Instant::now(), passed: Mutex::default() }
    }
}

impl TestClock {
    /// The total time that its callers have slept.
    pub fn passed(&self) -> Duration {
        *self.passed.lock().unwrap()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        self.start + self.passed()
    }

    fn sleep(&self, time: Duration, stop: &Stop) -> bool {
        *self.passed.lock().unwrap() += time;
        !stop.is_set()
    }
}

pub fn client(script: &Script) -> Client {
    script.client_with(|_| ()).0
}

/// A complete answer, after which the connection closes.
pub fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} X\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Bytes sent unchanged, after which the connection closes.
pub fn raw(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

fn serve(
    mut stream: TcpStream,
    heads: &Mutex<Vec<String>>,
    answer: &Answer,
    drip: Option<(usize, Duration)>,
) {
    let mut head = String::new();
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    while !head.ends_with("\r\n\r\n") {
        if lines.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let n = {
        let mut heads = heads.lock().unwrap();
        heads.push(head.clone());
        heads.len() - 1
    };
    let bytes = answer(n, &head);
    let (at_once, pause) = drip.unwrap_or((bytes.len(), Duration::ZERO));
    let (start, rest) = bytes.split_at(at_once.min(bytes.len()));
    if stream.write_all(start).is_err() {
        return;
    }
    for byte in rest {
        std::thread::sleep(pause);
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
    }
}
