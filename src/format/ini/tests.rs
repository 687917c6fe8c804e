use super::*;

#[test]
fn a_value_counts_in_its_own_section_and_without_its_comment() {
    let text = "\u{feff}[other]\naccess_token = no\n\n[ Mapillary ] ; ours\n# access_token = old\n\
                Access_Token = MLY|1|a=b;c\nbbox: 1,2,3,4 ; W,S,E,N\nlimit = ; none\nnothing\n";
    let of = |key| value(text, "mapillary", key);
    assert_eq!(of("access_token"), Some("MLY|1|a=b;c".into()));
    assert_eq!(of("bbox"), Some("1,2,3,4".into()));
    assert_eq!((of("limit"), of("nothing")), (Some(String::new()), None));
}

#[test]
fn a_value_is_set_in_its_place_and_all_else_stays() {
    for (text, wanted) in [
        ("", "[a]\nk = 2\n"),
        ("[b]\nk = 1\n", "[b]\nk = 1\n\n[a]\nk = 2\n"),
        ("# x\n[a]\n; y\nK=1 ; z\nm = 3\n", "# x\n[a]\n; y\nk = 2\nm = 3\n"),
        ("[a]\nm = 3\n\n[b]\nk = 1\n", "[a]\nm = 3\nk = 2\n\n[b]\nk = 1\n"),
    ] {
        assert_eq!(with(text, "a", "k", "2"), wanted);
        assert_eq!(value(wanted, "a", "k"), Some("2".into()));
    }
}

#[test]
fn what_is_set_is_read_back_also_below_a_mark_in_the_middle() {
    for text in ["\u{feff}[a]\nm = 1\n", "[b]\n\u{feff}[a]\nk = 1\n"] {
        let set = with(text, "a", "k", "2");
        assert_eq!(value(&set, "a", "k"), Some("2".into()), "{set:?}");
        assert_eq!(value(&without(&set, "a", "k").0, "a", "k"), None);
    }
}

#[test]
fn all_other_lines_stay_as_they_are_with_their_ends() {
    let text = "\u{feff}[a]\r\nk = 1\r\n; y\nm = 3";
    let set = with(text, "a", "k", "2");
    assert_eq!(set, "\u{feff}[a]\r\nk = 2\r\n; y\nm = 3\r\n");
    assert_eq!(without(text, "a", "k"), ("\u{feff}[a]\r\n; y\nm = 3".into(), true));
    assert_eq!(with("[a]\r\n", "b", "k", "1"), "[a]\r\n\r\n[b]\r\nk = 1\r\n");
}

#[test]
fn lines_without_a_sense_are_told_with_their_numbers() {
    let text = "\u{feff}; c\nk = 1\n\n[a] ; x\nm = 2\njobs 3\n[x\n= 4\n# y\n";
    let numbers: Vec<usize> = senseless(text).into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, [2, 6, 7, 8]);
    assert_eq!(senseless(text)[1].1, "jobs 3");
    assert!(senseless("[a]\r\nk=1\r\n").is_empty());
    assert!(has_section("\u{feff}[A ]\n", "a") && !has_section("a = 1\n[b\n", "a"));
}

#[test]
fn a_key_is_taken_out_of_its_section_alone_however_often_it_stands_there() {
    let text = "# x\n[a]\nk = 1\n; y\nK: 2\nm = 3\n[b]\nk = 4\n";
    let left = "# x\n[a]\n; y\nm = 3\n[b]\nk = 4\n".to_string();
    assert_eq!(without(text, "a", "k"), (left.clone(), true));
    assert_eq!(without(&left, "a", "k"), (left, false));
    assert_eq!(without("", "a", "k"), (String::new(), false));
}

#[test]
fn any_text_is_read_without_harm() {
    let text = "[a]\nk = 1 ; c\nx: y\n[";
    for end in 0..text.len() {
        read(&text[..end]);
        with(&text[..end], "a", "k", "v");
        without(&text[..end], "a", "k");
    }
    for odd in ["]", "[", "=", ":", ";", "= ;", "[]\n=", "\0=\u{feff}"] {
        read(odd);
    }
}
