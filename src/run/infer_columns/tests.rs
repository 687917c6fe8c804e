use std::io::Write;

use super::*;

fn names(text: &str) -> Vec<String> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.rewind().unwrap();
    let found = infer(&mut file).unwrap().unwrap();
    assert_eq!(file.stream_position().unwrap(), 0, "the file is where it was");
    found.list().iter().map(|column| column.name.to_string()).collect()
}

#[test]
fn keys_have_the_order_in_which_the_file_names_them_however_large_it_is() {
    let line = format!("{{\"id\":\"1\",\"note\":\"{}\"}}\n", "n".repeat(1000));
    let large = |last: &str| {
        let mut text = line.repeat(10_000);
        text += "{\"id\":\"2\",\"early\":1}\nno row at all\n\n";
        text += &line.repeat(10_000);
        text + last
    };
    assert_eq!(names("{\"id\":\"1\",\"b\":2}\n{\"a\":3,\"id\":\"2\"}\n"), ["img_id", "b", "a"]);
    let all = ["img_id", "note", "early", "late"];
    assert_eq!(names(&large("{\"late\":1,\"early\":2}\n")), all);
    assert_eq!(names(&large("{\"late\":1,\"early\":2}")), all, "without a last line end");
}

#[test]
fn other_forms_have_no_keys_to_look_for() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"img_id,lon\n1,2\n").unwrap();
    file.rewind().unwrap();
    assert!(infer(&mut file).unwrap().is_none());
}
