//! A stand-in for archive.org, in memory: the content of an item (`/metadata/ID`, which also accepts changes), both
//! searches (`scrape` with cursors and `advancedsearch.php`), and uploads (`PUT /ID/FILE`), with configured faults.
//! Clients made by others work with it too: it also answers as a proxy, so that `HTTP_PROXY` leads here.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};

/// An item: its metadata, and the names and sizes of its files.
#[derive(Debug, Clone, Default)]
pub struct Item {
    pub metadata: BTreeMap<String, Vec<String>>,
    pub files: BTreeMap<String, u64>,
    pub is_dark: bool,
}

/// A fault of an answer.
#[derive(Debug, Clone, Copy)]
pub enum Disturbance {
    Status(u16),
    /// The head promises more bytes than follow.
    Cut,
    Malformed,
    /// A 200 whose body is an error.
    Error,
    Slow(Duration),
    Drop,
}

/// A longer body is a file, not a form.
const MOST_FORM: u64 = 1 << 20;

#[derive(Debug, Default)]
struct State {
    items: BTreeMap<String, Item>,
    faults: VecDeque<Disturbance>,
    asked: Vec<String>,
    page: usize,
}

/// The server; it answers until the process ends.
pub struct InternetArchive {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    length: u64,
}

/// Listens on a port of this machine; 0 takes a free one.
pub fn start(port: u16) -> io::Result<InternetArchive> {
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let address = listener.local_addr()?;
    let state: Arc<Mutex<State>> = Arc::new(Mutex::new(State { page: 5000, ..State::default() }));
    let shared = Arc::clone(&state);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let state = Arc::clone(&shared);
            // An aborted connection is not an error here.
            std::thread::spawn(move || _ = serve(stream, &state));
        }
    });
    Ok(InternetArchive { address, state })
}

#[allow(dead_code)]
impl InternetArchive {
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds an item.
    pub fn hold(&self, identifier: &str, item: Item) {
        self.lock().items.insert(identifier.to_string(), item);
    }

    pub fn item(&self, identifier: &str) -> Option<Item> {
        self.lock().items.get(identifier).cloned()
    }

    /// Configures faults for the next answers, one after another.
    pub fn order(&self, faults: &[Disturbance]) {
        self.lock().faults.extend(faults);
    }

    /// Removes the configured faults.
    pub fn recover(&self) {
        self.lock().faults.clear();
    }

    /// Limits the number of items in a page of a search.
    pub fn set_page(&self, items: usize) {
        self.lock().page = items;
    }

    /// The heads of all requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.lock().asked.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut input = BufReader::new(stream.try_clone()?);
    let Some((request, head)) = read(&mut input)? else { return Ok(()) };
    let mut body = (&mut input).take(request.length);
    let mut start = Vec::new();
    (&mut body).take(MOST_FORM).read_to_end(&mut start)?;
    let taken = start.len() as u64 + io::copy(&mut body, &mut io::sink())?;
    let form = String::from_utf8_lossy(&start).into_owned();
    let (fault, answer) = {
        let mut state = state.lock().unwrap();
        state.asked.push(head);
        let fault = state.faults.pop_front();
        // A failed request has no effect; a slow one does.
        let acts = matches!(fault, None | Some(Disturbance::Slow(_)));
        (fault, if acts { answer(&mut state, &request, taken, &form) } else { (200, Value::Null) })
    };
    send(stream, fault, answer)
}

fn send(mut stream: TcpStream, fault: Option<Disturbance>, answer: (u16, Value)) -> io::Result<()> {
    let (status, body) = match fault {
        Some(Disturbance::Drop) => return Ok(()),
        Some(Disturbance::Status(status)) => (status, "<html>not now</html>".to_string()),
        Some(Disturbance::Malformed) => (200, "{\"metadata\": {\"identifier\"".to_string()),
        Some(Disturbance::Cut) => (200, "{\"metadata\": {".to_string()),
        Some(Disturbance::Error) => (200, json!({ "error": "the datanode is down" }).to_string()),
        Some(Disturbance::Slow(time)) => {
            std::thread::sleep(time);
            (answer.0, answer.1.to_string())
        }
        None => (answer.0, answer.1.to_string()),
    };
    let length = body.len() + if matches!(fault, Some(Disturbance::Cut)) { 100 } else { 0 };
    let retry = if matches!(status, 429 | 503) { "Retry-After: 0\r\n" } else { "" };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n{retry}Content-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}

