//! The main pipe against the local server: what is served comes back.

use mapillary_pipes::serve::Order;

use crate::sample::{BBOX, RIDES};
use crate::service::{Service, files, service, service_with};

fn sequences(service: &Service) -> String {
    service.tool("get-sequences").args(&["--bbox", BBOX]).ok().stdout
}

fn images(service: &Service) -> String {
    service.tool("get-images").stdin(sequences(service)).ok().stdout
}

fn meta(service: &Service) -> String {
    service.tool("get-meta").stdin(images(service)).ok().stdout
}

/// How many pictures there are that are not deleted.
fn held() -> usize {
    RIDES.iter().map(|ride| ride.pictures as usize).sum::<usize>() - 1
}

#[test]
fn what_is_served_comes_back_byte_for_byte() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let rows = meta(&service);
    assert_eq!(rows.lines().count(), held() + 1);
    let dir = into.path().to_str().unwrap();
    let run = service.tool("download").args(&["--into", dir]).stdin(rows.as_str()).ok();
    assert!(run.stderr.contains(&format!("{} done", held())), "{}", run.stderr);
    assert!(files(&service.pictures()) == files(into.path()));

    let asked = service.requests();
    let again = service.tool("download").args(&["--into", dir]).stdin(rows).ok();
    assert!(again.stderr.contains(&format!("{} kept", held())), "{}", again.stderr);
    assert_eq!(service.requests(), asked);
}

#[test]
fn faults_of_every_kind_leave_the_result_of_a_clean_run() {
    let clean = service();
    let kinds = [
        "app-limit",
        "xml",
        "login",
        "transient",
        "timeout",
        "server",
        "cut",
        "length",
        "expired",
        "html",
        "malformed",
        "drop",
    ];
    let faulty = service_with(|settings| {
        let share = 0.2 / kinds.len() as f64 * 3.0;
        let order = |kind: &&str| format!("{kind}={share}").parse::<Order>().unwrap();
        settings.faults = kinds.iter().map(order).collect();
        settings.seed = 7;
    });
    let plain = |text: String| {
        let mut rows: Vec<String> = text
            .lines()
            .map(|line| {
                line.split(',')
                    .filter(|cell| !cell.starts_with("http"))
                    .collect::<Vec<_>>()
                    .join(",")
            })
            .collect();
        rows.sort();
        rows
    };
    let rows = meta(&faulty);
    assert_eq!(plain(rows.clone()), plain(meta(&clean)));
    let into = tempfile::tempdir().unwrap();
    let dir = into.path().to_str().unwrap();
    faulty.tool("download").args(&["--into", dir]).stdin(rows).ok();
    assert!(files(&clean.pictures()) == files(into.path()));
}
