use super::*;

#[test]
fn a_token_never_shows_itself() {
    let token = Token::new(" MLY|12|ab \n").unwrap();
    assert_eq!(format!("{token:?}"), "Token(hidden)");
    assert_eq!(token.mask("a MLY|12|ab b MLY%7C12%7Cab"), "a (hidden) b (hidden)");
    assert!(Token::new("  ").is_err());
    assert!(Token::new("MLY|\n12").is_err());
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
    assert_eq!(redact("nothing to hide: é"), "nothing to hide: é");
}
