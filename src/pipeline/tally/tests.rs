use super::*;

#[test]
fn counts_of_all_tools_make_one_line_and_a_wait_stands_until_something_moves() {
    let mut tally = ToolTotals::default();
    let mut hear = |tool: &str, line: &str| {
        tally.hear(tool, line);
        tally.line()
    };
    let counts = |n: u64| {
        format!(
            r#"{{"event":"progress","share":0.5,"counts":{{"rows":{{"done":{n}}},"rows_total":{n},"failed":0,"bytes":{n}000}}}}"#
        )
    };
    assert_eq!(hear("get-images", &counts(1203)), "1,203 found");
    assert_eq!(hear("get-meta", &counts(50)), "1,203 found, 50 described");
    let wait = r#"{"event":"wait","level":"warning","text":"too fast: waiting 60 s"}"#;
    assert_eq!(hear("download", wait), "1,203 found, 50 described, too fast: waiting 60 s");
    let line = "1,203 found, 50 described, 2 fetched, 2.0 kB";
    assert_eq!(hear("download", &counts(2)), line.to_string() + ", too fast: waiting 60 s");
    assert_eq!(hear("download", &counts(3)), "1,203 found, 50 described, 3 fetched, 3.0 kB");
    assert_eq!(tally.at().share, Some(0.5 * 3.0 / 1203.0), "half of the list is there");
    let end = counts(1203).replace("progress", "counts");
    tally.hear("get-images", &end);
    assert_eq!(tally.at().share, Some(3.0 / 1203.0));
    let gone = r#"{"event":"counts","counts":{"rows_total":1200,"ended":{"gone":2},"failed":1}}"#;
    tally.hear("get-meta", gone);
    tally.hear("download", &counts(1200));
    assert_eq!(tally.at().share, Some(1.0));
}

#[test]
fn what_is_no_object_is_said_as_it_is() {
    let heard = ToolTotals::default().hear("download", "download: unexpected argument");
    assert!(
        matches!(heard, LineAction::Say(Level::Error, text) if text == "download: unexpected argument")
    );
}
