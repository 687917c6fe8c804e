use super::*;

#[test]
fn a_code_goes_to_this_machine_alone() {
    for uri in [
        "http://localhost:8080/",
        "http://127.0.0.1:1/back?x=1",
        "http://[::1]:5",
        "http://localhost/a",
    ] {
        assert!(is_loopback(uri), "{uri}");
    }
    for uri in [
        "",
        "https://example.org/",
        "http://localhost.example.org/",
        "http://localhost:1@example.org/",
        "http://example.org/http://localhost",
        "javascript:alert(1)",
        "http://localhost:1/\r\nX: y",
    ] {
        assert!(!is_loopback(uri), "{uri}");
    }
}

#[test]
fn a_token_names_its_user_and_none_can_be_made_up() {
    let accounts = Accounts::new("secret".into());
    let token = accounts.token("ada");
    assert_eq!(accounts.username(&token).as_deref(), Some("ada"));
    assert_eq!(Accounts::new("other".into()).username(&token), None);
    let bob = token.replace(&URL_SAFE_NO_PAD.encode("ada"), &URL_SAFE_NO_PAD.encode("bob"));
    for forged in [bob.as_str(), "MLY|1|2", "", "MLYU.", "MLYU.YWRh.", &token[..token.len() - 1]] {
        assert_eq!(accounts.username(forged), None, "{forged}");
    }
}
