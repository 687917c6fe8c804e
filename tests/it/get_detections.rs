//! get-detections, as a process.

use std::fs;

use serde_json::Value;

use crate::odd::odd;
use crate::sample;
use crate::service::{Service, service, service_with};
use crate::tool::tool;

/// The 16 pictures of the first ride; 4 have a sign, and one is deleted.
fn pictures() -> String {
    let ids: Vec<String> = (0..16).map(|at| sample::id(0, at)).collect();
    format!("img_id\n{}\n", ids.join("\n"))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn detections(service: &Service, flags: &[&str], rows: &str) -> Vec<Value> {
    let tool = service.tool("get-detections").args(&["-q", "-f", "jsonl"]).args(flags);
    lines(&tool.stdin(rows).ok().stdout)
}

#[test]
fn each_detection_is_a_row_with_its_polygon_in_parts_and_in_pixels() {
    let service = service();
    let rows = detections(&service, &[], &pictures());
    // One of the pictures with a sign is deleted.
    assert_eq!(rows.len(), 15 + 3);
    let road = &rows[0];
    assert_eq!((&road["id"], &road["width"]), (&sample::id(0, 0).into(), &320.into()));
    assert_eq!(road["value"], "construction--flat--road");
    assert_eq!(road["created_at"], "2024-09-01T08:11:09+0000");
    assert_eq!(road["polygon"][0][0][1], serde_json::json!([0.949951171875, 1]));
    assert_eq!(road["polygon_px"][0][0][1], serde_json::json!([303.98, 240]));
    assert_eq!(road["box_px"], serde_json::json!([16.02, 132.01, 303.98, 240]));
    let sign = rows.iter().find(|row| row["value"] == "object--traffic-sign--front").unwrap();
    assert_eq!(sign["polygon"][0].as_array().unwrap().len(), 2, "a ring has a hole: {sign}");
    let pixels = sign["area_px"].as_f64().unwrap();
    let wanted = std::f64::consts::PI * 22.0 * 22.0 * (1.0 - 0.36);
    assert!((pixels - wanted).abs() < wanted * 0.03, "{pixels} {wanted}");
    assert!(service.asked("ids=") <= 12, "many at once, and halves for the one that is gone");
}

#[test]
fn kinds_and_areas_leave_out_the_rest_and_pictures_without_any_are_counted() {
    let service = service();
    let panos: Vec<String> = (0..12).map(|at| sample::id(2, at)).collect();
    let rows = pictures() + &panos.join("\n") + "\n";
    let run = |flags: &[&str]| {
        let run = service.tool("get-detections").args(flags).stdin(rows.as_str()).ok();
        (run.stdout.lines().count() - 1, run.stderr)
    };
    let (all, said) = run(&[]);
    assert_eq!(all, 18);
    assert!(said.contains("12 pictures without detections"), "{said}");
    assert!(said.contains(&format!("'{}': gone", sample::DELETED)), "{said}");
    assert_eq!(run(&["--value", "object--traffic-sign--*"]).0, 3);
    assert_eq!(run(&["--value", "nature--*,construction--*"]).0, 15);
    assert_eq!(run(&["--min-area", "10%"]).0, 15);
    assert_eq!((run(&["--min-area", "1200px"]).0, run(&["--min-area", "900px"]).0), (15, 18));
    let wrong = service.tool("get-detections").args(&["--min-area", "400"]).stdin("").run();
    assert_eq!(wrong.status, Some(2));
    assert!(wrong.stderr.contains("400px"), "{}", wrong.stderr);
}

#[test]
fn answers_are_kept_by_picture_and_other_filters_ask_nothing() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let run = |flags: &[&str]| {
        let tool = service.tool("get-detections").args(&["-o", "d.csv"]).args(flags);
        let run = tool.within(folder.path()).stdin(pictures()).ok();
        (fs::read_to_string(folder.path().join("d.csv")).unwrap(), run.stderr)
    };
    let (first, said) = run(&[]);
    assert_eq!(first.lines().count(), 19);
    assert!(said.contains("1 gone"), "{said}");
    let asked = service.requests();
    for _ in 0..2 {
        let (again, said) = run(&[]);
        assert_eq!((again == first, said.contains("1 gone")), (true, true), "{said}");
    }
    assert_eq!(run(&["--value", "*sign*"]).0.lines().count(), 4);
    assert_eq!(service.requests(), asked);
    run(&["--force"]);
    assert!(service.requests() > asked);
}

