use super::*;

fn start(query: &str) -> Option<Start> {
    Start::from_query(&Query::parse(query)).ok()
}

#[test]
fn a_cursor_comes_back_as_the_place_that_it_was_made_of() {
    let cursor = Start { place: 40, skip: 3, backward: false }.cursor();
    let at = |backward| Some(Start { place: 40, skip: 3, backward });
    assert_eq!(start(&format!("after={cursor}")), at(false));
    assert_eq!(start(&format!("before={cursor}")), at(true));
    assert_eq!(start(&format!("before=x&after={cursor}")), at(false), "as the service does");
    assert_eq!(start("limit=5"), Some(Start::default()));
}

#[test]
fn a_cursor_of_others_is_refused() {
    let of = |text: &str| format!("after={}", URL_SAFE_NO_PAD.encode(text));
    for query in ["after=%25".into(), of("40"), of("at:40"), of("at:-1+0"), of("at:1+4294967296")] {
        assert_eq!(start(&query), None, "{query}");
    }
}

#[test]
fn the_cursor_behind_some_rows_goes_on_from_that_of_the_page() {
    let first = cursor_behind(&Query::parse(""), 2);
    assert_eq!(
        start(&format!("after={first}")).map(|start| (start.place, start.skip)),
        Some((0, 2))
    );
    let second = cursor_behind(&Query::parse(&format!("after={first}")), 5);
    assert_eq!(
        start(&format!("after={second}")).map(|start| (start.place, start.skip)),
        Some((0, 7))
    );
}
