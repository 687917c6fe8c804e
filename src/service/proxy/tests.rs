//! Tests of proxies, some of them on this machine.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::*;
use crate::service::mock_server::{Script, answer};

fn with(variables: &[(&str, &str)]) -> Result<Proxies, Error> {
    Proxies::from_variables(|name| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| value.to_string())
    })
}

#[test]
fn each_kind_of_request_has_its_proxy_and_all_proxy_is_for_the_rest() {
    let proxies = with(&[
        ("http_proxy", "proxy.example:3128"),
        ("ALL_PROXY", "socks5h://me:secret@localhost"),
        ("NO_PROXY", "a.example *.b.example,10.0.0.0/8"),
    ])
    .unwrap();
    let [http, https] = [proxies.http.clone().unwrap(), proxies.https.clone().unwrap()];
    assert_eq!(http.as_str(), "http://proxy.example:3128/");
    assert_eq!(https.as_str(), "socks5h://me:secret@localhost");
    assert_eq!(proxies.direct(&https), "a.example,b.example,10.0.0.0/8");
    assert!(proxies.direct(&http).ends_with(THIS_MACHINE), "{}", proxies.direct(&http));
    assert!(proxies.apply(reqwest::blocking::Client::builder()).is_ok());
}

#[test]
fn no_variable_and_an_empty_one_are_no_proxy() {
    assert!(with(&[]).unwrap().is_empty());
    assert!(with(&[("ALL_PROXY", ""), ("HTTPS_PROXY", " ")]).unwrap().is_empty());
    assert!(!with(&[("HTTPS_PROXY", ""), ("https_proxy", "h:1")]).unwrap().is_empty());
}

#[test]
fn a_proxy_that_cannot_be_understood_is_an_error_that_names_its_variable() {
    for bad in [
        "socks6://localhost:1080",
        "ftp://localhost",
        "http://",
        "socks5://",
        "localhost:99999",
        "http://local host:1",
        "://x",
        "socks5://me:secret@localhost:port",
    ] {
        for name in ["ALL_PROXY", "https_proxy"] {
            let error = with(&[(name, bad)]).expect_err(bad);
            assert!(error.is_of_run() && error.message.contains(name), "{error}");
            assert!(!error.message.contains("secret"), "{error}");
        }
    }
    assert!(with(&[("all_proxy", "socks://127.0.0.1:1080/")]).is_ok(), "as desktops write it");
}

/// A SOCKS proxy (RFC 1928, without a login) that forwards everything to one port of this machine, and the targets that
/// were requested.
fn socks(port: u16) -> (String, Arc<Mutex<Vec<Vec<u8>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let targets = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&targets);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            seen.lock().unwrap().push(socks_session(client, port));
        }
    });
    (address, targets)
}

fn socks_session(mut client: TcpStream, port: u16) -> Vec<u8> {
    let mut buffer = [0; 512];
    let _ = client.read(&mut buffer).unwrap();
    client.write_all(&[5, 0]).unwrap();
    let n = client.read(&mut buffer).unwrap();
    let target = buffer[3..n].to_vec();
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
    let mut service = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let n = client.read(&mut buffer).unwrap();
    service.write_all(&buffer[..n]).unwrap();
    let _ = std::io::copy(&mut service, &mut client);
    target
}

#[test]
fn a_socks_proxy_on_this_machine_takes_what_is_asked_of_this_machine_too() {
    let script = Script::play(vec![answer(200, "", br#"{"data":[{"id":"1"}]}"#)]);
    let port: u16 = script.base().rsplit_once(':').unwrap().1.parse().unwrap();
    for (scheme, host) in [("socks5", "localhost"), ("socks5h", "graph.example")] {
        let (address, targets) = socks(port);
        let proxy = format!("{scheme}://{address}");
        let (client, _) = script.client_with(|s| {
            s.graph = format!("http://{host}:{port}");
            s.proxies = with(&[("ALL_PROXY", &proxy)]).unwrap();
            s.token = Some(crate::service::Token::new("t").unwrap());
        });
        assert_eq!(client.image_ids("s").unwrap().ids, ["1"], "{scheme}");
        let targets = targets.lock().unwrap();
        assert_eq!(targets.len(), 1, "{scheme}");
        // Only socks5h leaves the name to the proxy.
        let names = targets[0].windows(host.len()).any(|part| part == host.as_bytes());
        assert_eq!(names, scheme == "socks5h", "{targets:?}");
        let (client, _) = script.client_with(|s| {
            s.proxies = with(&[("ALL_PROXY", &proxy), ("NO_PROXY", "127.0.0.0/8")]).unwrap();
        });
        assert_eq!(client.image_ids("s").unwrap().ids, ["1"]);
        assert_eq!(targets.len(), 1, "not for what NO_PROXY names");
    }
}

#[test]
fn an_http_proxy_takes_requests_whole_and_one_elsewhere_none_for_this_machine() {
    let proxy = Script::play(vec![answer(200, "", br#"{"data":[{"id":"1"}]}"#)]);
    let (client, _) = proxy.client_with(|s| {
        s.graph = "http://graph.example".into();
        s.proxies = with(&[("http_proxy", &proxy.base())]).unwrap();
        s.token = Some(crate::service::Token::new("t").unwrap());
    });
    assert_eq!(client.image_ids("s").unwrap().ids, ["1"]);
    let first = "GET http://graph.example/image_ids?sequence_id=s HTTP/1.1";
    assert!(proxy.seen()[0].starts_with(first), "{:?}", proxy.seen());
    // No host has this address (RFC 5737).
    let (client, _) = proxy.client_with(|s| {
        s.proxies = with(&[("ALL_PROXY", "http://192.0.2.1:9")]).unwrap();
    });
    assert_eq!(client.image_ids("s").unwrap().ids, ["1"]);
}
