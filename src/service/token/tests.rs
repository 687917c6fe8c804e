use super::*;

#[test]
fn a_token_never_shows_itself() {
    let token = Token::new("\u{feff} MLY|12|ab \r\n").unwrap();
    assert_eq!(format!("{token:?}"), "Token(hidden)");
    assert_eq!(token.mask("a MLY|12|ab b MLY%7C12%7Cab"), "a (hidden) b (hidden)");
}

#[test]
fn what_can_be_no_token_is_refused_with_the_way_out_and_never_shown() {
    for (text, words) in [
        ("  ", "is empty"),
        ("\"MLY|1|ab\"", "stands in quotes: take them away"),
        ("'MLY|1|ab", "stands in quotes"),
        ("<token>", "placeholder"),
        ("YOUR_TOKEN", "placeholder"),
        ("MLY|your-access-token", "placeholder"),
        ("MLY|...", "placeholder"),
        ("MLY|\n12", "characters that no token has"),
        ("MLY|1|a b", "characters that no token has"),
        ("MLY%7C1%7Cab", "characters that no token has"),
        ("$MAPILLARY_TOKEN", "characters that no token has"),
        ("MLY|1|\u{fc}", "characters that no token has"),
    ] {
        let error = Token::new(text).unwrap_err();
        assert!(error.message.contains(words), "{text}: {}", error.message);
        assert!(error.is_of_run(), "{text}");
        let is_shown = !text.trim().is_empty() && error.message.contains(text);
        assert!(!is_shown, "{}", error.message);
    }
    // Tokens of an application, a user, Panoramax (a JWT), and what a local server may accept.
    for text in ["MLY|1|0aB", "MLYARbcdZD", "eyJh.eyJp-_.Zm9v", "Zm9v+/==", "t", "yours", "token"] {
        assert!(Token::new(text).is_ok(), "{text}");
    }
}

#[test]
fn messages_lose_signatures_and_tokens_but_keep_the_rest() {
    assert_eq!(redact("GET http://h/a.jpg?stp=1&oh=2&oe=3 'x'"), "GET http://h/a.jpg 'x'");
    assert_eq!(
        redact("https://h/images?access_token=MLY|1&limit=2"),
        "https://h/images?access_token=(hidden)&limit=2"
    );
    assert_eq!(
        redact("access_token=abc def access_token=q"),
        "access_token=(hidden) def access_token=(hidden)"
    );
    assert_eq!(
        redact("via http://me:pass@proxy:80/x?a=b@c now"),
        "via http://proxy:80/x?a=b@c now"
    );
    assert_eq!(redact("'ftp://me:pass@h/' or socks5://a:b@p:1"), "'ftp://h/' or socks5://p:1");
    assert_eq!(redact("nothing to hide: é"), "nothing to hide: é");
}
