use sha2::{Digest, Sha256};

use super::*;

#[test]
fn the_libraries_are_those_that_were_vendored() {
    let sums = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/web/vendor/SHA256SUMS"));
    let mut count = 0;
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").expect("a sum and a name");
        let asset = Asset::named(&format!("vendor/{name}")).expect("a file");
        let found: String = Sha256::digest(asset.unpacked().expect("gzip"))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(found, sum, "{name}");
        count += 1;
    }
    assert_eq!(count, ASSETS.iter().filter(|asset| asset.is_gzip).count());
    let packed: usize = ASSETS.iter().map(|asset| asset.bytes.len()).sum();
    assert!(packed < 1_000_000, "{packed} bytes");
}

#[test]
fn the_page_names_only_files_that_it_has_and_no_other_host() {
    for asset in ASSETS.iter().filter(|asset| !asset.is_gzip) {
        let text = String::from_utf8(asset.unpacked().expect("gzip")).expect("text");
        for link in text.split(['"', '\'']).filter(|part| !part.contains(char::is_whitespace)) {
            let is_file = [".js", ".css", ".svg", ".txt"].iter().any(|end| link.ends_with(end));
            let name = link.trim_start_matches("./");
            if is_file && !name.starts_with('.') {
                assert!(Asset::named(name).is_some(), "'{link}' in {}", asset.name);
            }
            let is_elsewhere = link.starts_with("http") && !link.contains("www.w3.org");
            assert!(!is_elsewhere, "'{link}' in {}", asset.name);
        }
    }
}

#[test]
fn the_page_has_every_element_that_its_code_asks_for() {
    let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/web/index.html"));
    let code = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/web/app.js"));
    let asked: Vec<&str> =
        code.split("at(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(asked.len() > 20);
    for id in asked {
        assert!(page.contains(&format!("id=\"{id}\"")), "no element {id}");
    }
}
