use super::*;

/// What it is told, one word each.
#[derive(Default)]
struct Told {
    words: Vec<String>,
    recording: Recording,
}

impl Elements for Told {
    fn open(&mut self, name: &[u8], _: &BytesStart<'_>, at: usize) {
        self.words.push(format!("<{}@{at}", String::from_utf8_lossy(name)));
    }

    fn text(&mut self, text: &str) {
        self.words.push(text.to_string());
    }

    fn close(&mut self, name: &[u8]) {
        self.words.push(format!("/{}", String::from_utf8_lossy(name)));
    }

    fn damaged(&mut self) {
        self.words.push("damaged".to_string());
    }

    fn recording(&mut self) -> &mut Recording {
        &mut self.recording
    }
}

fn told(text: &str) -> (Vec<String>, Vec<ErrorLocation>) {
    let mut told = Told::default();
    walk(text, &mut told);
    let places = told.recording.remarks.iter().map(|remark| remark.first);
    (told.words, places.collect())
}

#[test]
fn elements_have_local_names_and_the_byte_where_they_begin() {
    for (text, expected) in [
        ("<a>1</a>", &["<a@0", "1", "/a"][..]),
        (" <x:a b='1'/>", &[" ", "<a@1", "/a"]),
        ("\u{feff}<a/>", &["<a@3", "/a"]),
        ("<?xml version='1.0'?><!DOCTYPE a><a/>", &["<a@33", "/a"]),
        ("<a>1<!-- <b/> -->2</a>", &["<a@0", "1", "2", "/a"]),
        ("<a><![CDATA[<1>]]></a>", &["<a@0", "<1>", "/a"]),
        ("<a>1&#50;&#x33;&lt;&no;</a>", &["<a@0", "1", "2", "3", "&lt;", "&no;", "/a"]),
        ("<a></b></a>", &["<a@0", "/b", "/a"]),
    ] {
        let (words, places) = told(text);
        assert_eq!((words, places), (expected.iter().map(|w| w.to_string()).collect(), vec![]));
    }
}

#[test]
fn reading_goes_on_at_the_next_tag_behind_a_damaged_place() {
    for (text, expected, at) in [
        ("<a>\n<![x <b>1</b></a>", &["<a@0", "\n", "damaged", "<b@9", "1", "/b", "/a"][..], 4),
        ("<a><b<c>1</c></a>", &["<a@0", "damaged", "<c@5", "1", "/c", "/a"], 3),
        ("<a><b<c/></a>", &["<a@0", "damaged", "<c@5", "/c", "/a"], 3),
        ("<a></b<c>1</c></a>", &["<a@0", "damaged", "<c@6", "1", "/c", "/a"], 3),
        ("<a><!-- b", &["<a@0", "damaged"], 3),
    ] {
        let (words, places) = told(text);
        assert_eq!(words, expected, "{text}");
        assert_eq!(places, [ErrorLocation::Byte(at)], "{text}");
    }
    let many = "<![x".repeat(2 * MAX_DAMAGES) + "<a/>";
    assert_eq!(told(&many).0, ["damaged"; MAX_DAMAGES]);
}

#[test]
fn remarks_have_lines_and_a_file_without_its_end_is_cut_off() {
    let of = |at: u64, is_closed: bool| -> Vec<String> {
        let mut recording = Recording::default();
        recording.remark("odd", ErrorLocation::Byte(at));
        recording.remark("known", ErrorLocation::Line(7));
        let finished = finish("a\nb\nc", is_closed, recording);
        finished.remarks.iter().map(ToString::to_string).collect()
    };
    for (at, line) in [(0, 1), (1, 1), (2, 2), (4, 3), (5, 3), (99, 3)] {
        assert_eq!(of(at, true), [format!("odd in line {line}"), "known in line 7".into()]);
    }
    assert_eq!(of(0, false)[2], format!("{CUT_OFF} in line 3"));
}

#[test]
fn a_text_is_at_most_a_hundred_bytes_without_the_blanks_around_it() {
    let full = "x".repeat(MAX_TEXT);
    for (parts, expected) in [
        (&[" 4", "3 ", "1 "][..], "43 1 "),
        (&[" \n", "4"], "4"),
        (&[&full], &full),
        (&[&full, " "], &full),
        (&[&full, "y"], &(full.clone() + "\u{fffd}")),
        (&["y", &full, &full], "y\u{fffd}"),
        (&["4", &("3".to_string() + &" ".repeat(MAX_TEXT - 1))], "43"),
        (&["4", &(" ".repeat(MAX_TEXT) + "3")], "4\u{fffd}"),
        (&["4", &("3".to_string() + &" ".repeat(MAX_TEXT))], "43"),
        (&["4", &" ".repeat(MAX_TEXT + 1)], "4"),
    ] {
        let mut value = String::new();
        parts.iter().for_each(|part| add(&mut value, part));
        assert_eq!(value, expected, "{parts:?}");
    }
}
