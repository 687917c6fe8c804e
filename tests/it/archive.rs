//! An archive that lasts: fetched, packed, checked, mended, and asked again.

use std::fs;
use std::path::Path;

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
