//! An archive that lasts: fetched, packed, checked, mended, and asked again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mapillary_pipes::serve::{Server, Settings};

use crate::pack_tar::files;
use crate::service::{Service, service};
use crate::tool::{Run, Tool, tool};

const TOWN: &str = "9.94,54.31,9.97,54.33";

fn rows(service: &Service, folder: &Path) {
    let run = |tool: Tool| tool.within(folder).arg("-q").ok();
    run(service.tool("get-sequences").args(&["--bbox", TOWN, "-o", "seqs.csv"]));
    run(service.tool("get-images").args(&["seqs.csv", "-o", "images.csv"]));
    run(service.tool("get-meta").args(&["images.csv", "-o", "meta.csv"]));
}

fn download(service: &Service, folder: &Path, rows: &str) -> Run {
    let tool = service.tool("download").within(folder).args(&["--into", "pics", "-f", "csv"]);
    tool.stdin(rows).run()
}

fn pack(folder: &Path, rows: &str, args: &[&str]) -> Run {
    let tool = tool("pack-tar").within(folder).args(&["--into", "pics", "--delete"]);
    tool.args(args).stdin(rows).run()
}

/// Fetches what a service has, tags it, converts it, packs it.
fn collect(asking: &dyn Fn(&str) -> Tool, folder: &Path, convert: bool) -> Pictures {
    let stage = |tool: Tool, args: &[&str]| _ = tool.within(folder).arg("-q").args(args).ok();
    stage(asking("get-sequences"), &["--bbox", TOWN, "-o", "seqs.csv"]);
    stage(asking("get-images"), &["seqs.csv", "-o", "images.csv"]);
    stage(asking("get-meta"), &["images.csv", "-o", "meta.csv"]);
    stage(asking("download"), &["meta.csv", "--into", "pics", "-o", "fetched.csv"]);
    let fetched = files(&folder.join("pics"));
    stage(tool("tag-exif"), &["fetched.csv", "-o", "tagged.csv"]);
    let mut last = "tagged.csv";
    if convert {
        stage(tool("to-webp"), &[last, "--method", "0", "--delete", "-o", "webp.csv"]);
        last = "webp.csv";
    }
    let made = files(&folder.join("pics"));
    stage(tool("pack-tar"), &[last, "--into", "pics", "--delete", "-o", "packed.csv"]);
    Pictures { fetched, made, tars: files(&folder.join("pics")) }
}

/// The files of a collection: as they came, as they were packed, and the tars with what lies beside.
struct Pictures {
    fetched: BTreeMap<String, Vec<u8>>,
    made: BTreeMap<String, Vec<u8>>,
    tars: BTreeMap<String, Vec<u8>>,
}

/// The rows of a file by their lasting columns, in any order, but for the picture that is gone.
fn known(folder: &Path) -> Vec<String> {
    let columns = "img_id,seq_id,captured_at,lon,lat,computed_lon,altitude,make,creator_id,org_id";
    let text = fs::read_to_string(folder.join("meta.csv")).unwrap();
    let rows = tool("rows").args(&["-q", "--columns", columns]).stdin(text).ok().stdout;
    let mut lines: Vec<String> = rows.lines().map(str::to_string).collect();
    lines.retain(|line| !line.starts_with(&format!("{},", crate::sample::DELETED)));
    lines.sort();
    lines
}

fn served_and_fetched_again(convert: bool) {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let first = collect(&|name| service.tool(name), folder.path(), convert);
    assert_eq!((first.fetched.len(), first.made.len()), (58, 58));
    assert!(first.made.keys().all(|name| name.ends_with(".webp") == convert));
    assert_eq!(first.tars.len(), 15, "five tars, each with index and manifest");

    let packed = Server::start(Settings::of(folder.path().join("pics"))).unwrap();
    let asking = |name: &str| {
        let url = packed.url();
        tool(name)
            .env("MAPILLARY_GRAPH_API_ENDPOINT", &url)
            .env("MAPILLARY_TILES_ENDPOINT", &url)
            .env("MAPILLARY_TOKEN", "MLY|1|x")
            .args(&["--retry-wait", "0.001", "--retries", "2"])
    };
    let again = tempfile::tempdir().unwrap();
    let second = collect(&asking, again.path(), convert);
    assert!(second.fetched == first.made, "what was packed is what comes");
    assert!(second.made == first.made, "it is tagged and converted already");
    assert_eq!(second.tars.keys().collect::<Vec<_>>(), first.tars.keys().collect::<Vec<_>>());
    let tars = |pictures: Pictures| {
        let named = pictures.tars.into_iter().filter(|(name, _)| !name.ends_with("jsonl"));
        named.collect::<Vec<_>>()
    };
    assert!(tars(second) == tars(first));
    assert_eq!(known(again.path()), known(folder.path()));
}

#[test]
fn what_is_packed_is_served_from_its_tars_and_fetched_again() {
    served_and_fetched_again(false);
}

#[test]
fn what_was_converted_and_packed_is_served_and_fetched_again_too() {
    served_and_fetched_again(true);
}

#[test]
fn done_survives_packing_and_what_is_damaged_is_fetched_and_mended() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    rows(&service, folder);
    let meta = fs::read_to_string(folder.join("meta.csv")).unwrap();
    let first = download(&service, folder, &meta);
    pack(folder, &first.stdout, &["-q"]);
    let packed = files(&folder.join("pics"));
    assert_eq!(service.asked(" /m1/"), 58);

    let again = download(&service, folder, &meta);
    assert!(again.stderr.contains("58 kept"), "{}", again.stderr);
    let kept = pack(folder, &again.stdout, &[]);
    assert!(kept.stderr.starts_with("pack-tar: 58 kept"), "{}", kept.stderr);
    assert_eq!(service.asked(" /m1/"), 58, "no picture is asked for again");
    assert!(files(&folder.join("pics")) == packed);

    let tar = folder.join("pics/2024-06-01.tar");
    let mut bytes = fs::read(&tar).unwrap();
    bytes[1000] ^= 1;
    fs::write(&tar, bytes).unwrap();
    let bad = tool("verify-archive").within(folder).args(&["pics", "-f", "csv"]).run();
    assert_eq!((bad.status, bad.stdout.lines().count()), (Some(1), 2), "{bad:?}");
    let fetched = download(&service, folder, &bad.stdout);
    assert_eq!(service.asked(" /m1/"), 59, "{fetched:?}");
    let mended = pack(folder, &fetched.stdout, &["--repair"]);
    assert_eq!(mended.status, Some(0), "{mended:?}");
    assert!(files(&folder.join("pics")) == packed);
}
