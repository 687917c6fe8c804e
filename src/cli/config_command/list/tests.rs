use super::*;

#[test]
fn a_password_in_an_address_is_hidden_however_it_is_written() {
    for (text, shown) in [
        ("http://h:8080/a@b", "http://h:8080/a@b"),
        ("http://ada:secret@h:8080/", "http://(hidden)@h:8080/"),
        ("http://ada:sec@ret@h", "http://(hidden)@h"),
        ("ada:secret@h:3128", "(hidden)@h:3128"),
        ("socks5h://ada@h", "socks5h://(hidden)@h"),
        ("localhost,.example.org", "localhost,.example.org"),
    ] {
        assert_eq!(without_password(text), shown);
    }
}

#[test]
fn a_token_shows_its_length_alone() {
    assert_eq!(shown_value(TOKEN, " MLY|1|secret \n"), "(hidden, 12 characters)");
    assert_eq!(shown_value(GRAPH, "http://h"), "http://h");
}

#[test]
fn a_section_is_of_a_tool_unless_it_is_about_the_service() {
    for (section, tool) in [
        ("download", Some("download")),
        ("tools", Some("tools")),
        ("profile work download", Some("download")),
        ("profile work", None),
        ("profile work mapillary", None),
        ("mapillary", None),
    ] {
        assert_eq!(section_tool(section), tool, "{section}");
    }
}
