use super::*;

#[test]
fn the_token_of_an_instance_is_read_as_the_official_client_keeps_it() {
    let text = "[[instances]]\nurl = \"https://a.example\"\njwt_token = \"A.1\"\ntoken_id = \"1\"\n\n\
                [[instances]]\nurl = \"https://b.example/\"\njwt_token = \"B=\"\ntoken_id = \"2\"\n";
    assert_eq!(token_in(text, "https://b.example").as_deref(), Some("B="));
    assert_eq!(token_in(text, "https://a.example").as_deref(), Some("A.1"));
    assert_eq!(token_in(text, "https://c.example"), None);
    assert_eq!(token_in("", "https://c.example"), None);
}
