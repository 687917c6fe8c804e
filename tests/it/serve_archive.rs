//! serve-archive, as a process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::sample;
use crate::tool::{self, tool};
use crate::town;

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_says_where_it_is_answers_and_ends_when_told() {
    let folder = tempfile::tempdir().unwrap();
    town::write(folder.path());
    let mut child = tool("serve-archive").args(&["--port", "0", "-v"]).arg(folder.path()).spawn();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut address = String::new();
    out.read_line(&mut address).unwrap();
    let answer =
        get(address.trim(), &format!("/{}?fields=sequence&access_token=t", sample::id(0, 3)));
    assert!(answer.contains("Qm3vT7xKpL0aWcZyR2sNfB"), "{answer}");
    assert_eq!(terminate(child.id()), Some(0));
    let mut words = String::new();
    child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{words}");
    assert!(words.contains("fields=sequence") && !words.contains("access_token=t"), "{words}");
}

#[test]
fn a_server_that_others_can_reach_says_what_it_opens_and_logs_in_the_common_format() {
    let folder = tempfile::tempdir().unwrap();
    town::write(folder.path());
    let log = folder.path().join("access.log");
    std::fs::write(folder.path().join("token"), "MLY|1|right\n").unwrap();
    for (token, is_said) in [(None, true), (Some("--token"), false), (Some("--token-file"), false)]
    {
        let mut server = tool("serve-archive").args(&["--port", "0", "--listen", "0.0.0.0"]);
        server = server.arg("--access-log").arg(&log);
        server = match token {
            Some("--token") => server.args(&["--token", "MLY|1|right"]),
            Some(flag) => server.arg(flag).arg(folder.path().join("token")),
            None => server,
        };
        let mut child = server.arg(folder.path()).spawn();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        out.read_line(&mut address).unwrap();
        let address = address.trim().replace("0.0.0.0", "127.0.0.1");
        let answer = get(&address, "/me?access_token=wrong");
        assert_eq!(answer.starts_with("HTTP/1.1 200"), token.is_none(), "{answer}");
        let right = get(&address, "/me?access_token=MLY%7C1%7Cright");
        assert!(right.starts_with("HTTP/1.1 200"), "{right}");
        assert_eq!(terminate(child.id()), Some(0));
        let mut words = String::new();
        child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
        child.wait().unwrap();
        assert_eq!(words.contains("anyone who reaches"), is_said, "{words}");
    }
    let lines = std::fs::read_to_string(log).unwrap();
    let ends: Vec<&str> = lines.lines().filter_map(|line| line.split("] ").nth(1)).collect();
    assert!(ends[0].starts_with("\"GET /me HTTP/1.1\" 200 "), "{lines}");
    assert!(ends[2].starts_with("\"GET /me HTTP/1.1\" 400 "), "{lines}");
    assert!(lines.lines().all(|line| line.starts_with("127.0.0.1 - - [")), "{lines}");
}

