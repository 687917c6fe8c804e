//! One rate shared by many processes: `mly pace`, and tools that use it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::thread;

use mapillary_pipes::serve::permit_endpoint::PaceServer;
use mapillary_pipes::service::Rates;
use mapillary_pipes::service::shared_quota::Permits;

use crate::sample;
use crate::service::{Service, service, service_with};
use crate::tool::{Run, tool};

const PROCESSES: u64 = 8;

fn pacer(per_s: f64) -> PaceServer {
    let rates = Rates { entity: per_s, search: per_s, tile: per_s, internet_archive: per_s };
    PaceServer::start(SocketAddr::from(([127, 0, 0, 1], 0)), Permits::new(rates)).unwrap()
}

/// get-meta over some pictures, as one of many processes.
fn get_meta(service: &Service, pace: &str, args: &[&str]) -> Run {
    let ids: String = (0..10).map(|at| sample::id(0, at) + "\n").collect();
    let tool = service.tool("get-meta").args(&["--pace", pace]).args(args);
    tool.stdin(format!("img_id\n{ids}")).run()
}

#[test]
fn each_request_of_every_process_has_a_permit_of_its_kind() {
    let (service, pacer) = (service(), pacer(500.0));
    let url = pacer.url();
    thread::scope(|scope| {
        for _ in 0..PROCESSES {
            scope.spawn(|| assert_eq!(get_meta(&service, &url, &[]).status, Some(0)));
        }
    });
    let status = pacer.status();
    assert_eq!(status["entity"]["given"].as_u64(), Some(service.requests() as u64), "{status}");
    assert!(service.requests() as u64 >= PROCESSES);
    let list = service.tool("get-images").args(&["--user", "ada", "--pace", &url]).ok();
    assert!(list.stdout.lines().count() > 1);
    assert!(pacer.status()["search"]["given"].as_u64() > Some(0), "{}", pacer.status());
    assert_eq!(pacer.status()["entity"]["given"], status["entity"]["given"]);
}

#[test]
fn a_throttle_of_one_process_is_told_to_the_pacer_of_all() {
    let service = service_with(|settings| {
        settings.faults = vec!["app-limit=1".parse().unwrap()];
    });
    let pacer = pacer(400.0);
    let run = get_meta(&service, &pacer.url(), &["--retries", "0", "--max-failures", "0"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    let status = pacer.status();
    assert_eq!(status["entity"]["throttles"], 1, "{status}");
    assert_eq!(status["entity"]["per_s"], 200.0, "{status}");
}

#[test]
fn without_the_pacer_a_tool_goes_on_slowly_and_says_so() {
    let service = service();
    let gone = pacer(500.0).url();
    let run = get_meta(&service, &gone, &["--rate", "640"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stderr.contains("continuing slowly without it"), "{}", run.stderr);
    let bad = get_meta(&service, "localhost:1", &[]);
    assert!(bad.status == Some(2) && bad.stderr.contains("bad --pace"), "{bad:?}");
}

#[cfg(unix)]
#[test]
fn the_pacer_prints_its_address_says_what_it_opens_and_ends_in_order() {
    let args = ["pace", "--listen", "0.0.0.0:0", "--entity", "7"];
    let mut child = tool("mly").args(&args).spawn();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let port = url.trim().rsplit(':').next().unwrap();
    let run = get_meta(&service(), &format!("http://127.0.0.1:{port}"), &[]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(!run.stderr.contains("pacer"), "{}", run.stderr);
    crate::tool::kill().arg(child.id().to_string()).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("anyone who reaches 0.0.0.0:0 can take permits"), "{words}");
    assert!(matches!(output.status.code(), Some(0 | 130)), "{output:?}");
}
