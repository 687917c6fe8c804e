//! get-sequences, as a process against the local server.

use crate::service::{service, service_with};
use crate::tool::tool;

const TOWN: &str = "9.94,54.31,9.97,54.33";

#[test]
fn an_area_gives_each_sequence_once_in_an_order_of_its_own() {
    let service = service();
    let one = service.tool("get-sequences").args(&["--bbox", TOWN, "-j", "1"]).ok();
    let many = service.tool("get-sequences").args(&["--bbox", TOWN, "-j", "8"]).ok();
    assert_eq!(one.stdout, many.stdout);
    assert!(one.stdout.starts_with(
        "org_id,seq_id,creator_id,is_pano,first_captured_at,image_count,sample_img_id\n"
    ));
    assert_eq!(one.stdout.lines().count(), 1 + crate::sample::RIDES.len());
}

#[test]
fn selectors_narrow_each_other() {
    let service = service();
    let rows =
        |args: &[&str]| service.tool("get-sequences").args(args).ok().stdout.lines().count() - 1;
    assert_eq!(rows(&["--bbox", TOWN, "--user", "ada"]), 2);
    assert_eq!(rows(&["--user", "ada"]), 2);
    assert_eq!(
        rows(&["--bbox", TOWN, "--org", "800900100200301", "--creator", "100200300400502"]),
        1
    );
    assert_eq!(rows(&["--bbox", TOWN, "--pano"]), 1);
    assert_eq!(rows(&["--bbox", TOWN, "--since", "2024-07-01", "--until", "2024-07-31"]), 1);
    assert_eq!(rows(&["--bbox", "0,0,0.1,0.1"]), 0);
}

#[test]
fn an_area_of_a_file_may_have_holes() {
    let service = service();
    let file = service.folder.path().join("area.geojson");
    let ring = |w: f64, s: f64, e: f64, n: f64| {
        format!("[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]")
    };
    let (outer, hole) = (ring(9.94, 54.31, 9.97, 54.33), ring(9.958, 54.3185, 9.960, 54.3195));
    std::fs::write(&file, format!("{{\"type\":\"Polygon\",\"coordinates\":[{outer},{hole}]}}"))
        .unwrap();
    let run = service.tool("get-sequences").arg("--area").arg(&file).ok();
    assert!(!run.stdout.contains("Ls0LoneP1cture2Of3Town"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 5);
}

#[test]
fn a_large_area_is_thinned_and_that_is_said() {
    let service = service();
    let run = service.tool("get-sequences").args(&["--bbox", "5,50,15,60"]).ok();
    assert!(run.stderr.contains("--thorough"), "{}", run.stderr);
    assert!(run.stderr.contains("1 incomplete"), "{}", run.stderr);
    assert!(service.requests() < 40, "{}", service.requests());
    assert!(run.stdout.lines().count() >= 5);
    let dry = service.tool("get-sequences").args(&["--bbox", TOWN, "--dry-run"]).ok();
    assert!(dry.stderr.contains("would request 6 tiles of zoom 14"), "{}", dry.stderr);
}

#[test]
fn a_tile_that_fails_leaves_the_output_a_part_and_is_asked_again_alone() {
    let service = service_with(|settings| settings.faults = vec!["server=0.5".parse().unwrap()]);
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("seqs.csv");
    let run = || {
        service
            .tool("get-sequences")
            .args(&["--bbox", TOWN, "--retries", "0", "-o"])
            .arg(&output)
            .run()
    };
    let first = run();
    assert_eq!((first.status, output.exists()), (Some(1), false), "{first:?}");
    for _ in 0..20 {
        if run().status == Some(0) {
            break;
        }
    }
    assert_eq!(std::fs::read_to_string(&output).unwrap().lines().count(), 6);
    assert!(service.requests() < 40, "{}", service.requests());
}

#[test]
fn wrong_boxes_and_nowhere_to_look_are_told_the_way_out() {
    let range = tool("get-sequences").args(&["--bbox", "9,154,10,155"]).run();
    assert_eq!(range.status, Some(2), "{range:?}");
    let nowhere = tool("get-sequences").run();
    assert!(nowhere.stderr.contains("--bbox"), "{}", nowhere.stderr);
    assert_eq!(nowhere.status, Some(2));
}

#[test]
fn a_refused_token_ends_the_run_at_once_and_is_not_shown() {
    let service = service_with(|settings| settings.token = Some("right".into()));
    let run = service.tool("get-sequences").args(&["--bbox", TOWN]).run();
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr.contains("MAPILLARY_TOKEN") && !run.stderr.contains("secret"),
        "{}",
        run.stderr
    );
    assert!(service.requests() <= 6);
}