#[test]
fn one_id_that_fails_whatever_names_it_fails_alone() {
    let id = sample::id(0, 3);
    let service = service_with(|settings| settings.poison = vec![id.clone()]);
    let run = service.tool("get-detections").args(&["--retries", "2"]).stdin(pictures()).run();
    assert_eq!((run.status, run.stdout.lines().count() - 1), (Some(1), 17), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("cannot get '{id}'")), "{}", run.stderr);
}

#[test]
fn rows_of_detections_are_decoded_again_without_the_service() {
    let service = service();
    let rows = service.tool("get-detections").args(&["-q"]).stdin(pictures()).ok().stdout;
    let again = tool("get-detections").args(&["-q"]).stdin(rows.as_str()).ok().stdout;
    assert_eq!(again, rows);
    // So are pictures that have their lists in the row.
    let town = fs::read_to_string(service.folder.path().join("images.jsonl")).unwrap();
    let town = town.lines().find(|line| line.contains("traffic-sign")).unwrap();
    let run = tool("get-detections").args(&["-q", "-f", "csv"]).stdin(town).ok().stdout;
    assert_eq!(run.lines().count(), 3, "{run}");
}

#[test]
fn rows_of_the_older_toolset_are_read_and_its_pixels_count_from_below() {
    // A tile with the square from 1/4 to 1/2 in both directions, and its pixels in a picture of 800 by 400.
    let tile = "GiUKBm1weS1vchIWCAEYAyIQCYAQgBAagBAAAIAQ/w8ADyiAIHgC";
    let header = "img_id,width,height,detections.id,detections.value";
    let run = |rows: &str| {
        let run = tool("get-detections").args(&["-q", "-f", "jsonl"]).stdin(rows).run();
        (run.status, lines(&run.stdout), run.stderr)
    };
    let pixels = "\"[[200, 300], [400, 300], [400, 200], [200, 200], [200, 300]]\"";
    let decoded = format!("{header},decoded_geometry\n11,800,400,7,object--bench,{pixels}\n");
    let both = format!(
        "{header},detections.geometry,decoded_geometry\n11,800,400,7,object--bench,{tile},{pixels}\n"
    );
    for rows in [decoded, both] {
        let (status, found, said) = run(&rows);
        assert_eq!(status, Some(0), "{said}");
        let row = &found[0];
        assert_eq!((&row["detection_id"], &row["value"]), (&"7".into(), &"object--bench".into()));
        assert_eq!(row["box"], serde_json::json!([0.25, 0.25, 0.5, 0.5]), "{row}");
        assert_eq!(row["box_px"], serde_json::json!([200, 100, 400, 200]));
        assert!(row["why"].is_null(), "{row}");
    }
    let other = "\"[[0, 0], [9, 0], [9, 9]]\"";
    let differ = format!(
        "{header},detections.geometry,decoded_geometry\n11,800,400,7,object--bench,{tile},{other}\n"
    );
    assert!(run(&differ).1[0]["why"].as_str().unwrap().contains("another polygon"));
    let (status, _, said) = run("img_id,decoded_geometry\n11,\"[[0,0],[9,0],[9,9]]\"\n");
    assert_eq!(status, Some(1));
    assert!(said.contains("no width and height"), "{said}");
}