fn read(input: &mut impl BufRead) -> io::Result<Option<(Request, String)>> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if input.read_line(&mut head)? == 0 || head.len() > 1 << 20 {
            return Ok(None);
        }
    }
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    // A client that uses us as its proxy sends the whole URL.
    let target = match target.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => target,
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_string()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let request = Request {
        method: method.to_string(),
        path: decoded(path),
        query: query.to_string(),
        headers,
        length,
    };
    Ok(Some((request, head)))
}

fn answer(state: &mut State, request: &Request, taken: u64, form: &str) -> (u16, Value) {
    let parts: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
    match (request.method.as_str(), &parts[..]) {
        ("PUT", [identifier, file @ ..]) if !file.is_empty() => {
            let item = state.items.entry(identifier.to_string()).or_default();
            if item.files.is_empty() {
                item.metadata = metadata(&request.headers);
            }
            item.files.insert(file.join("/"), taken);
            (200, Value::Null)
        }
        ("GET", ["metadata", identifier]) => {
            (200, state.items.get(*identifier).map_or(json!({}), |item| whole(identifier, item)))
        }
        ("POST", ["metadata", identifier]) => match state.items.get_mut(*identifier) {
            Some(item) => (200, patched(item, &parameter(form, "-patch"))),
            None => (404, json!({ "success": false, "error": "no such item" })),
        },
        ("GET" | "POST", ["services", "search", "v1", "scrape"]) => scrape(state, request),
        ("GET", ["advancedsearch.php"]) => advanced(state, request),
        ("GET", []) => (200, json!({ "over_limit": 0 })),
        _ => (404, json!({ "error": "not found" })),
    }
}

fn whole(identifier: &str, item: &Item) -> Value {
    if item.is_dark {
        return json!({ "created": 1, "is_dark": true, "dir": format!("/1/items/{identifier}") });
    }
    let of = |name: &String, source: &str, size: u64| json!({ "name": name, "source": source, "size": size.to_string() });
    let mut files: Vec<Value> =
        item.files.iter().map(|(name, size)| of(name, "original", *size)).collect();
    files.push(of(&format!("{identifier}_meta.xml"), "metadata", 0));
    json!({
        "created": 1, "server": "ia600000.us.archive.org", "dir": format!("/1/items/{identifier}"),
        "files": files, "files_count": files.len(), "item_size": size(item),
        "metadata": fields(identifier, item),
    })
}

fn fields(identifier: &str, item: &Item) -> Value {
    let mut all = json!({ "identifier": identifier, "item_size": size(item) });
    for (name, values) in &item.metadata {
        all[name] = if values.len() == 1 { json!(values[0]) } else { json!(values) };
    }
    all
}

/// Changes metadata by a JSON patch (RFC 6902): whole tags, or one of several values.
fn patched(item: &mut Item, patch: &str) -> Value {
    let steps: Vec<Value> = serde_json::from_str(patch).unwrap_or_default();
    if steps.is_empty() {
        return json!({ "success": false, "error": "no changes to _meta.xml" });
    }
    for step in &steps {
        let path = step["path"].as_str().unwrap_or_default().trim_start_matches('/');
        let (tag, at) = path.split_once('/').unwrap_or((path, ""));
        let values = item.metadata.entry(tag.to_string()).or_default();
        let new: Vec<String> = match &step["value"] {
            Value::Array(all) => {
                all.iter().filter_map(|one| Some(one.as_str()?.to_string())).collect()
            }
            one => one.as_str().map(String::from).into_iter().collect(),
        };
        match (step["op"].as_str(), at.parse::<usize>()) {
            (Some("remove"), Ok(at)) if at < values.len() => _ = values.remove(at),
            (_, Ok(at)) if at < values.len() => _ = values.splice(at..=at, new),
            (_, Ok(_)) => values.extend(new),
            (_, Err(_)) => *values = new,
        }
    }
    item.metadata.retain(|_, values| !values.is_empty());
    json!({ "success": true, "task_id": 1, "log": "https://catalogd.archive.org/log/1" })
}

