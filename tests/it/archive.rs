//! An archive that lasts: fetched, packed, checked, mended, and asked again.

use std::fs;
use std::path::Path;

use mapillary_pipes::serve::{Server, Settings};

use crate::pack_tar::files;
use crate::service::{Service, service};
use crate::tool::{Run, tool};

const TOWN: &str = "9.94,54.31,9.97,54.33";

fn rows(service: &Service, folder: &Path) {
    let run = |tool: crate::tool::Tool| tool.within(folder).arg("-q").ok();
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

/// Serve, fetch, pack; serve the packed archive, fetch again.
#[test]
fn what_is_packed_is_served_from_its_tars() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    rows(&service, folder);
    let meta = fs::read_to_string(folder.join("meta.csv")).unwrap();
    let fetched = download(&service, folder, &meta);
    let pictures = files(&folder.join("pics"));
    assert_eq!(pictures.len(), 58);
    pack(folder, &fetched.stdout, &["-q"]);
    assert_eq!(files(&folder.join("pics")).len(), 15, "five tars, each with index and manifest");

    let packed = Server::start(Settings::of(folder.join("pics"))).unwrap();
    let again = tempfile::tempdir().unwrap();
    let asking = |name: &str| {
        let tool =
            tool(name).within(again.path()).env("MAPILLARY_GRAPH_API_ENDPOINT", &packed.url());
        tool.env("MAPILLARY_TILES_ENDPOINT", &packed.url())
            .env("MAPILLARY_TOKEN", "MLY|1|x")
            .args(&["-q", "--retry-wait", "0.001", "--retries", "2"])
    };
    asking("get-sequences").args(&["--bbox", TOWN, "-o", "seqs.csv"]).ok();
    asking("get-images").args(&["seqs.csv", "-o", "images.csv"]).ok();
    asking("get-meta").args(&["images.csv", "-o", "meta.csv"]).ok();
    asking("download").args(&["meta.csv", "--into", "pics", "-o", "pics.csv"]).ok();
    let back = files(&again.path().join("pics"));
    assert_eq!(back.len(), 58);
    assert!(back == pictures);
    let known = |folder: &Path, file: &str| {
        let columns =
            "img_id,seq_id,captured_at,lon,lat,computed_lon,altitude,make,creator_id,org_id";
        let text = fs::read_to_string(folder.join(file)).unwrap();
        tool("rows").args(&["-q", "--columns", columns]).stdin(text).ok().stdout
    };
    let sorted = |text: String| {
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        lines.sort();
        lines
    };
    let lacks_deleted = |text: String| text.replace(&format!("{},", crate::sample::DELETED), "\0");
    let before: Vec<_> = sorted(lacks_deleted(known(folder, "meta.csv")));
    let before: Vec<_> = before.into_iter().filter(|line| !line.contains('\0')).collect();
    assert_eq!(before, sorted(known(again.path(), "meta.csv")));
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
