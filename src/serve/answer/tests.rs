use super::*;

#[test]
fn an_error_has_its_keys_in_the_service_s_order() {
    let text = |refusal: Refusal| {
        let body = refusal.answer("A1").body;
        String::from_utf8(body.in_memory().expect("in memory").to_vec()).expect("text")
    };
    assert_eq!(
        text(Refusal::new(429, 4, "a \"b\"").transient()),
        r#"{"error":{"message":"a \"b\"","type":"MLYApiException","is_transient":true,"code":4,"fbtrace_id":"A1"}}"#
    );
    let gone = text(Refusal::no_such_object("1"));
    assert!(gone.contains(r#""code":100,"error_subcode":33,"fbtrace_id":"#), "{gone}");
    let token = text(Refusal::new(500, 190, "x"));
    assert!(token.ends_with(r#""code":190,"error_data":{},"fbtrace_id":"A1"}}"#), "{token}");
}