#[test]
fn a_list_that_comes_in_parts_is_asked_for_alone_to_its_end() {
    let tile = "GiUKBm1weS1vchIWCAEYAyIQCYAQgBAagBAAAIAQ/w8ADyiAIHgC";
    let entry =
        move |id: u32| format!(r#"{{"id":"{id}","value":"object--bench","geometry":"{tile}"}}"#);
    let service = odd(move |path| {
        let one = r#"{"id":"1","detections":{"data":[{"id":"5"}]}}"#;
        let text = match path {
            path if path.contains("after=") => format!(r#"{{"data":[{},null]}}"#, entry(6)),
            path if path.contains("/detections") => format!(
                r#"{{"data":[{}],"paging":{{"cursors":{{"after":"x"}},"next":"https://h/?after=x"}}}}"#,
                entry(5)
            ),
            path if path.contains("ids=") => format!(r#"{{"1":{one}}}"#),
            _ => one.to_string(),
        };
        (200, text)
    });
    let run = service.tool("get-detections").stdin("img_id\n1\n").ok();
    assert_eq!(run.stdout.lines().count(), 3, "{}", run.stdout);
    assert!(run.stderr.contains("1 odd entries dropped"), "{}", run.stderr);
    assert!(run.stderr.contains("1 entry of the service's list cannot be read"), "{}", run.stderr);
    assert!(run.stdout.contains("[[[[0.25,0.25],"), "{}", run.stdout);
}

#[test]
fn a_polygon_that_cannot_be_read_leaves_a_row_that_says_why() {
    let one = r#"{"id":"1","detections":{"data":[{"id":"5","value":"a","geometry":"!"}]}}"#;
    let service = odd(move |path| {
        (200, if path.contains("ids=") { format!(r#"{{"1":{one}}}"#) } else { one.to_string() })
    });
    let run = service.tool("get-detections").args(&["-f", "jsonl"]).stdin("img_id\n1\n").ok();
    let row = &lines(&run.stdout)[0];
    assert_eq!((&row["detection_id"], &row["why"]), (&"5".into(), &"'!' is not base64".into()));
    assert!(run.stderr.contains("1 without a polygon"), "{}", run.stderr);
}

#[test]
fn rows_of_detections_in_an_archive_are_served_as_the_service_gives_them() {
    let service = service();
    let rows = service.tool("get-detections").args(&["-q", "-f", "jsonl"]).stdin(pictures());
    let rows = rows.ok().stdout;
    let copy = service_with(|settings| {
        fs::write(settings.dir.join("images.jsonl"), &rows).unwrap();
    });
    assert_eq!(detections(&copy, &[], &pictures()), lines(&rows));
}

/// The pixels of a mask: its width, and the first two bytes of each pixel as a number.
pub fn pixels(path: &std::path::Path) -> (usize, Vec<usize>) {
    let decoder = png::Decoder::new(std::io::BufReader::new(fs::File::open(path).unwrap()));
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let is_grey = info.color_type == png::ColorType::Grayscale;
    let number = |pixel: &[u8]| {
        if is_grey {
            usize::from(pixel[0]) << 8 | usize::from(pixel[1])
        } else {
            usize::from(pixel[0]) | usize::from(pixel[1]) << 8 | usize::from(pixel[2]) << 16
        }
    };
    let size = if is_grey { 2 } else { 3 };
    (info.width as usize, bytes.chunks_exact(size).map(number).collect())
}

#[test]
fn masks_have_the_size_of_the_file_and_numbers_that_stay() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let sign = sample::id(0, 1);
    let pano = sample::id(2, 0);
    let path = |id: &str| service.pictures().join(format!("{id}_original.jpg"));
    let rows = format!(
        "img_id,path\n{sign},{}\n{pano},{}\n",
        path(&sign).display(),
        path(&pano).display()
    );
    let run = |rows: &str, flags: &[&str]| {
        let tool = service.tool("get-detections").args(&["-q", "--masks", "masks"]).args(flags);
        tool.within(folder.path()).stdin(rows).run()
    };
    let first = run(&rows, &[]);
    assert_eq!((first.status, first.stdout.lines().count()), (Some(0), 3), "{}", first.stderr);
    let masks = folder.path().join("masks");
    let (width, labels) = pixels(&masks.join(format!("{sign}.png")));
    assert_eq!((width, labels.len()), (320, 320 * 240));
    // The road below, and a sign with a hole in it.
    assert_eq!((labels[239 * 320 + 160], labels[96 * 320 + 262], labels[0]), (1, 0, 0));
    assert_eq!(labels[96 * 320 + 262 + 18], 2);
    let (_, panoptic) = pixels(&masks.join(format!("{sign}_panoptic.png")));
    assert_eq!(panoptic[239 * 320 + 160], 1001);
    let (width, empty) = pixels(&masks.join(format!("{pano}.png")));
    assert!(width == 512 && empty.iter().all(|&label| label == 0), "nothing was detected");
    let table = fs::read_to_string(masks.join("classes.json")).unwrap();
    let before = fs::read(masks.join(format!("{sign}.png"))).unwrap();
    // Only signs: they keep their class number, from the rows, without the service.
    let again = run(&first.stdout, &["--value", "*sign*"]);
    assert_eq!(again.status, Some(0), "{}", again.stderr);
    assert_eq!(fs::read_to_string(masks.join("classes.json")).unwrap(), table);
    assert_eq!(pixels(&masks.join(format!("{sign}.png"))).1[96 * 320 + 262 + 18], 2);
    run(&first.stdout, &[]);
    assert_eq!(fs::read(masks.join(format!("{sign}.png"))).unwrap(), before);
    // A file that is not one of our masks stays.
    fs::write(masks.join(format!("{sign}.png")), "mine").unwrap();
    let kept = run(&first.stdout, &[]);
    assert_eq!(kept.status, Some(1));
    assert!(kept.stderr.contains("is not of this tool"), "{}", kept.stderr);
    assert_eq!(fs::read_to_string(masks.join(format!("{sign}.png"))).unwrap(), "mine");
    // An id cannot lead out of the folder.
    let out = run("img_id,width,height,polygon\n../x,9,9,\"[[0,0],[1,0],[1,1]]\"\n", &[]);
    assert_eq!(out.status, Some(1));
    assert!(out.stderr.contains("is not the id of a picture"), "{}", out.stderr);
}

#[test]
fn coco_has_each_picture_and_each_detection_once() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let rows = format!("img_id\n{}\n{}\n", sample::id(0, 1), sample::id(2, 0));
    let tool = service.tool("get-detections").args(&["-q", "--coco", "coco.json"]);
    tool.within(folder.path()).stdin(rows).ok();
    let same = service.tool("get-detections").args(&["./d.csv", "--coco", "d.csv"]);
    fs::write(folder.path().join("d.csv"), "img_id\n").unwrap();
    let refused = same.within(folder.path()).run();
    assert_eq!(refused.status, Some(2));
    assert!(refused.stderr.contains("give --coco another name"), "{}", refused.stderr);
    let coco = fs::read_to_string(folder.path().join("coco.json")).unwrap();
    let coco: Value = serde_json::from_str(&coco).unwrap();
    let count = |key: &str| coco[key].as_array().unwrap().len();
    assert_eq!((count("images"), count("annotations"), count("categories")), (2, 2, 2));
    let (road, sign) = (&coco["annotations"][0], &coco["annotations"][1]);
    assert_eq!((&road["image_id"], &road["category_id"]), (&1.into(), &1.into()));
    assert_eq!(road["bbox"], serde_json::json!([16.02, 132.01, 287.97, 107.99]));
    assert_eq!(road["segmentation"][0].as_array().unwrap().len(), 6);
    let counts = sign["segmentation"]["counts"].as_array().unwrap();
    let all: u64 = counts.iter().filter_map(Value::as_u64).sum();
    let inside: u64 = counts.iter().skip(1).step_by(2).filter_map(Value::as_u64).sum();
    assert_eq!(all, 320 * 240);
    let area = sign["area"].as_f64().unwrap();
    assert!((inside as f64 - area).abs() < area * 0.05, "{inside} {area}");
    assert_eq!(coco["categories"][1]["name"], "object--traffic-sign--front");
}

/// The pixels of a JPEG: its width, and the colour of each.
fn colours(path: &std::path::Path) -> (usize, Vec<[u8; 3]>) {
    let mut pixels = mapillary_pipes::format::thumbnail::upright(&fs::read(path).unwrap()).unwrap();
    let all = std::mem::take(&mut pixels.samples);
    (pixels.width, all.chunks_exact(3).map(|it| [it[0], it[1], it[2]]).collect())
}

#[test]
fn an_overlay_shows_what_was_detected_and_a_cut_out_is_the_picture_itself() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let sign = sample::id(0, 1);
    let path = service.pictures().join(format!("{sign}_original.jpg"));
    let rows = format!("img_id,path\n{sign},{}\n", path.display());
    let flags = ["-q", "--overlay", "overlay", "--crop", "crop", "--crop-margin", "0"];
    let run = |rows: &str| {
        service.tool("get-detections").args(&flags).within(folder.path()).stdin(rows).run()
    };
    let first = run(&rows);
    assert_eq!(first.status, Some(0), "{}", first.stderr);
    let overlay = folder.path().join(format!("overlay/{sign}.jpg"));
    let ((width, before), (_, drawn)) = (colours(&path), colours(&overlay));
    assert_eq!(width, 320);
    assert!(drawn.len() > before.len(), "a legend below");
    let far = |at: usize| {
        let of = |channel: usize| before[at][channel].abs_diff(drawn[at][channel]);
        u32::from(of(0)) + u32::from(of(1)) + u32::from(of(2))
    };
    assert!(far(235 * 320 + 160) > 60, "the road is coloured");
    assert!(far(10 * 320 + 10) < 40, "the sky is not");
    let crops: Vec<_> = fs::read_dir(folder.path().join("crop")).unwrap().collect();
    assert_eq!(crops.len(), first.stdout.lines().count() - 1, "a file for each detection");
    // A file made by another program is not overwritten.
    fs::write(&overlay, "mine").unwrap();
    let kept = run(&first.stdout);
    assert!(kept.status == Some(1) && kept.stderr.contains("is not of this tool"), "{kept:?}");
    assert_eq!(fs::read_to_string(&overlay).unwrap(), "mine");
    // Without the picture there is nothing to draw on.
    let lost = run(&format!("img_id,width,height\n{sign},320,240\n"));
    assert_eq!(lost.status, Some(1));
    assert!(lost.stderr.contains("its file is not there: download it"), "{}", lost.stderr);
}
