use super::*;

#[test]
fn an_address_is_an_http_url_without_a_query() {
    for text in ["http://127.0.0.1:8080", "https://graph.mapillary.com/", "http://h/v4/"] {
        assert!(check_endpoint(text).is_ok(), "{text}");
    }
    assert_eq!(base("http://h/v4/").unwrap().as_str(), "http://h/v4");
    for text in
        ["", "graph.mapillary.com", "localhost:8080", "ftp://h", "http://h?token=x", "http://"]
    {
        let error = check_endpoint(text).unwrap_err();
        assert!(
            error.is_of_run() && error.message.starts_with("bad endpoint '"),
            "{text}: {error:?}"
        );
    }
    let error = check_endpoint("ftp://ada:secret@h?access_token=MLY|1|ab").unwrap_err();
    assert!(!error.message.contains("MLY|1|ab"), "{}", error.message);
}

#[test]
fn this_machine_is_told_by_its_names_and_by_all_of_its_addresses() {
    for (url, is_here) in [
        ("http://localhost:1", true),
        ("http://LOCALHOST", true),
        ("http://127.8.9.1", true),
        ("http://[::1]:80", true),
        ("http://[::ffff:127.0.0.1]", true),
        ("http://localhost.:80", true),
        ("http://[::ffff:10.0.0.1]", false),
        ("http://localhost.example.org", false),
        ("http://10.0.0.1", false),
        ("http://[::2]", false),
    ] {
        assert_eq!(is_loopback(&url.parse().unwrap()), is_here, "{url}");
    }
}
