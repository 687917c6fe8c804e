//! login, as a process, with the server of this project.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;

use mapillary_pipes::serve::Limits;

use crate::service::{Service, service_with};
use crate::tool::Tool;

fn taking() -> Service {
    service_with(|settings| {
        settings.upload = Some(Limits { min_free_bytes: 0, ..Limits::default() });
    })
}

fn login(service: &Service, folder: &Path) -> Tool {
    service.tool("login").env("MAPILLARY_CONFIG_PATH", folder.join("profiles").to_str().unwrap())
}

/// A user token, as the server returns it for an e-mail and a password.
fn token_of(service: &Service, email: &str) -> String {
    let body = format!("{{\"email\":\"{email}\",\"password\":\"p\"}}");
    let answer = ask(
        &service.url(),
        &format!(
            "POST /login HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        ),
        &body,
    );
    let json: serde_json::Value =
        serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    json["access_token"].as_str().unwrap().to_owned()
}

fn ask(url: &str, head: &str, body: &str) -> String {
    let host = url.strip_prefix("http://").unwrap().trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "{head}Host: {host}\r\nConnection: close\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_token_from_standard_input_is_kept_for_nobody_else_and_says_whose_it_is() {
    let (service, folder) = (taking(), tempfile::tempdir().unwrap());
    let token = token_of(&service, "grace@example.org");
    let run = login(&service, folder.path()).stdin(format!("{token}\n")).ok();
    assert!(
        run.stderr.contains("logged in as 'grace'") && !run.stderr.contains(&token),
        "{}",
        run.stderr
    );
    let path = folder.path().join("profiles");
    let kept = fs::read_to_string(&path).unwrap();
    assert!(
        kept.contains("[grace]\n") && kept.contains(&format!("user_upload_token = {token}\n")),
        "{kept}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let check = login(&service, folder.path()).arg("--check").ok();
    assert!(check.stderr.contains("profile 'grace' is of user 'grace'"), "{}", check.stderr);
    let other = token_of(&service, "ada@example.org");
    login(&service, folder.path()).args(&["--profile", "second"]).stdin(other).ok();
    let check = login(&service, folder.path()).arg("--check").run();
    assert_eq!(check.status, Some(2));
    assert!(
        check.stderr.contains("grace, second") && check.stderr.contains("--profile"),
        "{}",
        check.stderr
    );
    let check = login(&service, folder.path()).args(&["--check", "--profile", "second"]).ok();
    assert!(check.stderr.contains("of user 'ada'"), "{}", check.stderr);
    assert_eq!(check.stderr.lines().count(), 1, "nothing is said of rows: {}", check.stderr);
}

#[test]
fn a_service_that_does_not_answer_is_named_with_what_was_asked() {
    let (service, folder) = (taking(), tempfile::tempdir().unwrap());
    let dead = login(&service, folder.path())
        .env("MAPILLARY_GRAPH_API_ENDPOINT", "http://127.0.0.1:1")
        .args(&["--retries", "1"]);
    let run = dead.stdin("a-user").run();
    assert_eq!(run.status, Some(2), "{run:?}");
    let words = "'127.0.0.1' gives no answer about the user of the token: ";
    assert!(run.stderr.contains(words), "{}", run.stderr);
    assert!(run.stderr.contains("Connection refused at '127.0.0.1:1'"), "{}", run.stderr);
}

#[test]
fn a_token_that_is_none_is_refused_and_not_kept() {
    let (service, folder) = (taking(), tempfile::tempdir().unwrap());
    for (token, words) in [("", "the token is empty"), ("a b", "characters that no token has")] {
        let run = login(&service, folder.path()).stdin(token).run();
        assert_eq!(run.status, Some(2), "{run:?}");
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    let run = login(&service, folder.path()).args(&["--profile", "a b"]).stdin("x").run();
    assert!(run.stderr.contains("'a b' cannot name a profile"), "{}", run.stderr);
    assert!(!folder.path().join("profiles").exists());
    let check = login(&service, folder.path()).arg("--check").run();
    assert!(check.stderr.contains("no user is logged in"), "{}", check.stderr);
}

#[test]
fn a_browser_comes_back_with_a_code_for_a_token() {
    let (service, folder) = (taking(), tempfile::tempdir().unwrap());
    let mut child = login(&service, folder.path())
        .env("MAPILLARY_CLIENT_SECRET", "MLY|1|other")
        .env("PATH", "/nonexistent")
        .args(&["--browser", "--profile", "mine"])
        .spawn();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let page = line.trim().rsplit(' ').next().unwrap();
    let (url, target) = (service.url(), page.strip_prefix(&service.url()).unwrap());
    let answer = ask(&url, &format!("GET {target} HTTP/1.1\r\n"), "");
    let back = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().trim();
    let (host, target) = back.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let host = host.replace("localhost", "127.0.0.1");
    // A request from another sender is ignored.
    assert!(
        ask(&format!("http://{host}"), "GET /?code=x&state=y HTTP/1.1\r\n", "")
            .starts_with("HTTP/1.1 404")
    );
    let page = ask(&format!("http://{host}"), &format!("GET /{target} HTTP/1.1\r\n"), "");
    assert!(page.contains("Logged in"), "{page}");
    assert!(child.wait().unwrap().success());
    assert!(fs::read_to_string(folder.path().join("profiles")).unwrap().contains("[mine]"));
}

#[test]
fn the_token_of_an_application_is_no_log_in() {
    let (service, folder) = (taking(), tempfile::tempdir().unwrap());
    let run = login(&service, folder.path()).stdin("MLY|12|secret\n").run();
    assert_eq!((run.status, folder.path().join("profiles").exists()), (Some(2), false));
    assert!(run.stderr.contains("of an application") && !run.stderr.contains("secret"), "{run:?}");
}
