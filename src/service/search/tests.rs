use super::*;

#[test]
fn only_what_is_asked_for_is_in_the_url_and_names_are_encoded() {
    let graph = Url::parse("http://h/v4/").unwrap();
    let search = Search { fields: "id".into(), limit: 5, ..Search::default() };
    assert_eq!(search.url(&graph).as_str(), "http://h/v4/images?fields=id&limit=5");
    let search = Search {
        creator_username: Some("a&b=c ü+".into()),
        bbox: Some([-0.5, 1e-7, 0.25, 54.0]),
        is_pano: Some(false),
        after: Some("x/y".into()),
        ..search
    };
    let url = search.url(&graph);
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let wanted = [
        ("creator_username", "a&b=c ü+"),
        ("bbox", "-0.5,0.0000001,0.25,54"),
        ("is_pano", "false"),
        ("fields", "id"),
        ("limit", "5"),
        ("after", "x/y"),
    ];
    assert_eq!(pairs, wanted.map(|(name, value)| (name.to_string(), value.to_string())));
    assert!(url.as_str().is_ascii());
}

#[test]
fn an_id_is_a_word_or_a_whole_number() {
    let id = |json: &str| id_of(&RawValue::from_string(json.into()).unwrap());
    for (json, wanted) in [
        (r#"{"id":"12"}"#, Some("12")),
        (r#"{"id":1020304050600100}"#, Some("1020304050600100")),
        (r#"{"id":"a\u002db"}"#, Some("a-b")),
        (r#"{"id":-1}"#, None),
        (r#"{"id":1.0}"#, None),
        (r#"{"id":""}"#, None),
        (r#"{"id":"../x"}"#, None),
        (r#"{"id":null}"#, None),
        (r#"{"x":1}"#, None),
        ("[1]", None),
    ] {
        assert_eq!(id(json).as_deref(), wanted, "{json}");
    }
    assert!(is_id(&"a".repeat(64)) && !is_id(&"a".repeat(65)));
}

#[test]
fn the_next_page_is_found_by_its_cursor_alone() {
    let next = |paging: &str| {
        let page = read_page(format!(r#"{{"data":[],"paging":{paging}}}"#).as_bytes());
        page.unwrap().next
    };
    let after = |cursor: &str| Next::After(cursor.to_string());
    for (paging, wanted) in [
        ("null", Next::End),
        ("{}", Next::End),
        (r#"{"next":null,"cursors":{"after":"a"}}"#, Next::End),
        (r#"{"next":""}"#, Next::End),
        (r#"{"next":"/images?after=a%2Fb&x=1"}"#, after("a/b")),
        (r#"{"next":"https://other.example/?after=c"}"#, after("c")),
        (r#"{"next":"https://other.example/","cursors":{"after":"d"}}"#, after("d")),
        (r#"{"next":"/images?after="}"#, Next::Lost(String::new())),
        (r#"{"next":7}"#, Next::Lost(String::new())),
    ] {
        match (next(paging), wanted) {
            (Next::Lost(why), Next::Lost(_)) => assert!(why.contains("no cursor"), "{why}"),
            (found, wanted) => assert_eq!(found, wanted, "{paging}"),
        }
    }
    for body in ["", "[]", "{}", r#"{"data":{}}"#, r#"{"data":"x"}"#] {
        assert!(read_page(body.as_bytes()).is_err(), "{body}");
    }
}