#[cfg(target_os = "linux")]
#[test]
fn after_sighup_new_pictures_are_served_and_the_server_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rows.jsonl"), "{\"id\":\"1\"}\n").unwrap();
    let mut child = tool("serve-archive").args(&["--port", "0"]).arg(folder.path()).spawn();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut address = String::new();
    out.read_line(&mut address).unwrap();
    let ask = || get(address.trim(), "/1?fields=thumb_256_url&access_token=t");
    assert!(!ask().contains("/m1/"), "{}", ask());
    std::fs::write(folder.path().join("1_256.jpg"), "a picture").unwrap();
    let hup = crate::tool::kill().args(["-HUP", &child.id().to_string()]).status();
    assert!(hup.unwrap().success());
    while !ask().contains("/m1/") {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert_eq!(terminate(child.id()), Some(0));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Asks a process to end, through the system's own command.
fn terminate(process: u32) -> Option<i32> {
    crate::tool::kill().arg(process.to_string()).status().unwrap().code()
}

/// Many systems let a program open 1,024 files unless it asks for more.
#[test]
#[cfg(unix)]
fn more_clients_than_open_files_are_usual_are_served_at_once() {
    let folder = tempfile::tempdir().unwrap();
    town::write(folder.path());
    let mut child = std::process::Command::new("sh")
        .args(["-c", "ulimit -S -n 40; exec \"$0\" --port 0 \"$1\""])
        .args([tool::path("serve-archive").as_os_str(), folder.path().as_os_str()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut address = String::new();
    out.read_line(&mut address).unwrap();
    let host = address.trim().trim_start_matches("http://");
    let path = format!("/{}?access_token=t", sample::id(0, 3));
    let waiting: Vec<TcpStream> = (0..60)
        .map(|_| {
            let mut stream = TcpStream::connect(host).unwrap();
            stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut start = [0; 15];
            stream.read_exact(&mut start).expect("an answer beside those that stay open");
            assert_eq!(&start, b"HTTP/1.1 200 OK");
            stream
        })
        .collect();
    drop(waiting);
    assert_eq!(terminate(child.id()), Some(0));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let run = tool("serve-archive").arg("no-such-folder").run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("'no-such-folder'"), "{}", run.stderr);
}

#[test]
fn help_lists_every_fault_that_can_be_ordered() {
    let run = tool("serve-archive").args(&["--fault", "nosuch=1", "x"]).run();
    assert_eq!(run.status, Some(2));
    let list = run.stderr.split("is not a fault: ").nth(1).unwrap();
    let list = list.split("\n\n").next().unwrap().replace('\n', " ");
    let kinds: Vec<&str> = list.split(',').map(str::trim).collect();
    assert!(kinds.len() > 20, "{kinds:?}");
    for flag in ["-h", "--help"] {
        let help = tool("serve-archive").args(&[flag]).run().stdout;
        let words: Vec<&str> = help.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
        for kind in &kinds {
            assert!(words.contains(kind), "{kind} in {flag}: {help}");
        }
    }
}

/// A server that accepts uploads into a folder, and its address.
fn takes_uploads(folder: &std::path::Path) -> (std::process::Child, String) {
    let server = tool("serve-archive").args(&["--port", "0", "--allow-upload", "--min-free", "0"]);
    let mut child = server.arg(folder).spawn();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    (child, address.trim().to_owned())
}

fn post(address: &str, path: &str, headers: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: OAuth t\r\n{headers}\
         Content-Length: {}\r\n\r\n",
        body.len()
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The value of a member of a JSON answer.
fn member(answer: &str, name: &str) -> String {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let value: serde_json::Value = serde_json::from_str(body).unwrap();
    value[name].as_str().map_or_else(|| value[name].to_string(), String::from)
}

#[cfg(unix)]
#[test]
fn an_upload_goes_on_after_each_kill_and_arrives_once() {
    let folder = tempfile::tempdir().unwrap();
    let camera = crate::photo::Camera {
        original: Some("2024:05:01 12:00:00"),
        offset: Some("+02:00"),
        place: Some((54, 9)),
        ..Default::default()
    };
    let photo = crate::photo::jpeg(&folder.path().join("own/a.jpg"), Some(&camera));
    let (bytes, archive) = (std::fs::read(photo).unwrap(), folder.path().join("archive"));
    std::fs::create_dir(&archive).unwrap();
    let path = "/mapillary_public_uploads/mly_tools_a.jpg";
    let kill = |mut child: std::process::Child| {
        child.kill().unwrap();
        child.wait().unwrap();
    };

    let (child, address) = takes_uploads(&archive);
    let headers = format!("Offset: 0\r\nX-Entity-Length: {}\r\n", bytes.len());
    assert_eq!(member(&post(&address, path, &headers, &bytes[..100]), "offset"), "100");
    kill(child);
    let (child, address) = takes_uploads(&archive);
    assert_eq!(member(&get(&address, &format!("{path}?access_token=t")), "offset"), "100");
    let handle = member(&post(&address, path, "Offset: 100\r\n", &bytes[100..]), "h");
    kill(child);
    let (child, address) = takes_uploads(&archive);
    let manifest = serde_json::json!({"image_handles": [handle]}).to_string();
    let path = "/mapillary_public_uploads/uuid_1.json";
    let handle = member(&post(&address, path, "Offset: 0\r\n", manifest.as_bytes()), "h");
    let finish = serde_json::json!({"file_handle": handle, "file_type": "mly_bundle_manifest"});
    let finish = finish.to_string();
    let cluster = member(&post(&address, "/finish_upload", "", finish.as_bytes()), "cluster_id");
    kill(child);
    let (mut child, address) = takes_uploads(&archive);
    let again = member(&post(&address, "/finish_upload", "", finish.as_bytes()), "cluster_id");
    assert_eq!(again, cluster);
    let list = "/images?creator_username=uploader&fields=captured_at,geometry&access_token=t";
    let images = get(&address, list);
    assert_eq!(images.matches("\"id\"").count(), 1, "{images}");
    assert!(images.contains("\"captured_at\":1714557600000"), "{images}");
    assert!(images.contains("\"coordinates\":[9.0,54.0]"), "{images}");
    assert_eq!(terminate(child.id()), Some(0));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_file_of_rows_is_not_written_over_by_the_address_or_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let rows = folder.path().join("rows.csv");
    std::fs::write(&rows, "img_id\n1\n").unwrap();
    for flag in ["--address-file", "--access-log"] {
        let args = ["--port", "0", "--rows", "rows.csv", flag, "rows.csv", "."];
        let run = tool("serve-archive").within(folder.path()).args(&args).run();
        assert_eq!(run.status, Some(2), "{flag}: {run:?}");
        assert!(run.stderr.contains("is read by --rows"), "{flag}: {}", run.stderr);
        assert_eq!(std::fs::read_to_string(&rows).unwrap(), "img_id\n1\n");
    }
}