fn size(item: &Item) -> u64 {
    item.files.values().sum()
}

/// The items that a query finds: terms `field:value` or `field:*`, joined by OR.
fn found<'a>(state: &'a State, query: &'a str) -> impl Iterator<Item = (&'a String, &'a Item)> {
    let terms: Vec<(&str, &str)> = query
        .split(" OR ")
        .filter_map(|term| term.trim_matches(['(', ')']).split_once(':'))
        .collect();
    state.items.iter().filter(move |(_, item)| {
        let has = |&(field, value): &(&str, &str)| {
            let values = item.metadata.get(field);
            values.is_some_and(|values| value == "*" || values.iter().any(|own| own == value))
        };
        !item.is_dark && terms.iter().any(has)
    })
}

fn scrape(state: &State, request: &Request) -> (u16, Value) {
    let (query, from) = (parameter(&request.query, "q"), parameter(&request.query, "cursor"));
    let count: usize = parameter(&request.query, "count").parse().unwrap_or(5000);
    if count < 100 {
        return (
            400,
            json!({ "error": "count must be at least 100", "errorType": "RangeException" }),
        );
    }
    let wanted = parameter(&request.query, "fields");
    let all: Vec<Value> =
        found(state, &query).map(|(name, item)| chosen(fields(name, item), &wanted)).collect();
    let start: usize = from.trim_start_matches("after-").parse().unwrap_or(0);
    let items: Vec<&Value> = all.iter().skip(start).take(count.min(state.page)).collect();
    let mut page = json!({ "items": items, "count": items.len(), "total": all.len() });
    if start + items.len() < all.len() {
        page["cursor"] = json!(format!("after-{}", start + items.len()));
    }
    (200, page)
}

fn advanced(state: &State, request: &Request) -> (u16, Value) {
    let query = parameter(&request.query, "q");
    let rows: usize = parameter(&request.query, "rows").parse().unwrap_or(50);
    let page: usize = parameter(&request.query, "page").parse().unwrap_or(1);
    let all: Vec<Value> = found(state, &query).map(|(name, item)| fields(name, item)).collect();
    let start = page.saturating_sub(1) * rows;
    let docs: Vec<&Value> = all.iter().skip(start).take(rows).collect();
    (
        200,
        json!({
            "responseHeader": { "status": 0 },
            "response": { "numFound": all.len(), "start": start, "docs": docs },
        }),
    )
}

fn chosen(mut all: Value, wanted: &str) -> Value {
    let wanted: Vec<&str> = wanted.split(',').collect();
    if let (Some(all), true) = (all.as_object_mut(), wanted != [""]) {
        all.retain(|name, _| name == "identifier" || wanted.contains(&name.as_str()));
    }
    all
}

/// `x-archive-meta00-name: value`: numbered for several values of a name, `--` for `_`, `uri(...)` for non-ASCII text.
fn metadata(headers: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in headers {
        let Some(rest) = name.strip_prefix("x-archive-meta") else { continue };
        let name = rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-');
        let encoded = value.strip_prefix("uri(").and_then(|value| value.strip_suffix(')'));
        let value = encoded.map_or(value.clone(), decoded);
        all.entry(name.replace("--", "_")).or_default().push(value);
    }
    all
}

fn parameter(query: &str, name: &str) -> String {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next();
    decoded(&value.unwrap_or_default().replace('+', " "))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits =
            after.get(..2).filter(|_| first == b'%').and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => (bytes.push(byte), rest = &after[2..]).1,
            None => (bytes.push(first), rest = after).1,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