#[test]
fn an_answer_of_nothing_says_where_was_looked_and_what_may_have_been_meant() {
    let service = service();
    for tool in ["get-sequences", "get-images"] {
        let said = |args: &[&str]| {
            let run = service.tool(tool).args(args).ok();
            assert!(run.stderr.contains("0 rows"), "{run:?}");
            run.stderr
        };
        let swapped = said(&["--bbox", "54.31,9.94,54.33,9.97"]);
        assert!(swapped.contains("west 54.31, south 9.94, east 54.33, north 9.97"), "{swapped}");
        assert!(
            swapped.contains("did you mean '9.94,54.31,9.97,54.33'? There are pictures"),
            "{swapped}"
        );
        let elsewhere = said(&["--bbox", "1,2,1.01,2.01", "--pano", "--since", "2024-06-01"]);
        assert!(elsewhere.contains("'2,1,2.01,1.01', and there is nothing either"), "{elsewhere}");
        assert!(
            elsewhere.contains("(since 2024-06-01T00:00:00Z, only 360 degrees)"),
            "{elsewhere}"
        );
        let same = said(&["--bbox", "1,1,1.01,1.01"]);
        assert!(same.contains("nothing was found") && !same.contains("order"), "{same}");
        let found = service.tool(tool).args(&["--bbox", TOWN]).ok();
        assert!(!found.stderr.contains("nothing"), "{}", found.stderr);
        let nobody = service.tool(tool).args(&["--user", "nobody"]).ok();
        assert!(nobody.stderr.contains("knows no pictures of this name"), "{}", nobody.stderr);
        let none = service.tool(tool).args(&["--user", "ada", "--pano"]).ok();
        assert!(none.stderr.contains("user ada: there are pictures, but none"), "{}", none.stderr);
    }
}

#[test]
fn a_time_that_ends_before_it_begins_is_refused() {
    for tool_name in ["get-sequences", "get-images", "get-meta"] {
        for until in ["2024-05-01", "2024-06-01"] {
            let run = tool(tool_name).args(&["--since", "2024-06-01", "--until", until]).run();
            assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{tool_name}: {run:?}");
            assert!(run.stderr.contains("is not before --until"), "{}", run.stderr);
        }
    }
}

#[test]
fn a_polygon_that_was_not_cut_at_180_degrees_asks_what_the_box_asks() {
    let service = service();
    let file = service.folder.path().join("fiji.geojson");
    let ring = "[[179.9,-17],[-179.9,-17],[-179.9,-16.9],[179.9,-16.9],[179.9,-17]]";
    std::fs::write(&file, format!("{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}")).unwrap();
    // The time taken is not part of the plan.
    let plan = |tool: crate::tool::Tool| {
        let said = tool.arg("--dry-run").ok().stderr;
        said.lines().next().map(String::from).unwrap_or_default()
    };
    let of_file = plan(service.tool("get-sequences").arg("--area").arg(&file));
    let of_box = plan(service.tool("get-sequences").args(&["--bbox", "179.9,-17,-179.9,-16.9"]));
    assert_eq!(of_file, of_box);
    let run = service.tool("get-sequences").arg("--area").arg(&file).ok();
    assert_eq!(run.stderr.matches("read the short way around").count(), 1, "{}", run.stderr);
}
